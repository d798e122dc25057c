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
_END: Final = "DELETE FROM changelog; UPDATE store_revision SET revision = revision + 2; COMMIT;"


class Emptying:
    """Every node finds a gap in the changelog, and drops what it held."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        self._cluster = cluster
        self._database = database
        cluster.execute("CREATE SCHEMA kept;" + "".join(_KEEP.format(table=table) for table in _ALL), database)

    def __call__(self) -> None:
        steps = "".join(_BRING_BACK.format(table=table) for table in _ALL)
        self._cluster.execute(_BEGIN + steps + _END, self._database)
