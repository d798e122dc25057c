"""`kill -9` of iamd, and of its database, under mixed load: nothing acknowledged is lost, nothing is there by half."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

import pytest

from iamd.stores.ports.state import State
from iamd.stores.sql.postgres.store import open_store
from tests.faults.server.crashing import Crashing
from tests.postgres.cluster import Cluster, running_cluster

pytestmark = pytest.mark.xdist_group("postgres")
KILLS = 4


class OnPostgres(Crashing):
    """Every other time it is the database that is killed, with the server after it."""

    def __init__(self, data_dir: Path, seed: int, cluster: Cluster) -> None:
        super().__init__(data_dir, seed)
        self.cluster = cluster
        self.url = cluster.database("killed")
        self.flags = ("--database-url", self.url)

    @contextmanager
    def state(self) -> Iterator[State]:
        store = open_store(self.url)
        try:
            yield store.state
        finally:
            store.close()

    def strike(self) -> None:
        if self.kills % 2:
            self.cluster.kill()

    def mend(self) -> None:
        if self.kills % 2:
            self.cluster.start()

    def examine(self) -> None:
        """The database has recovered by itself, from its own log."""
        assert self.cluster.execute("SELECT count(*) FROM users", "killed")


def test_kills_of_either_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    seed = SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201  # shown when it fails
    with running_cluster(durable=True) as cluster:
        crashing = OnPostgres(tmp_path, seed, cluster)
        for _ in range(KILLS):
            crashing.round()
        crashing.conclude()
    assert crashing.kills == KILLS
    assert crashing.changes > KILLS
