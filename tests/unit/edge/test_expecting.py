"""An answer before the body that a client holds back is the connection's last."""

import asyncio
from typing import Any

import pytest

from iamd.edge.expecting import close_unless_read

START = {"type": "http.response.start", "status": 403, "headers": [(b"server", b"iamd")]}
END = {"type": "http.response.body", "body": b""}


def answered(*, expects: bool, reads: bool) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def application() -> None:
        headers = [(b"host", b"h"), *([(b"expect", b"100-continue")] if expects else [])]
        ask, answer = close_unless_read({"headers": headers}, receive, send)
        if reads:
            assert (await ask())["type"] == "http.request"
        await answer(START)
        await answer(END)

    asyncio.run(application())
    return sent


def test_an_answer_before_the_body_closes() -> None:
    start, end = answered(expects=True, reads=False)
    assert start == {**START, "headers": [(b"server", b"iamd"), (b"connection", b"close")]}
    assert end == END


@pytest.mark.parametrize(("expects", "reads"), [(True, True), (False, True), (False, False)])
def test_every_other_answer_is_left_as_it_is(*, expects: bool, reads: bool) -> None:
    assert answered(expects=expects, reads=reads) == [START, END]
