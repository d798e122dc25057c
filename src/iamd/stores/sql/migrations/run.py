"""Alembic, configured without a file."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", "iamd.stores.sql:migrations")
    return config


def known_versions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def upgrade(connection: Connection) -> None:
    """Run what is missing, inside the transaction that the caller has begun."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
