"""Begins, runs and commits transactions on the one connection that writes. Knows no event loop."""

import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any

from iamd.stores.ports.store import DiskFull, EpochEnded, StoreUnavailable
from iamd.stores.space import Reserve
from iamd.stores.sql.changes import EPOCH, Changelog
from iamd.stores.sql.records import unavailable
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import SqlTransaction, WriteSession
from iamd.stores.sql.turn import Turn

Work = Callable[[Any], Any]


class Job:
    """One mutation and how it ended; `epoch` is the one that it was decided in, None where none ends.

    `urgent`: see the port. `again`: it has failed for lack of space once.
    """

    __slots__ = ("again", "epoch", "error", "result", "urgent", "work")

    def __init__(self, work: Work, epoch: int | None = None, *, urgent: bool = False) -> None:
        self.work = work
        self.epoch = epoch
        self.urgent = urgent
        self.again = False
        self.result: Any = None
        self.error: Exception | None = None


class Engine:
    """INVARIANT: used by one thread at a time; the writer's mutex sees to it."""

    def __init__(
        self, connection: sqlite3.Connection, statements: dict[str, Statements], turn: Turn, reserve: Reserve
    ) -> None:
        self._connection = connection
        self._session = WriteSession(connection)
        self._transaction = SqlTransaction(statements, self._session)
        self._changelog = Changelog(connection)
        self._turn = turn
        self._reserve = reserve
        self._disk_is_full = False
        self._changes_before = 0
        self._is_undone = False

    def begin(self) -> bool:
        """Whether a transaction is open now; False while another process writes. Raises StoreUnavailable."""
        if not self._turn.take():
            return False
        self.rollback()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            self._turn.leave()
            raise unavailable(error) from error
        self._turn.leave()
        self._changelog.begin()
        self._disk_is_full = self._reserve.is_given_up()
        self._changes_before = self._connection.total_changes
        self._is_undone = False
        return True

    def give_up(self) -> None:
        """Stop waiting for the write lock."""
        self._turn.leave()

    def run(self, job: Job, *, alone: bool) -> StoreUnavailable | None:
        """Run a mutation in its savepoint; gives the fault that has ended the whole transaction, if one has.

        One that is alone has the whole transaction for one: SQLite copies what changes in a savepoint.
        """
        if self._disk_is_full and not job.urgent:
            job.error = DiskFull("the disk is full, and its reserve is for what takes away")
            return None
        execute, session = self._connection.execute, self._session
        session.open()
        try:
            if not alone:
                execute("SAVEPOINT work")
            self._change(job)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the caller's
            job.error = unavailable(error) if isinstance(error, sqlite3.Error) and _is_fault(error) else error
            if self._connection.in_transaction:
                execute("ROLLBACK" if alone else "ROLLBACK TO work")
                self._is_undone = alone
        except BaseException:
            self.rollback()
            raise
        finally:
            session.shut()
        if self._is_undone:
            return None
        if not self._connection.in_transaction:
            fault = session.fault or job.error
            return fault if isinstance(fault, StoreUnavailable) else StoreUnavailable(f"the transaction ended: {fault}")
        if not alone:
            execute("RELEASE work")
        return None

    def _change(self, job: Job) -> None:
        # INVARIANT: asked for each mutation, because one before it in this transaction may have been the reset.
        if job.epoch is not None and job.epoch != self._connection.execute(EPOCH).fetchone()[0]:
            raise EpochEnded
        job.result = job.work(self._transaction)
        if self._session.topics:
            self._changelog.append(self._session.topics)

    def end(self) -> int:
        """Write what all mutations share; how many rows the transaction has changed. StoreUnavailable rolls back."""
        if self._is_undone:
            return 0
        try:
            self._changelog.end()
        except sqlite3.Error as error:
            self.rollback()
            raise unavailable(error) from error
        return self._connection.total_changes - self._changes_before

    def commit(self) -> StoreUnavailable | None:
        """Make the transaction durable, or roll it back and return why; there is none where its one mutation failed."""
        if self._is_undone:
            return None
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self.rollback()
            return unavailable(error)
        return None

    def make_room(self) -> None:
        """After a failure for lack of space: there is some now, for what is urgent."""
        self._reserve.give_up()

    def rollback(self) -> None:
        if self._connection.in_transaction:
            # What cannot be rolled back now is rolled back before the next transaction begins.
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def checkpoint(self) -> None:
        """Move the whole log into the database while nothing else writes, so that it starts anew."""
        # Without space for it the log keeps everything.
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def clear(self) -> None:
        """Empty every table, inside the open transaction."""
        self._transaction.clear()

    def close(self) -> None:
        self._connection.close()
        self._turn.close()


def _is_fault(error: sqlite3.Error) -> bool:
    return not isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError)
