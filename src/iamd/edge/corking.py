"""What is written in one turn of the loop leaves in one piece: the head of an answer together with its body."""

import asyncio
from typing import Any


class CorkedTransport:
    """A transport whose writes wait for `flush`, or the end of the turn; everything else is the transport's own.

    A system call costs more than the rest of a short answer's way out, and the client wakes once instead of twice.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def flush(self) -> None:
        """Send what is held: an answer is whole."""
        held, self._held = self._held, []
        if not held or self._transport.is_closing():
            # The client may have left since.
            return
        if len(held) == 1:
            self._transport.write(held[0])
        else:
            self._transport.writelines(held)
