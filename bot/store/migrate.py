"""Brings a database to the version of this program: at start, as a whole or not at all."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.store.engine import connect_for_migration, file_of, make_private, parse
from bot.store.errors import StoreError
from bot.store.failures import explained

MIGRATIONS = Path(__file__).parent / "migrations"
# Two replicas that start together must not both upgrade.
UPGRADE_LOCK = 0x46_41_43_54_01


def configuration() -> Config:
    """Return Alembic's configuration; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def upgrade(url: str) -> None:
    """Upgrade the database at an address; a database of a newer version is an error."""
    parsed = parse(url)
    file = file_of(parsed)
    if file is not None:
        make_private(file)
    engine = connect_for_migration(parsed)
    try:
        with explained(parsed):
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    """Upgrade within the transaction that has begun, so that a failing step takes all steps back."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    config = configuration()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise StoreError(
            f"The database was made by a newer version of Factline ({', '.join(sorted(unknown))}): "
            "update Factline, or use another database."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError("The upgrade of the database would leave rows that point nowhere; nothing was changed.")
