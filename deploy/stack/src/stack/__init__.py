"""The distributed shape on one machine: PostgreSQL, a Kafka broker, a gateway and the services as processes."""
