"""A full, broken or read-only disk: everyone in the batch is told, nothing is kept by half, and it goes on after."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iamd.stores.blobs import LocalBlobs
from iamd.stores.ports.store import DiskFull, StoreUnavailable
from iamd.stores.space import Reserve
from iamd.stores.sql import SqlStore, open_store
from tests.stores.contract import ACCOUNT, user


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(tmp_path, ephemeral=False)
    yield store
    store.close()


def put(number: int, size: int = 1) -> Any:
    return lambda transaction: transaction.state.users.put(user(number, path="/" + "x" * size))


def run(store: SqlStore, *works: Any) -> list[Any]:
    """In one transaction: as many wrote together before."""

    async def main() -> list[Any]:
        store._writer._gathering.took(len(works))
        return await asyncio.gather(*(store.write(work) for work in works), return_exceptions=True)

    return asyncio.run(main())


def limit_pages(store: SqlStore, pages: int) -> None:
    store._engine._connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()


def test_a_full_disk_fails_everyone_in_the_batch_and_is_survived(store: SqlStore) -> None:
    store.write_now(put(0))
    store.changes()
    limit_pages(store, store._engine._connection.execute("PRAGMA page_count").fetchone()[0])
    outcomes = run(store, put(1), put(2, 100_000), put(3))
    assert [type(outcome) for outcome in outcomes] == [DiskFull] * 3
    assert store.state.users.page("key") == [user(0, path="/x")]
    assert store.changes() == ()
    with pytest.raises(StoreUnavailable):
        store.write_now(put(2, 100_000))
    limit_pages(store, 1 << 30)
    assert run(store, put(1), put(2, 100_000), put(3)) == [None] * 3
    assert store.state.users.count("key") == 4
    assert len(store.changes() or ()) == 3


class PageReserve(Reserve):
    """A reserve that is pages of the database instead of blocks of a disk."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.whole = True

    def is_given_up(self) -> bool:
        return not self.whole

    def give_up(self) -> None:
        self.whole = False
        limit_pages(self.store, 1 << 30)


def test_what_is_urgent_is_done_with_the_reserve_and_the_rest_of_its_batch_refused(store: SqlStore) -> None:
    store.write_now(put(0))
    reserve = store._engine._reserve = PageReserve(store)
    limit_pages(store, store._engine._connection.execute("PRAGMA page_count").fetchone()[0])
    runs: list[int] = []

    def urgent(number: int) -> Any:
        def work(transaction: Any) -> int:
            runs.append(number)
            put(number, 100_000)(transaction)
            return number

        return work

    async def main() -> list[Any]:
        store._writer._gathering.took(4)
        works = [store.write(put(1)), store.write(urgent(2), urgent=True), store.write(put(3))]
        works.append(store.write(urgent(4), urgent=True))
        return await asyncio.gather(*works, return_exceptions=True)

    refused, second, also_refused, fourth = asyncio.run(main())
    assert (type(refused), type(also_refused)) == (DiskFull, DiskFull)
    assert (second, fourth) == (2, 4)
    assert runs == [2, 2, 4]
    assert not reserve.whole
    assert [each.id for each in store.state.users.page("key")] == [user(number).id for number in (0, 2, 4)]
    with pytest.raises(DiskFull):
        asyncio.run(store.write(put(5)))
    store.write_now(put(6))
    reserve.whole = True
    asyncio.run(store.write(put(5)))


def test_what_is_urgent_fails_where_even_the_reserve_is_used_up(store: SqlStore) -> None:
    class Empty(PageReserve):
        def give_up(self) -> None:
            self.whole = False

    store._engine._reserve = Empty(store)
    limit_pages(store, store._engine._connection.execute("PRAGMA page_count").fetchone()[0])
    with pytest.raises(DiskFull):
        asyncio.run(store.write(put(1, 100_000), urgent=True))
    with pytest.raises(DiskFull):
        store.write_now(put(1, 100_000))
    limit_pages(store, 1 << 30)
    asyncio.run(store.write(put(1, 100_000), urgent=True))


def test_a_checkpoint_without_space_keeps_the_log_and_the_writer(store: SqlStore) -> None:
    connection = store._engine._connection

    class NoCheckpoint:
        def execute(self, sql: str, arguments: Any = ()) -> Any:
            if "checkpoint" in sql:
                raise sqlite3.OperationalError("database or disk is full")
            return connection.execute(sql, arguments)

        def __getattr__(self, name: str) -> Any:
            return getattr(connection, name)

    store._engine._connection = NoCheckpoint()  # type: ignore[assignment]  # a disk with no room for the database
    store._checkpoints.log_is_long = True
    assert run(store, put(1)) == [None]
    assert run(store, put(2)) == [None]
    store._engine._connection = connection


def test_a_work_that_swallows_a_fault_cannot_write_on(store: SqlStore) -> None:
    limit_pages(store, store._engine._connection.execute("PRAGMA page_count").fetchone()[0])

    def stubborn(transaction: Any) -> None:
        with pytest.raises(StoreUnavailable):
            put(1, 100_000)(transaction)
        with pytest.raises(StoreUnavailable):
            put(2)(transaction)

    assert [type(outcome) for outcome in run(store, stubborn, put(3))] == [DiskFull] * 2
    assert store.state.users.count("key") == 0
    limit_pages(store, 1 << 30)
    assert run(store, put(3)) == [None]


def test_a_read_only_database_is_unavailable_until_it_is_not(store: SqlStore) -> None:
    store._engine._connection.execute("PRAGMA query_only = ON")
    assert [type(outcome) for outcome in run(store, put(1), put(2))] == [StoreUnavailable] * 2
    store._engine._connection.execute("PRAGMA query_only = OFF")
    assert run(store, put(1)) == [None]
    assert store.state.users.get(ACCOUNT, "user0001") == user(1, path="/x")


def test_a_failed_commit_fails_everyone_and_keeps_nothing(store: SqlStore) -> None:
    connection = store._engine._connection

    class FailsToCommit:
        def execute(self, sql: str, arguments: Any = ()) -> Any:
            if sql == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return connection.execute(sql, arguments)

        def __getattr__(self, name: str) -> Any:
            return getattr(connection, name)

    def fails(_: Any) -> None:
        raise LookupError

    store._engine._connection = FailsToCommit()  # type: ignore[assignment]  # a disk that fails at fsync
    outcomes = run(store, put(1), fails, put(2))
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    with pytest.raises(StoreUnavailable):
        store.write_now(put(1))
    store._engine._connection = connection
    assert store.state.users.count("key") == 0
    assert run(store, put(1), put(2)) == [None, None]


def test_a_commit_that_fails_in_no_known_way_fails_its_batch_and_not_the_writer(store: SqlStore) -> None:
    class Breaks:
        def __init__(self) -> None:
            self.once = True

        def __call__(self) -> StoreUnavailable | None:
            if self.once:
                self.once = False
                raise MemoryError
            return commit()

    commit = store._engine.commit
    store._engine.commit = Breaks()  # type: ignore[method-assign]  # what no disk does
    outcomes = run(store, put(1), put(2))
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 2
    assert store.state.users.count("key") == 0
    assert run(store, put(1), put(2)) == [None, None]


def test_a_lone_commit_that_fails_in_no_known_way_is_told_and_reported(store: SqlStore) -> None:
    def breaks() -> StoreUnavailable | None:
        raise MemoryError

    reported: list[Any] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
        store._engine.commit = breaks  # type: ignore[method-assign]  # what no disk does
        with pytest.raises(StoreUnavailable, match="interrupted"):
            await store.write(put(1))
        store._engine.commit = commit  # type: ignore[method-assign]  # as it was
        await store.write(put(2))

    commit = store._engine.commit
    asyncio.run(main())
    assert [type(error) for error in reported] == [MemoryError]
    assert [each.id for each in store.state.users.page("key")] == [user(2).id]


def test_a_real_limit_on_file_size_is_answered_not_died_of(tmp_path: Path) -> None:
    program = """
import asyncio, pathlib, resource, signal, sys
from iamd.stores.ports.store import DiskFull, StoreUnavailable
from iamd.stores.sql import open_store
from tests.stores.contract import user
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(pathlib.Path(sys.argv[1]), ephemeral=False)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
written = refused = 0
for number in range(40):
    try:
        store.write_now(lambda tx: tx.state.users.insert(user(number, path="/" + "x" * 20_000)))
        written += 1
    except StoreUnavailable:
        refused += 1
assert store.state.users.count("key") == written
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
asyncio.run(store.write(lambda tx: tx.state.users.insert(user(100))))
store.close()
print(written, refused)
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    written, refused = map(int, done.stdout.split())
    assert written > 3
    assert refused > 3
    store = open_store(tmp_path, ephemeral=False)
    assert store.state.users.count("key") == written + 1
    store.close()


@pytest.mark.parametrize("broken", ["os.write", "os.fsync", "pathlib.Path.rename"])
def test_a_blob_that_does_not_fit_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    blobs = LocalBlobs(tmp_path / "blobs", lambda: "blob-1")

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    def write() -> str:
        writer = blobs.create()
        writer.write(b"bytes")
        return writer.commit()

    with monkeypatch.context() as patch:
        patch.setattr(broken, full)
        with pytest.raises(StoreUnavailable, match="No space"):
            write()
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    assert b"".join(blobs.read(write(), 0, 5)) == b"bytes"
