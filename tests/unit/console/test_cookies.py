"""The session cookie: secure wherever the connection is, one or none."""

import pytest

from iamd.console.cookies import clear_cookie, session_cookie, set_cookie
from iamd.model.http import HttpRequest


def test_over_tls_the_cookie_never_goes_without_it() -> None:
    flags = b"; Path=/console; Max-Age=60; HttpOnly; SameSite=Strict"
    assert set_cookie("t", 60, secure=True) == (b"set-cookie", b"iamd-session=t" + flags + b"; Secure")
    assert set_cookie("t", 60, secure=False) == (b"set-cookie", b"iamd-session=t" + flags)
    assert clear_cookie(secure=False)[1].startswith(b"iamd-session=; Path=/console; Max-Age=0")


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ([], None),
        ([b"other=1"], None),
        ([b"iamd-session=t"], "t"),
        ([b"a=1; iamd-session=t; b=2"], "t"),
        ([b"a=1", b"iamd-session=t"], "t"),
        ([b"iamd-session=t; iamd-session=u"], None),
        ([b"iamd-session=t", b"iamd-session=t"], None),
        ([b"xiamd-session=t; iamd-sessionx=u"], None),
    ],
)
def test_one_cookie_of_the_name_counts_and_of_two_none(headers: list[bytes], token: str | None) -> None:
    request = HttpRequest("GET", b"/", headers=[(b"cookie", value) for value in headers])
    assert session_cookie(request) == token
