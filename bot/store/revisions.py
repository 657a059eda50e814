"""Alembic's part of an upgrade; imported only where one is due, since Alembic takes 9 MB and 0.2 s."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration() -> Config:
    """Return Alembic's configuration; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def newest() -> str | None:
    """The version that the migrations lead to."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def upgrade(connection: Connection, versions: frozenset[str]) -> None:
    """Upgrade within the transaction that has begun, so that a failing step takes all steps back."""
    config = configuration()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = versions - known
    if unknown:
        raise StoreError(
            f"The database was made by a newer version of Factline ({', '.join(sorted(unknown))}): "
            "update Factline, or use another database."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError("The upgrade of the database would leave rows that point nowhere; nothing was changed.")
