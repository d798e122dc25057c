"""A connection is lost at a commit: whoever waits is told what has become of the change, and it happens once."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from iamd.stores.ports.accounts import Account
from iamd.stores.ports.events import Event
from iamd.stores.ports.store import OutcomeUnknown, StoreUnavailable, Transaction
from iamd.stores.sql.postgres.store import PostgresStore, open_store
from tests.clients.server import running
from tests.postgres.cluster import Cluster
from tests.postgres.swallowing import Losing, Swallowing

pytestmark = pytest.mark.xdist_group("postgres")
ANSWERS_WITHIN: Final = 5.0
_COMMIT: Final = b"COMMIT\0"
ARRIVES = [pytest.param(True, id="the-server-commits"), pytest.param(False, id="the-server-never-hears")]


@pytest.fixture(scope="module")
def wire(postgres: Cluster) -> Iterator[Swallowing]:
    with Swallowing(postgres.port) as wire:
        yield wire


@pytest.fixture(scope="module")
def url(postgres: Cluster, wire: Swallowing) -> str:
    postgres.database("lost")
    return postgres.url("lost", wire.port)


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    store = open_store(url)
    yield store
    store.close()


def event(name: str) -> Event:
    return Event(name, 1, "", "", "iam.amazonaws.com", name, "", "", name, read_only=False, record="{}")


def recording(name: str) -> object:
    """What decisions do not rest on: it has no revision."""
    return lambda transaction: transaction.record(event(name))


def adding(name: str) -> object:
    """What decisions rest on: it has a revision."""

    def work(transaction: Transaction) -> None:
        transaction.state.accounts.insert(Account(name, name, 1, "", "", name))

    return work


def is_there(store: PostgresStore, name: str) -> bool:
    return bool(store.state.accounts.get(name) or store.state.events.get(1, name))


def written(store: PostgresStore, work: object, *, on_loop: bool) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    if on_loop:
        asyncio.run(store.write(work))  # type: ignore[arg-type]
    else:
        store.write_now(work)  # type: ignore[arg-type]
    return time.monotonic() - began


@pytest.mark.parametrize("arrives", ARRIVES)
@pytest.mark.parametrize("make", [adding, recording])
@pytest.mark.parametrize("on_loop", [True, False], ids=["loop", "thread"])
def test_a_commit_whose_connection_closes_is_done_once(
    store: PostgresStore,
    wire: Swallowing,
    request: pytest.FixtureRequest,
    make: object,
    *,
    on_loop: bool,
    arrives: bool,
) -> None:
    """Found there, it is acknowledged; not found, it is done again. Done twice it would meet itself."""
    name = request.node.name
    wire.lose(Losing(_COMMIT, arrives=arrives, closes=True))
    assert written(store, make(name), on_loop=on_loop) < ANSWERS_WITHIN  # type: ignore[operator]
    assert wire.has_lost
    assert is_there(store, name)


def test_what_was_committed_behind_a_lost_connection_is_told_as_changed(store: PostgresStore, wire: Swallowing) -> None:
    store.changes()
    wire.lose(Losing(_COMMIT, arrives=True, closes=True))
    written(store, adding("told"), on_loop=True)
    assert store.changes()


@pytest.mark.parametrize("arrives", ARRIVES)
def test_a_commit_on_a_silent_connection_is_told_of_in_time(
    store: PostgresStore, wire: Swallowing, *, arrives: bool
) -> None:
    name = f"silent{arrives}"
    wire.lose(Losing(_COMMIT, arrives=arrives, closes=False))
    began = time.monotonic()
    if arrives:
        written(store, adding(name), on_loop=True)
    else:
        with pytest.raises(StoreUnavailable) as refused:
            written(store, adding(name), on_loop=True)
        assert not isinstance(refused.value, OutcomeUnknown)
    assert time.monotonic() - began < ANSWERS_WITHIN
    assert wire.has_lost
    assert is_there(store, name) is arrives


def test_what_the_database_cannot_say_in_time_stays_unknown(store: PostgresStore, wire: Swallowing) -> None:
    written(store, adding("known"), on_loop=False)

    def work(transaction: Transaction) -> None:
        transaction.state.accounts.insert(Account("unknown", "unknown", 1, "", "", "unknown"))
        wire.lose(Losing(_COMMIT, arrives=True, closes=True, falls_silent=True))

    began = time.monotonic()
    try:
        with pytest.raises(OutcomeUnknown):
            written(store, work, on_loop=True)
    finally:
        wire.pass_on()
    assert time.monotonic() - began < ANSWERS_WITHIN
    assert is_there(store, "unknown")


def test_a_change_of_a_client_s_is_acknowledged_once(postgres: Cluster, wire: Swallowing, tmp_path: Path) -> None:
    postgres.database("lost_by_client")
    with running(tmp_path, "--database-url", postgres.url("lost_by_client", wire.port)) as (iamd, _):
        iam = iamd.client("iam")
        for number in range(8):
            wire.lose(Losing(_COMMIT, arrives=number % 2 == 0, closes=True))
            iam.create_user(UserName=f"once{number}")
        assert wire.has_lost
    made = postgres.execute("SELECT count(*) FROM users WHERE name LIKE 'once%'", "lost_by_client")
    told = postgres.execute("SELECT count(*) FROM events WHERE name = 'CreateUser'", "lost_by_client")
    assert (made, told) == ([(8,)], [(8,)])
