"""What only the SQL store does: group commit, several processes, opening, following a changelog that has gaps."""

import asyncio
import contextlib
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from iamd.stores.ports.buckets import S3Object
from iamd.stores.ports.store import StoreUnavailable, Transaction
from iamd.stores.sql import DirectoryInUse, DirectoryLock, NewerFormat, SqlStore, batches, changes, open_store, writer
from iamd.stores.sql.engine import Engine
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.migrations.run import known_versions
from iamd.stores.sql.opening import create, migrate
from iamd.stores.sql.recent import Recent, recent_records
from iamd.stores.sql.schema import schema
from iamd.stores.sql.transaction import WriteSession
from tests.stores.contract import ACCOUNT, user


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(tmp_path, ephemeral=False)
    yield store
    store.close()


def insert(number: int) -> Any:
    return lambda transaction: transaction.state.users.insert(user(number))


def put(number: int) -> Any:
    """A change that decisions may rest on, also where it is new."""
    return lambda transaction: transaction.state.users.put(user(number))


def statements_of(store: SqlStore) -> list[str]:
    seen: list[str] = []
    store._engine._connection.set_trace_callback(seen.append)
    return seen


def test_what_waits_together_is_committed_together(store: SqlStore) -> None:
    seen = statements_of(store)

    async def main() -> None:
        await asyncio.gather(*(store.write(put(n)) for n in range(50)))

    asyncio.run(main())
    assert store.state.users.count("key") == 50
    # The first of them found nobody to wait for.
    assert seen.count("COMMIT") == 2
    assert sum(sql.startswith("UPDATE store_revision") for sql in seen) == 2


def test_one_alone_waits_for_no_turn_of_the_loop_but_once_a_turn(store: SqlStore) -> None:
    async def main() -> list[bool]:
        loop = asyncio.get_running_loop()
        turned: list[str] = []
        loop.call_soon(turned.append, "turned")
        await store.write(insert(1))
        were_turned = [bool(turned)]
        await store.write(insert(2))
        return [*were_turned, bool(turned)]

    assert asyncio.run(main()) == [False, True]
    assert store.state.users.count("key") == 2


def test_a_lone_mutation_that_fails_leaves_nothing_and_holds_up_nobody(store: SqlStore) -> None:
    def half(transaction: Any) -> None:
        insert(1)(transaction)
        raise KeyError("half done")

    async def main() -> None:
        for _ in range(2):
            with pytest.raises(KeyError, match="half done"):
                await store.write(half)
        await store.write(insert(2))

    seen = statements_of(store)
    asyncio.run(main())
    assert [store.state.users.get(ACCOUNT, user(n).name) is not None for n in (1, 2)] == [False, True]
    assert (seen.count("ROLLBACK"), seen.count("COMMIT")) == (2, 1)
    assert "SAVEPOINT work" not in seen


def test_those_who_wrote_together_are_waited_for(store: SqlStore) -> None:
    seen = statements_of(store)

    async def write_after(turns: int, number: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await store.write(insert(number))

    async def main() -> None:
        await asyncio.gather(*(store.write(insert(n)) for n in range(4)))
        seen.clear()
        await asyncio.gather(*(write_after(5 * n, 4 + n) for n in range(3)))

    asyncio.run(main())
    assert store.state.users.count("key") == 7
    assert seen.count("COMMIT") == 1


@pytest.fixture
def committing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that commit, in turn."""
    threads: list[str] = []
    commit = Engine.commit

    def noted(engine: Engine) -> StoreUnavailable | None:
        threads.append(threading.current_thread().name)
        return commit(engine)

    monkeypatch.setattr(Engine, "commit", noted)
    return threads


def test_one_alone_commits_where_it_is_and_leaves_a_slow_disk_to_a_thread(
    store: SqlStore, committing: list[str]
) -> None:
    async def main() -> None:
        await store.write(insert(1))
        store._writer._lone.took(1.0, 1)
        await store.write(insert(2))

    asyncio.run(main())
    assert committing == [threading.current_thread().name, "iamd-commit_0"]
    assert store.state.users.count("key") == 2


@pytest.mark.parametrize(("calls", "stays"), [(3, True), (4, False)])
def test_several_commit_where_they_are_unless_somebody_else_is_served(
    store: SqlStore, committing: list[str], calls: int, stays: bool
) -> None:
    async def main() -> None:
        store._writer._gathering.took(3)
        store.calls = calls
        await asyncio.gather(*(store.write(insert(n)) for n in range(3)))

    asyncio.run(main())
    assert committing == [threading.current_thread().name if stays else "iamd-commit_0"]
    assert store.state.users.count("key") == 3


def test_a_batch_is_bounded(store: SqlStore) -> None:
    seen = statements_of(store)

    async def main() -> None:
        await asyncio.gather(*(store.write(insert(n)) for n in range(130)))

    asyncio.run(main())
    # One that found nobody to wait for, and 64, 64 and 1.
    assert seen.count("COMMIT") == 4


def test_the_loop_goes_on_while_a_slow_disk_commits(store: SqlStore) -> None:
    store._writer._lone.took(1.0, 1)
    held, release = threading.Event(), threading.Event()
    commit = store._engine.commit

    def slow_commit() -> StoreUnavailable | None:
        held.set()
        assert release.wait(10)
        return commit()

    store._engine.commit = slow_commit  # type: ignore[method-assign]  # the one place where time can be held

    async def main() -> None:
        first = asyncio.create_task(store.write(insert(1)))
        await asyncio.to_thread(held.wait)
        assert store.state.users.count("key") == 0
        second = asyncio.create_task(store.write(insert(2)))
        await asyncio.sleep(0)
        assert not first.done()
        release.set()
        await asyncio.gather(first, second)

    asyncio.run(main())
    assert store.state.users.count("key") == 2


def test_a_caller_that_is_cancelled_does_not_take_its_write_back(store: SqlStore) -> None:
    async def main() -> None:
        store._writer._gathering.took(2)
        task = asyncio.create_task(store.write(insert(1)))
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()
        await store.write(insert(2))

    asyncio.run(main())
    assert store.state.users.page("key") == [user(1), user(2)]


def test_a_loop_that_stops_does_not_stop_the_store(store: SqlStore) -> None:
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        for number in range(3):
            task = asyncio.ensure_future(store.write(insert(number)))
            tasks.append(task)
        await asyncio.sleep(0)

    tasks: list[asyncio.Task[None]] = []
    loop.run_until_complete(begin())
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.close()
    asyncio.run(store.write(insert(10)))
    assert store.state.users.get(ACCOUNT, "user0010") == user(10)
    store.write_now(insert(11))
    assert store.state.users.count("key") == 5


def test_close_commits_what_waits(tmp_path: Path) -> None:
    store = open_store(tmp_path, ephemeral=False)

    async def main() -> list[Any]:
        tasks = [asyncio.create_task(store.write(insert(n))) for n in range(100)]
        await asyncio.sleep(0)
        store.close()
        return await asyncio.gather(*tasks)

    assert asyncio.run(main()) == [None] * 100
    with contextlib.closing(open_store(tmp_path, ephemeral=False)) as again:
        assert again.state.users.count("key") == 100
    with pytest.raises(StoreUnavailable):
        store.write_now(insert(1))
    with pytest.raises(StoreUnavailable):
        asyncio.run(store.write(insert(1)))
    store.close()


def test_a_transaction_that_has_ended_cannot_write(store: SqlStore) -> None:
    kept = store.write_now(lambda transaction: transaction)
    with pytest.raises(StoreUnavailable):
        kept.state.users.insert(user(1))
    assert store.state.users.count("key") == 0


def test_every_thread_reads_what_is_committed(store: SqlStore) -> None:
    store.write_now(insert(1))
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(store.state.users.page("key")))
    thread.start()
    thread.join()
    assert found == [[user(1)]]


def test_changes_of_another_process_are_seen(store: SqlStore, tmp_path: Path) -> None:
    with contextlib.closing(open_store(tmp_path, ephemeral=False)) as other:
        assert store.changes() == ()
        other.write_now(put(1))
        assert store.changes() == (f"id:{ACCOUNT}:AIDA0001",)
        assert other.changes() == (f"id:{ACCOUNT}:AIDA0001",)
        assert store.changes() == ()
        asyncio.run(other.reset(insert(2)))
        assert store.changes() is None
        assert store.changes() == ()
        assert store.state.users.page("key") == [user(2)]


def test_a_pruned_changelog_is_a_gap(store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "KEPT", 5)
    monkeypatch.setattr(changes, "_PRUNE_EVERY", 10)
    with contextlib.closing(open_store(tmp_path, ephemeral=False)) as other:
        for number in range(9):
            store.write_now(put(number))
        assert len(other.changes() or ()) == 9
        for number in range(9, 21):
            store.write_now(put(number))
        assert other.changes() is None
        store.write_now(put(21))
        assert other.changes() == (f"id:{ACCOUNT}:AIDA0021",)


def test_a_revision_that_goes_back_is_a_gap(store: SqlStore) -> None:
    store.write_now(put(1))
    store.changes()
    connection = sqlite3.connect(store._database)
    connection.execute("UPDATE store_revision SET revision = 0")
    connection.commit()
    connection.close()
    assert store.changes() is None


def test_a_lock_of_another_process_is_waited_for(store: SqlStore) -> None:
    other = sqlite3.connect(store._database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    async def main() -> None:
        task = asyncio.create_task(store.write(insert(1)))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        assert store.state.users.count("key") == 0
        other.execute("COMMIT")
        await task

    asyncio.run(main())
    other.close()
    assert store.state.users.count("key") == 1


def test_a_lock_that_is_held_for_too_long_makes_the_store_unavailable(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (writer, batches):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.02)
    other = sqlite3.connect(store._database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="lock"):
        asyncio.run(store.write(insert(1)))
    with pytest.raises(StoreUnavailable, match="lock"):
        store.write_now(insert(1))
    other.execute("ROLLBACK")
    other.close()
    asyncio.run(store.write(insert(1)))
    assert store.state.users.page("key") == [user(1)]


def test_the_log_is_checkpointed_while_running(store: SqlStore) -> None:
    log = store._database.with_name(store._database.name + "-wal")

    def insert_many(first: int) -> Any:
        return lambda transaction: [transaction.state.users.insert(user(first + n)) for n in range(300)]

    store.write_now(insert_many(0))
    sizes = []
    for batch in range(1, 9):
        if store._checkpoints._running:
            store._checkpoints._running.result()
        store._checkpoints._next = 0
        store.write_now(insert_many(1000 * batch))
        sizes.append(log.stat().st_size)
    assert sizes[-1] < 2 * sizes[0]


def test_a_log_that_grew_too_long_is_checkpointed_before_the_next_write(store: SqlStore) -> None:
    seen = statements_of(store)
    store._checkpoints.log_is_long = True
    store.write_now(insert(1))
    assert seen[-2:] == ["COMMIT", "PRAGMA wal_checkpoint(PASSIVE)"]
    store.write_now(insert(2))
    assert seen[-1] == "COMMIT"


def test_the_migrated_schema_is_the_derived_one() -> None:
    def tables(made: Any) -> dict[str, Any]:
        raw = sqlite3.connect(":memory:", isolation_level=None)
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            made(connection)
            connection.commit()
        described = {}
        for name, sql in raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall():
            indexes = raw.execute(f"PRAGMA index_list({name})").fetchall()
            described[name] = (
                raw.execute(f"PRAGMA table_xinfo({name})").fetchall(),
                sorted((i[1:], raw.execute(f"PRAGMA index_xinfo({i[1]})").fetchall()) for i in indexes),
                "WITHOUT ROWID" in sql,
            )
        raw.close()
        return described

    migrated = tables(lambda connection: migrate(connection, None))
    derived = tables(lambda connection: create(connection, schema()))
    assert migrated == derived, "run tools/migration.py"
    assert HEAD in known_versions()
    assert max(known_versions()) == HEAD


def test_opening_twice_keeps_what_is_there_and_its_files_are_private(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "data"
    for count in (1, 2):
        with contextlib.closing(open_store(directory, ephemeral=False)) as store:
            store.write_now(insert(count))
            assert store.state.users.count("key") == count
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {name: mode for name, mode in modes.items() if mode & 0o077 and name != "format"} == {}


def test_a_directory_of_a_newer_format_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "format").write_text("2\n")
    with pytest.raises(NewerFormat, match="format '2'"):
        open_store(tmp_path, ephemeral=False)
    assert [path.name for path in tmp_path.iterdir()] == ["format"]


def test_a_database_of_a_newer_schema_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path, ephemeral=False).close()
    connection = sqlite3.connect(tmp_path / "iamd.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    with pytest.raises(NewerFormat, match="9999"):
        open_store(tmp_path, ephemeral=False)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
    connection.close()


def test_a_directory_has_one_server(tmp_path: Path) -> None:
    first = DirectoryLock(tmp_path)
    with pytest.raises(DirectoryInUse) as refused:
        DirectoryLock(tmp_path)
    assert refused.value.process is not None
    first.release()
    DirectoryLock(tmp_path).release()


def reads(store: SqlStore) -> list[str]:
    read: list[str] = []
    store._readers.execute("SELECT 1").connection.set_trace_callback(read.append)
    return read


def test_what_is_recent_is_read_once_until_something_was_committed(store: SqlStore, tmp_path: Path) -> None:
    store.write_now(insert(1))
    store.changes()
    read = reads(store)
    name, missing = user(1).name, user(2).name
    for _ in range(2):
        assert store.recent.users.get(ACCOUNT, name) == user(1)
        assert store.recent.users.find("id", ACCOUNT, user(1).id) == user(1)
    assert len(read) == 2
    assert store.recent.users.get(ACCOUNT, missing) is None
    with contextlib.closing(open_store(tmp_path, ephemeral=False)) as other:
        other.write_now(insert(2))
        store.changes()
        assert store.recent.users.get(ACCOUNT, missing) == user(2)
        other.write_now(lambda transaction: transaction.state.users.replace(user(1, path="/x/")))
    store.changes()
    assert store.recent.users.get(ACCOUNT, name) == user(1, path="/x/")


def an_object(number: int, data: bytes = b"x") -> S3Object:
    return S3Object("bucket", b"%d" % number, "", 1, 0, "{}", "{}", data=data)


def test_a_commit_that_the_changelog_does_not_tell_of_has_only_untold_rows_read_again(store: SqlStore) -> None:
    store.write_now(insert(1))
    store.write_now(lambda transaction: transaction.state.objects.put(an_object(1)))
    store.changes()
    read = reads(store)
    assert store.recent.users.get(ACCOUNT, user(1).name) == user(1)
    assert store.recent.objects.get("bucket", b"1") == an_object(1)
    store.write_now(lambda transaction: transaction.state.objects.put(an_object(1, b"y")))
    assert store.changes() == ()
    assert store.recent.users.get(ACCOUNT, user(1).name) == user(1)
    assert store.recent.objects.get("bucket", b"1") == an_object(1, b"y")
    assert len(read) == 3


def test_what_was_read_since_the_last_question_is_known(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def get() -> object:
        return store.recent.users.get(ACCOUNT, user(1).name)

    def pin() -> None:
        with store.snapshot() as state:
            assert state.users.get(ACCOUNT, user(1).name) == user(1)

    def in_a_thread() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: store.state.users.get(ACCOUNT, user(1).name)).result()

    store.write_now(insert(1))
    assert store.was_read
    for reading in (get, pin, in_a_thread, lambda: store.state.users.page("key")):
        store.changes()
        assert not store.was_read
        reading()
        assert store.was_read
    store.changes()
    assert get() == user(1)
    assert not store.was_read
    with monkeypatch.context() as broken:
        broken.setattr(store._follower, "_execute", lambda _: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            store.changes()
    assert store.was_read


def test_a_change_that_could_not_be_read_is_asked_for_again(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write_now(put(1))
    with monkeypatch.context() as broken:
        broken.setattr(changes, "_SINCE", "SELECT nothing")
        with pytest.raises(sqlite3.OperationalError):
            store.changes()
    assert store.changes() == (f"id:{ACCOUNT}:AIDA0001",)


def test_what_a_missing_record_was_called_is_not_kept(store: SqlStore) -> None:
    recent = Recent()
    records = recent_records(recent)(store._statements["users"], store._readers)
    assert records.get(ACCOUNT, "x" * 10_000) is None
    assert all(shelf.rows == {} for shelf in (*recent.told, *recent.untold))


def test_a_row_that_was_read_before_a_commit_is_not_kept_behind_it(store: SqlStore) -> None:
    store.write_now(insert(1))
    recent = Recent()

    def interrupted(*asked: Any) -> sqlite3.Cursor:
        cursor = store._readers.execute(*asked)
        recent.forget(told=True)
        return cursor

    session = WriteSession(store._engine._connection)
    session.execute = interrupted
    assert recent_records(recent)(store._statements["users"], session).get(ACCOUNT, user(1).name) == user(1)
    assert recent.told[False].rows == {}


def test_of_wide_rows_only_few_are_kept(store: SqlStore) -> None:
    def put_all(transaction: Transaction) -> None:
        for number in range(70):
            transaction.state.objects.put(an_object(number))

    store.write_now(put_all)
    recent = Recent()
    records = recent_records(recent)(store._statements["objects"], store._readers)
    for number in range(70):
        assert records.get("bucket", b"%d" % number) == an_object(number)
    assert 0 < len(recent.untold[True].rows) <= 64
    recent.forget(told=False)
    assert recent.untold[True].rows == {}
