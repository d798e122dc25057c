"""A server whose state lies in PostgreSQL, in the place of the one that other tests use."""

from collections.abc import Iterator

import pytest

from tests.clients.server import Iamd, running
from tests.postgres.cluster import Cluster
from tests.postgres.contention import make_contended
from tests.postgres.emptying import TABLES as CONTENDED
from tests.postgres.emptying import Emptying

_NAME = "walked"


@pytest.fixture(scope="session")
def walked(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Emptying]]:
    """One server on a database in which every transaction is serializable and many fail for it.

    What holds there holds where they do not fail.
    """
    url = postgres.database(_NAME)
    postgres.execute(f"ALTER DATABASE {_NAME} SET default_transaction_isolation = serializable")
    with running(tmp_path_factory.mktemp(_NAME), "--database-url", url) as (iamd, _):
        emptying = Emptying(postgres, _NAME)
        make_contended(postgres, _NAME, CONTENDED)
        yield iamd, emptying


@pytest.fixture
def iamd(walked: tuple[Iamd, Emptying]) -> Iamd:
    """The server, emptied: one account with its administrator."""
    iamd, emptying = walked
    emptying()
    return iamd
