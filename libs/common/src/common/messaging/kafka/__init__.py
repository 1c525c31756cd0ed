"""The bus over Apache Kafka, through aiokafka."""
