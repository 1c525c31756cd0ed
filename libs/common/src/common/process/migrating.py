"""Migrating a service's database as the role that owns its tables, which is not the role that the service runs as."""

from sqlalchemy import make_url

from common.service import Service
from common.settings import Settings, UnusableSettingsError, own_prefix
from common.storage.database.engine import open_database
from common.storage.migrations.rights import Rights
from common.storage.migrations.runner import migrate


async def bring_forward(service: Service, settings: Settings) -> None:
    """Bring the database to the tables of the code, and give the running role its rights to them.

    Raises UnusableSettingsError in production when the running role owns the tables, and Unavailable when the database
    cannot be reached.
    """
    running = make_url(settings.database_url)
    on_postgres = running.get_backend_name() == "postgresql"
    migrating = settings.migration_url or settings.database_url
    if on_postgres and settings.is_production and make_url(migrating).username == running.username:
        variable = f"{own_prefix(service.name)}MIGRATION_URL"
        raise UnusableSettingsError([f"{variable}: production refuses tables that belong to the running role"])
    database = open_database(migrating)
    try:
        await migrate(database, service.package, Rights(service.metadata, running.username if on_postgres else None))
    finally:
        await database.close()
