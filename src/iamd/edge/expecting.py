"""Answers given without the body that the client holds back (`Expect: 100-continue`)."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from iamd.edge.body import Receive

Send = Callable[[dict[str, Any]], Awaitable[None]]
_EXPECT: Final = b"expect"
_CLOSE: Final = (b"connection", b"close")


def close_unless_read(scope: dict[str, Any], receive: Receive, send: Send) -> tuple[Receive, Send]:
    """The same two, save that an answer sent before the first `receive` ends the connection.

    A client that is answered without being told to continue may leave the body out (RFC 9110, section 10.1.1). The
    server below takes the next bytes for that body, if they come at once: the beginning of the next request.
    """
    if not any(name == _EXPECT for name, _ in scope["headers"]):
        return receive, send
    asked = False

    async def ask() -> dict[str, Any]:
        nonlocal asked
        asked = True
        return await receive()

    async def answer(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and not asked:
            message = {**message, "headers": [*message["headers"], _CLOSE]}
        await send(message)

    return ask, answer
