"""Keeping up with the changelog: polled while a server runs, read on the spot where the poll is late or nobody does."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from iamd.stores.ports.records import Topic
from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.postgres.bridge import bridged, current, is_bridged
from iamd.stores.sql.postgres.dialect import POSTGRESQL
from iamd.stores.sql.postgres.follower import CURRENT_SECONDS, SINCE, Follower, clock
from iamd.stores.sql.postgres.pool import Line, Pool, ReadSession

_SINCE: Final = POSTGRESQL.text(SINCE)
_POLL_SECONDS: Final = 0.1
_PROVE_SECONDS: Final = 0.25
_OVERDUE_SECONDS: Final = CURRENT_SECONDS / 2
_APART_SECONDS: Final = 0.5
_TRIES: Final = 3
"""Readings of the changelog that cross another's may have to be made again."""
Execute = Callable[..., Any]


class Watch:
    """INVARIANT: what `changes` answers is no older than a second, and no older than the rows that who asks has read.

    A row of now beside a policy of a moment ago would allow what never was allowed: a secret that was stored behind
    its Deny. What a server says of now counts only as long as it has proved to be the primary: one that was cut off
    and replaced goes on answering with the past.
    """

    def __init__(self, pool: Pool) -> None:
        """From now on."""
        self._pool = pool
        self._session = ReadSession(pool)
        self._execute = self._session.execute
        began = clock()
        self._session.on_line(self._prove)
        revision = self._execute("SELECT revision FROM store_revision").fetchone()[0]
        self.follower = Follower(self._execute(_SINCE, (revision,)).fetchall(), began)
        self._is_followed = False
        self._failed_at = -_APART_SECONDS

    def changes(self) -> tuple[Topic, ...] | None:
        """See the port. Raises StoreUnavailable where nobody could say what has changed within the last second."""
        if is_bridged():
            self._keep_up_with(current().read_at)
        if not self._is_followed or self.age > _OVERDUE_SECONDS:
            self._catch_up()
        if self.age >= CURRENT_SECONDS:
            raise StoreUnavailable("the changelog could not be read for a second")
        return self.follower.take()

    @property
    def age(self) -> float:
        """Seconds since all that had been acknowledged was known."""
        if self._proved_by != self._pool.timeline:
            return math.inf
        return clock() - min(self.follower.read_at, self._proved_at)

    def read(self, execute: Execute) -> None:
        """Take in the changelog up to the moment that `execute` sees."""
        asked, began = self.follower.read_to, clock()
        self.follower.read(asked, execute(_SINCE, (asked,)).fetchall(), began)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """See the port."""
        task = asyncio.get_running_loop().create_task(bridged(self._follow()))
        self._is_followed = True
        try:
            yield
        finally:
            self._is_followed = False
            task.cancel()
            await asyncio.wait([task])

    async def _follow(self) -> None:
        while True:
            try:
                with self._pool.lent(at_once=True) as line:
                    self._look(line)
            except StoreUnavailable:
                self._failed_at = clock()
            await asyncio.sleep(_POLL_SECONDS)

    def _look(self, line: Line) -> None:
        """Raises StoreUnavailable."""
        if self._proved_by != line.timeline or clock() - self._proved_at > _PROVE_SECONDS:
            self._prove(line)
        self.read(line.execute)

    def _prove(self, line: Line) -> None:
        began = clock()
        try:
            line.prove()
        except StoreUnavailable:
            line.leave()
            raise
        self._proved_by, self._proved_at = line.timeline, began

    def _keep_up_with(self, moment: float) -> None:
        """Raises StoreUnavailable."""
        for _ in range(_TRIES):
            if self.follower.has_read_since(moment):
                return
            self.read(self._execute)
        if not self.follower.has_read_since(moment):
            raise StoreUnavailable("the changelog was read by too many at once")

    def _catch_up(self) -> None:
        """Ask now, unless it has just been tried."""
        if self.age >= CURRENT_SECONDS and clock() - self._failed_at < _APART_SECONDS:
            return
        try:
            self._session.on_line(self._look)
        except StoreUnavailable:
            self._failed_at = clock()
            if not self._is_followed:
                raise
