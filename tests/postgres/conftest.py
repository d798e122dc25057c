"""A server whose state lies in PostgreSQL, in the place of the one that other tests use."""

from collections.abc import Iterator

import pytest

from tests.clients.server import Iamd, running
from tests.postgres.cluster import Cluster
from tests.postgres.contention import make_contended
from tests.postgres.emptying import TABLES as CONTENDED
from tests.postgres.emptying import Emptying


@pytest.fixture(scope="session", params=["plain", "contended"])
def walked(
    postgres: Cluster, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Iamd, Emptying]]:
    """One server on a database as it comes; one where every transaction is serializable and many fail for it."""
    kind = request.param
    url = postgres.database(f"{kind}_server")
    if kind == "contended":
        postgres.execute("ALTER DATABASE contended_server SET default_transaction_isolation = serializable")
    with running(tmp_path_factory.mktemp(kind), "--database-url", url) as (iamd, _):
        emptying = Emptying(postgres, f"{kind}_server")
        if kind == "contended":
            make_contended(postgres, f"{kind}_server", CONTENDED)
        yield iamd, emptying


@pytest.fixture
def iamd(walked: tuple[Iamd, Emptying]) -> Iamd:
    """The server, emptied: one account with its administrator."""
    iamd, emptying = walked
    emptying()
    return iamd
