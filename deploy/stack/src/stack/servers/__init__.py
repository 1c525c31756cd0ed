"""Servers that are not ours: PostgreSQL, nginx, Keycloak's realm, Kafka."""
