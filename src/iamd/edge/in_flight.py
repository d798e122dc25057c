"""Which requests are inside the door, and closing it for a moment."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class InFlight:
    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = asyncio.Event()
        self._open.set()
        self._one = asyncio.Lock()

    async def enter(self) -> None:
        """Waits while somebody is alone."""
        while not self._open.is_set():
            await self._open.wait()
        self._count += 1
        self._idle.clear()

    def leave(self) -> None:
        self._count -= 1
        if not self._count:
            self._idle.set()

    async def drained(self, timeout: float) -> None:  # noqa: ASYNC109  # a bound that is not the caller's to enforce
        """Returns when nobody is inside, or after `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), timeout)

    @contextlib.asynccontextmanager
    async def alone(self, patience: float) -> AsyncIterator[None]:
        """Nobody enters meanwhile; those inside have had `patience` seconds to leave."""
        async with self._one:
            self._open.clear()
            try:
                await self.drained(patience)
                yield
            finally:
                self._open.set()
