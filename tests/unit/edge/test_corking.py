"""The head of an answer leaves together with its body."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from iamd.edge.corking import CorkedTransport


class _Recorder:
    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.closing = False

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def writelines(self, pieces: list[bytes]) -> None:
        self.sent.append(pieces)

    def close(self) -> None:
        self.sent.append("closed")
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing


def _sent(*turns: Callable[[CorkedTransport, _Recorder], None]) -> list[Any]:
    """What went out, when each of these had a turn of the loop to itself."""

    async def scenario() -> list[Any]:
        recorder = _Recorder()
        corked = CorkedTransport(cast("asyncio.Transport", recorder), asyncio.get_running_loop())
        for turn in turns:
            turn(corked, recorder)
            await asyncio.sleep(0)
        return recorder.sent

    return asyncio.run(scenario())


def _answer(corked: CorkedTransport, recorder: _Recorder) -> None:
    corked.write(b"head")
    corked.write(b"body")
    assert recorder.sent == []


def test_writes_of_one_turn_leave_together() -> None:
    assert _sent(_answer, lambda corked, _: corked.write(b"next")) == [[b"head", b"body"], b"next"]


def test_a_whole_answer_need_not_wait_for_the_end_of_the_turn() -> None:
    def whole(corked: CorkedTransport, recorder: _Recorder) -> None:
        _answer(corked, recorder)
        corked.flush()
        assert recorder.sent == [[b"head", b"body"]]

    assert _sent(whole) == [[b"head", b"body"]]


def test_closing_sends_what_is_held_first() -> None:
    def last_words(corked: CorkedTransport, _: _Recorder) -> None:
        corked.write(b"last words")
        corked.close()

    assert _sent(last_words) == [b"last words", "closed"]


def test_nothing_is_written_for_a_client_that_has_left_meanwhile() -> None:
    def cut(corked: CorkedTransport, recorder: _Recorder) -> None:
        corked.write(b"too late")
        recorder.closing = True

    assert _sent(cut) == []


def test_the_rest_is_the_transports_own() -> None:
    def ask(corked: CorkedTransport, recorder: _Recorder) -> None:
        assert corked.is_closing() is False
        recorder.closing = True
        assert corked.is_closing() is True

    assert _sent(ask) == []
