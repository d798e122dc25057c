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
from psycopg.conninfo import conninfo_to_dict

from iamd.stores.sql.postgres.bridge import wait
from iamd.stores.sql.postgres.faults import Unreachable, meaning
from iamd.stores.sql.postgres.text import teach

T = TypeVar("T")
PATIENCE_SECONDS: Final = 3.0
"""For one statement. Half of what a caller may be kept waiting, with some for a new connection."""
_CONNECT_SECONDS: Final = 2
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


class Rows:
    """What a statement answered."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None

    def fetchall(self) -> list[Any]:
        return self._rows


class Address:
    """Where the database is. `str` gives it without its password."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for what is no URL of a PostgreSQL database."""
        if not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("is no URL like postgresql://user@host/database")
        try:
            given = conninfo_to_dict(url)
        except psycopg.ProgrammingError as error:
            raise ValueError(" ".join(str(error).split())) from None
        # A standby answers with the past.
        defaults = {
            "target_session_attrs": "read-write",
            "application_name": "iamd",
            "connect_timeout": _CONNECT_SECONDS,
        }
        self.parameters: dict[str, Any] = {**defaults, **given, "client_encoding": "utf8"}

    def __str__(self) -> str:
        host, database = (self.parameters.get(name) for name in ("host", "dbname"))
        return f"the database {database or ''} at {host or 'the local socket'}"


class _Blocking(psycopg.Connection[Any]):
    def wait(self, gen: PQGen[T], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> T:
        """Raises psycopg.OperationalError."""
        return super().wait(gen, interval, timeout or PATIENCE_SECONDS)


class _OnLoop(psycopg.AsyncConnection[Any]):
    async def wait(self, gen: PQGen[T], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> T:  # noqa: ASYNC109  # psycopg's
        """Raises psycopg.OperationalError."""
        return await super().wait(gen, interval, timeout or PATIENCE_SECONDS)


class BlockingLine:
    """A connection for threads in which no event loop runs: start-up, commands, slow work."""

    def __init__(self, address: Address) -> None:
        """Raises Unreachable."""
        try:
            self._connection = _Blocking.connect(**address.parameters, autocommit=True)
        except psycopg.Error as error:
            raise Unreachable(" ".join(str(error).split())) from None
        _prepare(self._connection)
        self._cursor = psycopg.RawCursor(self._connection)
        try:
            self.script(_SETTINGS)
        except BaseException:
            self.close()
            raise

    @property
    def is_lost(self) -> bool:
        return self._connection.closed

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> Rows:
        return Rows(self._timed(lambda: _fetched(self._cursor.execute(sql, arguments or None, binary=True))))

    def executemany(self, sql: str, arguments: Iterable[Sequence[Any]]) -> None:
        self._timed(lambda: self._cursor.executemany(sql, arguments))

    def script(self, sql: str) -> None:
        """Several statements in one message, without arguments or answers."""
        self._timed(lambda: self._cursor.execute(sql, prepare=False))

    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        self._connection.close()

    def _timed(self, run: Callable[[], Any]) -> Any:
        try:
            return run()
        except psycopg.Error as error:
            _leave(self._connection)
            raise meaning(error, lost=self.is_lost) from error


class LoopLine:
    """A connection that belongs to an event loop; used inside `bridged`."""

    def __init__(self, connection: _OnLoop) -> None:
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
            raise Unreachable(" ".join(str(error).split()) or "the database does not answer") from None
        line = cls(connection)
        try:
            await line.run(lambda: line._cursor.execute(_SETTINGS, prepare=False))
        except BaseException:
            line.close()
            raise
        return line

    @property
    def is_lost(self) -> bool:
        return self._connection.closed

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

    def close(self) -> None:
        """At once, and on any thread: nothing is said to the server."""
        self._connection.pgconn.finish()


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
