"""Bringing a server's database back to what it was when its server had just started."""

from typing import Final

from iamd.stores.ports.events import EVENTS
from iamd.stores.ports.state import KINDS
from iamd.stores.sql.schema import TALLIES
from tests.postgres.cluster import Cluster

TABLES: Final = [kind.name for kind in KINDS if kind is not EVENTS]
_ALL: Final = [kind.name for kind in KINDS] + [TALLIES]
_KEEP: Final = "CREATE TABLE kept.{table} AS TABLE {table};"
_BRING_BACK: Final = "DELETE FROM {table}; INSERT INTO {table} TABLE kept.{table};"
_BEGIN: Final = """
    SET session_replication_role = replica;
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SELECT 1 FROM store_revision FOR UPDATE;
"""
_EMPTIED: Final = """
    CREATE TABLE kept.emptied AS SELECT 0::bigint AS at;
    CREATE FUNCTION kept.refuse_older() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.at < (SELECT at FROM kept.emptied) THEN RETURN NULL; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse_older BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION kept.refuse_older();
"""
"""A batch of events of before may be written late, where it fails again and again."""
_NOW: Final = "UPDATE kept.emptied SET at = floor(extract(epoch FROM clock_timestamp()) * 1000);"
_END: Final = "DELETE FROM changelog; UPDATE store_revision SET revision = revision + 2; COMMIT;"


class Emptying:
    """Every node finds a gap in the changelog, and drops what it held."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        self._cluster = cluster
        self._database = database
        cluster.execute(
            "CREATE SCHEMA kept;" + "".join(_KEEP.format(table=table) for table in _ALL) + _EMPTIED, database
        )

    def __call__(self) -> None:
        steps = "".join(_BRING_BACK.format(table=table) for table in _ALL)
        self._cluster.execute(_BEGIN + _NOW + steps + _END, self._database)
