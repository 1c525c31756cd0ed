"""Fixtures that every test may ask for."""

from support.databases import database, database_url, postgres_admin_url, postgres_url

__all__ = ["database", "database_url", "postgres_admin_url", "postgres_url"]
