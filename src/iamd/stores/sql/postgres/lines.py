"""Connections to PostgreSQL. None of them waits longer than `PATIENCE_SECONDS` for anything.

A server that hangs, or a network that swallows what is sent, does not close a connection: what has waited for too long
fails, and its connection is thrown away.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen

from iamd.stores.sql.postgres.address import UNKNOWN, Address
from iamd.stores.sql.postgres.bridge import wait
from iamd.stores.sql.postgres.faults import Unreachable, meaning
from iamd.stores.sql.postgres.text import teach

T = TypeVar("T")
PATIENCE_SECONDS: Final = 3.0
"""For one statement. Half of what a caller may be kept waiting, with some for a new connection."""
_IDLE_IN_TRANSACTION_MS: Final = 2_500
"""Less than the patience: when a client gives up waiting for its commit, a server that never heard of it has, too."""
_LOOK_SECONDS: Final = 0.1
_PREPARED: Final = 500
_SETTINGS: Final = f"""
    SET statement_timeout = {int(PATIENCE_SECONDS * 1000)};
    SET lock_timeout = {int(PATIENCE_SECONDS * 1000)};
    SET idle_in_transaction_session_timeout = {_IDLE_IN_TRANSACTION_MS};
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit', true) = 'off';
"""
"""A node that stops in the middle of a transaction must not keep others from writing, and a commit is durable."""
_TIMELINE: Final = "SELECT substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)"
_UNTOLD: Final = (psycopg.ProgrammingError, psycopg.NotSupportedError)
"""Of servers that speak PostgreSQL's language and have another kind of log, or none that they tell of."""
_AWAITS_A_STANDBY: Final = "SELECT current_setting('synchronous_standby_names', true)"
_PROOF: Final = """
    BEGIN ISOLATION LEVEL READ COMMITTED; SELECT 1 FROM alembic_version FOR SHARE; COMMIT
"""
"""A lock of a row is written to the log, so that its commit waits for the standby. Nodes share it and do not wait
for each other; writers lock another row."""


class Rows:
    """What a statement answered."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None

    def fetchall(self) -> list[Any]:
        return self._rows


class _Blocking(psycopg.Connection[Any]):
    def wait(self, gen: PQGen[T], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> T:
        """Raises psycopg.OperationalError."""
        return super().wait(gen, interval, timeout or PATIENCE_SECONDS)


class _OnLoop(psycopg.AsyncConnection[Any]):
    async def wait(self, gen: PQGen[T], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> T:  # noqa: ASYNC109  # psycopg's
        """Raises psycopg.OperationalError."""
        return await super().wait(gen, interval, timeout or PATIENCE_SECONDS)


class _Shared:
    """What both kinds of connection are: `timeline` is its server's, see `Address`."""

    def __init__(self, connection: _Blocking | _OnLoop, address: Address) -> None:
        self._address = address
        self._host, self._port = connection.info.host, connection.info.port
        self.timeline = address.timeline
        self._any = connection

    @property
    def is_lost(self) -> bool:
        return self._any.closed or self.timeline < self._address.timeline

    def leave(self) -> None:
        """Other servers are to be tried first from now on."""
        self._address.leave(self._host, self._port)

    def _admit(self, timeline: Any) -> None:
        """Raises Unreachable."""
        self.timeline = int(timeline, 16) if timeline else UNKNOWN
        self._address.admit(self.timeline, self._host, self._port)

    def _refuse_older(self) -> None:
        """What a server has answered while another was promoted is not used. Raises Unreachable."""
        if self.timeline < self._address.timeline:
            raise Unreachable("another server has become the primary")


class BlockingLine(_Shared):
    """A connection for threads in which no event loop runs: start-up, commands, slow work."""

    def __init__(self, address: Address) -> None:
        """Raises Unreachable."""
        try:
            self._connection = _Blocking.connect(**address.parameters, autocommit=True)
        except psycopg.Error as error:
            address.turn()
            raise Unreachable(" ".join(str(error).split())) from None
        super().__init__(self._connection, address)
        _prepare(self._connection)
        self._cursor = psycopg.RawCursor(self._connection)
        try:
            self.script(_SETTINGS)
            self._admit(self._timeline())
        except BaseException:
            self.close()
            raise

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> Rows:
        return Rows(self._timed(lambda: _fetched(self._cursor.execute(sql, arguments or None, binary=True))))

    def executemany(self, sql: str, arguments: Iterable[Sequence[Any]]) -> None:
        self._timed(lambda: self._cursor.executemany(sql, arguments))

    def script(self, sql: str) -> None:
        """Several statements in one message, without arguments or answers."""
        self._timed(lambda: self._cursor.execute(sql, prepare=False))

    def prove(self) -> None:
        """That its server is the primary still: a standby that would take over has confirmed a commit of now.

        A server that was cut off, and replaced, goes on answering. Where commits wait for no standby, nothing tells.
        Raises StoreUnavailable.
        """
        if self.execute(_AWAITS_A_STANDBY).fetchone()[0]:
            self.script(_PROOF)

    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        self._connection.close()

    def _timeline(self) -> Any:
        try:
            return self.execute(_TIMELINE).fetchone()[0]
        except _UNTOLD:
            return None

    def _timed(self, run: Callable[[], Any]) -> Any:
        try:
            answer = run()
        except psycopg.Error as error:
            _leave(self._connection)
            raise meaning(error, lost=self.is_lost) from error
        self._refuse_older()
        return answer


class LoopLine(_Shared):
    """A connection that belongs to an event loop; used inside `bridged`."""

    def __init__(self, connection: _OnLoop, address: Address) -> None:
        super().__init__(connection, address)
        self._connection = connection
        _prepare(connection)
        self._cursor = psycopg.AsyncRawCursor(connection)

    @classmethod
    async def open(cls, address: Address) -> "LoopLine":
        """Raises Unreachable."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                connection = await _OnLoop.connect(**address.parameters, autocommit=True)
        except (psycopg.Error, TimeoutError, OSError) as error:
            address.turn()
            raise Unreachable(" ".join(str(error).split()) or "the database does not answer") from None
        line = cls(connection, address)
        try:
            await line.run(lambda: line._cursor.execute(_SETTINGS, prepare=False))
            line._admit(await line._timeline())
        except BaseException:
            line.close()
            raise
        return line

    @property
    def is_idle(self) -> bool:
        """Whether it is in no transaction and waits for nothing."""
        return self._connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> Rows:
        return wait(self.fetch(sql, arguments))

    def executemany(self, sql: str, arguments: Iterable[Sequence[Any]]) -> None:
        wait(self.run(lambda: self._cursor.executemany(sql, arguments)))

    def script(self, sql: str) -> None:
        """See BlockingLine."""
        wait(self.run(lambda: self._cursor.execute(sql, prepare=False)))

    def prove(self) -> None:
        """See BlockingLine."""
        if self.execute(_AWAITS_A_STANDBY).fetchone()[0]:
            self.script(_PROOF)

    def pause(self, seconds: float) -> None:
        wait(asyncio.sleep(seconds))

    async def fetch(self, sql: str, arguments: Sequence[Any] = ()) -> Rows:
        await self.run(lambda: self._cursor.execute(sql, arguments or None, binary=True))
        return Rows(await self._cursor.fetchall() if self._cursor.description else [])

    async def run(self, statement: Callable[[], Any]) -> None:
        try:
            await statement()
        except psycopg.Error as error:
            _leave(self._connection)
            raise meaning(error, lost=self.is_lost) from error
        self._refuse_older()

    def close(self) -> None:
        """At once, and on any thread: nothing is said to the server."""
        self._connection.pgconn.finish()

    async def _timeline(self) -> Any:
        try:
            return (await self.fetch(_TIMELINE)).fetchone()[0]
        except _UNTOLD:
            return None


def _leave(connection: _Blocking | _OnLoop) -> None:
    """After a failure: a connection on which something is still under way is of no use."""
    if connection.info.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
        connection.pgconn.finish()


def _prepare(connection: _Blocking | _OnLoop) -> None:
    """Before its cursor is made, which takes what the connection has been taught."""
    connection.prepare_threshold = 0
    connection.prepared_max = _PREPARED
    teach(connection.adapters)


def _fetched(cursor: "psycopg.RawCursor[Any]") -> list[Any]:
    return cursor.fetchall() if cursor.description else []
