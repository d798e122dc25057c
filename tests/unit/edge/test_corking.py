"""The head of an answer leaves together with its body."""

import asyncio
from typing import Any, cast

from iamd.edge.corking import CorkedTransport


class _Recorder:
    def __init__(self) -> None:
        self.sent: list[Any] = []

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def writelines(self, pieces: list[bytes]) -> None:
        self.sent.append(list(pieces))

    def close(self) -> None:
        self.sent.append("closed")

    def abort(self) -> None:
        self.sent.append("aborted")

    def is_closing(self) -> bool:
        return False


async def _corked() -> tuple[CorkedTransport, _Recorder]:
    recorder = _Recorder()
    return CorkedTransport(cast("asyncio.Transport", recorder), asyncio.get_running_loop()), recorder


def test_writes_of_one_turn_leave_together() -> None:
    async def scenario() -> list[Any]:
        transport, recorder = await _corked()
        transport.write(b"head")
        transport.writelines([b"body"])
        assert recorder.sent == []
        await asyncio.sleep(0)
        transport.write(b"next")
        await asyncio.sleep(0)
        return recorder.sent

    assert asyncio.run(scenario()) == [[b"head", b"body"], b"next"]


def test_closing_sends_what_is_held_first_and_aborting_does_not() -> None:
    async def scenario() -> tuple[list[Any], list[Any]]:
        closing, closed = await _corked()
        closing.write(b"last words")
        closing.close()
        aborting, aborted = await _corked()
        aborting.write(b"never")
        aborting.abort()
        await asyncio.sleep(0)
        return closed.sent, aborted.sent

    assert asyncio.run(scenario()) == ([b"last words", "closed"], ["aborted"])


def test_the_rest_is_the_transports_own() -> None:
    async def scenario() -> bool:
        transport, _ = await _corked()
        closing: bool = transport.is_closing()
        return closing

    assert asyncio.run(scenario()) is False
