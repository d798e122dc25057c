"""What every kind of test may use."""

from collections.abc import Iterator

import pytest

from tests.clients.server import Iamd, running
from tests.postgres.cluster import Cluster, running_cluster


@pytest.fixture(scope="session")
def ephemeral_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iamd]:
    """One ephemeral server for the whole session."""
    with running(tmp_path_factory.mktemp("bootstrap"), "--ephemeral") as (iamd, _):
        yield iamd


@pytest.fixture
def iamd(ephemeral_server: Iamd) -> Iamd:
    """The server, emptied: one account with its administrator."""
    ephemeral_server.reset()
    return ephemeral_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server that need not survive; see `tests.postgres` for one that is killed."""
    with running_cluster(durable=False) as cluster:
        yield cluster
