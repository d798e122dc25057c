"""One write transaction on PostgreSQL, from its beginning to its end.

INVARIANT: transactions that write run one after the other, on all nodes: each begins by locking the one row of
`store_revision`, at an isolation level that then sees what the one before it committed. Operations rest on it: what one
has looked up, another has not changed by the time it commits.
"""

import contextlib
import secrets  # noqa: TID251  # no state and no secret: it tells one transaction's rows from another's
from typing import Any, Final

from iamd.stores.ports.events import Event
from iamd.stores.ports.store import EpochEnded, OutcomeUnknown, StoreUnavailable
from iamd.stores.sql.changes import EPOCH, Changelog
from iamd.stores.sql.engine import Job
from iamd.stores.sql.postgres.dialect import POSTGRESQL
from iamd.stores.sql.postgres.faults import Contended
from iamd.stores.sql.postgres.follower import MARK
from iamd.stores.sql.postgres.outcome import LOCK, Witness, of_changelog, of_event
from iamd.stores.sql.postgres.pool import Line
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import SqlTransaction, WriteSession

_BEGIN: Final = "; ".join(LOCK)


class LineSession(WriteSession):
    """Runs statements on a connection while a mutation is open, and refuses them otherwise."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)  # type: ignore[arg-type]  # what is used of it is overridden here
        self.line = line
        self.texts: list[str] = []

    def _guarded(self, sql: str, arguments: Any = ()) -> Any:
        try:
            return self.line.execute(sql, arguments)
        except Exception as error:
            self._fail(error)
            raise

    def _guarded_many(self, sql: str, arguments: Any) -> Any:
        try:
            return self.line.executemany(sql, arguments)
        except Exception as error:
            self._fail(error)
            raise

    def _fail(self, error: Exception) -> None:
        # A failed statement ends the transaction for all that would follow it in this mutation.
        self.shut()
        if isinstance(error, StoreUnavailable):
            self.fault = error


class Engine:
    """Of one connection; used by one at a time."""

    def __init__(self, line: Line, statements: dict[str, Statements]) -> None:
        self.line = line
        self._session = LineSession(line)
        self._transaction = _Recording(statements, self._session)
        self._event: Event | None = None
        self._changelog = _Remembering(line)

    @property
    def changed(self) -> tuple[int, list[str]]:
        """The first revision of the transaction and the changelog's texts from there on."""
        return self._changelog.first, self._changelog.texts

    @property
    def witness(self) -> Witness | None:
        """Of the transaction, before its end; None where it has changed nothing that somebody would miss."""
        if self._changelog.texts:
            return of_changelog(self._changelog.first, self._changelog.texts[0])
        return None if self._event is None else of_event(self._event.at, self._event.id)

    def begin(self) -> None:
        """Raises StoreUnavailable."""
        self._event = None
        self.line.script(_BEGIN)
        self._changelog.begin(f"\n{MARK}{secrets.token_hex(8)}")

    def run(self, job: Job) -> None:
        """Run a mutation in its savepoint. Raises StoreUnavailable if the whole transaction is over by that."""
        session = self._session
        self.line.script("SAVEPOINT work")
        session.open()
        self._transaction.recorded = None
        try:
            self._refuse_ended(job)
            job.result = job.work(self._transaction)
            if session.topics:
                self._changelog.append(session.topics)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the caller's
            job.error = error
        finally:
            session.shut()
        fault = session.fault or (job.error if isinstance(job.error, Contended) else None)
        if fault is not None:
            raise fault
        if job.error is None:
            self.line.script("RELEASE SAVEPOINT work")
            self._event = self._event or self._transaction.recorded
        else:
            self.line.script("ROLLBACK TO SAVEPOINT work")

    def _refuse_ended(self, job: Job) -> None:
        if job.epoch is not None and job.epoch != self._session.execute(EPOCH).fetchone()[0]:
            raise EpochEnded

    def commit(self) -> None:
        """Raises StoreUnavailable; OutcomeUnknown where the transaction may have been committed all the same."""
        self._changelog.end()
        try:
            self.line.script("COMMIT")
        except Contended:
            raise
        except StoreUnavailable as error:
            if self.line.is_lost:
                raise OutcomeUnknown(str(error)) from error
            raise

    def rollback(self) -> None:
        if not self.line.is_lost:
            # A connection that cannot even do this is thrown away.
            with contextlib.suppress(StoreUnavailable):
                self.line.script("ROLLBACK")

    def clear(self) -> None:
        """Empty every table, inside the open transaction."""
        self._transaction.clear()

    def close(self) -> None:
        self.line.close()


class _Recording(SqlTransaction):
    """Knows an event that the mutation has recorded."""

    recorded: Event | None = None

    def record(self, event: Event) -> None:
        super().record(event)
        self.recorded = event


class _Remembering(Changelog):
    """Knows what the transaction has added, so that its node need not read it again."""

    def __init__(self, line: Line) -> None:
        super().__init__(line, POSTGRESQL)
        self.texts: list[str] = []

    @property
    def first(self) -> int:
        return self._revision - len(self.texts) + 1

    def begin(self, mark: str = "") -> None:
        super().begin(mark)
        self.texts = []

    def append(self, topics: dict[str, None]) -> None:
        super().append(topics)
        self.texts.append("\n".join(topics) + self._mark)
