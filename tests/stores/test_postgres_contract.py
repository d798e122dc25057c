"""The contract on PostgreSQL; also where transactions are serializable and fail again and again for that."""

import asyncio
from collections.abc import Iterator

import pytest

from iamd.stores.ports.events import EVENTS
from iamd.stores.ports.state import KINDS
from iamd.stores.sql.postgres.store import PostgresStore, open_store
from tests.postgres.cluster import Cluster
from tests.postgres.contention import make_contended
from tests.stores.contract import StoreContract

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture(scope="module")
def postgres_store(postgres: Cluster) -> Iterator[PostgresStore]:
    store = open_store(postgres.database("contract"), ephemeral=True)
    yield store
    store.close()


@pytest.fixture(scope="module")
def contended_store(postgres: Cluster) -> Iterator[PostgresStore]:
    url = postgres.database("contended")
    postgres.execute("ALTER DATABASE contended SET default_transaction_isolation = serializable")
    store = open_store(url, ephemeral=True)
    make_contended(postgres, "contended", [kind.name for kind in KINDS if kind is not EVENTS])
    yield store
    store.close()


class TestPostgres(StoreContract):
    @pytest.fixture
    def store(self, postgres_store: PostgresStore) -> PostgresStore:
        asyncio.run(postgres_store.reset(lambda _: None))
        return postgres_store


class TestContendedPostgres(StoreContract):
    @pytest.fixture
    def store(self, contended_store: PostgresStore) -> PostgresStore:
        asyncio.run(contended_store.reset(lambda _: None))
        return contended_store

    # Reads alone do not contend; they are asked above.
    test_pages_hold_exactly_what_was_asked_for_in_order = None

    def test_it_was_contended(self, postgres: Cluster, store: PostgresStore) -> None:
        """The tests before this one have met what they were to survive."""
        del store
        ((failures,),) = postgres.execute("SELECT last_value FROM contentions", "contended")
        assert failures > 50
