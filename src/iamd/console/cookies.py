"""The session cookie: no script reads it, no other site's page makes a browser send it."""

from typing import Final

from iamd.model.http import HttpRequest

NAME: Final = "iamd-session"
_NAME_BYTES: Final = NAME.encode()
_PATH: Final = "/console"


def session_cookie(request: HttpRequest) -> str | None:
    """The token that the browser sends, None without one or with several: a page of another port can plant one."""
    pairs = [part.partition(b"=") for header in request.header_lists.get(b"cookie", []) for part in header.split(b";")]
    found = [value.strip() for name, _, value in pairs if name.strip() == _NAME_BYTES]
    return found[0].decode("latin-1") if len(found) == 1 else None


def set_cookie(token: str, seconds: int, *, secure: bool) -> tuple[bytes, bytes]:
    flags = "; HttpOnly; SameSite=Strict" + ("; Secure" if secure else "")
    return b"set-cookie", f"{NAME}={token}; Path={_PATH}; Max-Age={seconds}{flags}".encode("ascii")


def clear_cookie(*, secure: bool) -> tuple[bytes, bytes]:
    return set_cookie("", 0, secure=secure)
