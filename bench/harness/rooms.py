"""Which room of the house a frame belongs to: that of the innermost one that tells."""

from functools import cache
from types import CodeType, FrameType
from typing import Final

ELSE: Final = "anything else"
_SQL: Final = "/iamd/stores/sql/"
_KERNEL: Final = "/iamd/kernel/"
ROOMS: Final = {
    "the commit: the log written and synced": ("Engine.commit ",),
    "whether something has changed": ("Facts.refresh ", f"{_SQL}changes", f"{_SQL}recent", f"{_KERNEL}ahead"),
    "rows read and written": (
        f"{_SQL}records",
        f"{_SQL}columns",
        f"{_SQL}connections",
        f"{_SQL}statements",
        f"{_SQL}transaction",
    ),
    "the writer: its queue, begin and end": (_SQL,),
    "small objects: bytes, digests": ("/iamd/stores/blobs/", f"{_KERNEL}body", f"{_KERNEL}digests", f"{_KERNEL}stream"),
    "the event": ("/iamd/audit/", f"{_KERNEL}recording", "/iamd/wire/redaction", "/iamd/authz/user_identity"),
    "signature and key": ("/iamd/wire/sigv4/", "/iamd/credentials/", f"{_KERNEL}authenticate", f"{_KERNEL}callers"),
    "authorization": ("/iamd/authz/", "/iamd/policy/", f"{_KERNEL}authorize", "/authorization/"),
    "the operation and its answer": (
        "/iamd/services/",
        "/iamd/wire/serialize/",
        f"{_KERNEL}service",
        f"{_KERNEL}paging",
    ),
    "service, name and parameters of the operation": ("/iamd/wire/", f"{_KERNEL}find", "/iamd/model/http"),
    "the road: its steps, what lies between them": (_KERNEL,),
    "HTTP, the event loop, the socket": ("/iamd/edge/", "/iamd/gateway/", "/iamd/bootstrap/", "/uvicorn/", "/asyncio/"),
}
"""What the name of a function, a blank and its file hold, by room; the first that holds it is it."""
GENERAL: Final = ("/iamd/credentials/randomness",)
"""Done for whoever called it."""


def room_of(frame: FrameType | None) -> str:
    while frame is not None:
        room = _room(frame.f_code)
        if room:
            return room
        frame = frame.f_back
    return ELSE


@cache
def _room(code: CodeType) -> str:
    text = f"{code.co_qualname} {code.co_filename}"
    if any(mark in text for mark in GENERAL):
        return ""
    return next((name for name, marks in ROOMS.items() if any(mark in text for mark in marks)), "")
