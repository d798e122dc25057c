"""What other pages, other hosts and other sessions cannot make the console do."""

import re
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.clients.console import Pages
from tests.clients.server import Iamd

FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": ""},
    {"Origin": "http://localhost:1", "Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost:1", "Sec-Fetch-Site": ""},
    {"Origin": "null", "Sec-Fetch-Site": ""},
    {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "", "Sec-Fetch-Site": "same-site"},
]


def users(iamd: Iamd) -> list[str]:
    return [each["UserName"] for each in iamd.client("iam").list_users()["Users"]]


def signed_in(iamd: Iamd) -> Pages:
    pages = Pages(iamd)
    assert pages.sign_in_root().status == 200
    return pages


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_origin_makes_no_call_with_the_cookie(iamd: Iamd, headers: dict[str, str]) -> None:
    pages = signed_in(iamd)
    answer = pages.post("iam/CreateUser", {"UserName": "forged"}, headers=headers)
    assert (answer.status, users(iamd)) == (403, ["admin"])


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_page_signs_nobody_in(iamd: Iamd, headers: dict[str, str]) -> None:
    answer = Pages(iamd, headers=headers).sign_in_root()
    assert (answer.status, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("token", ["", "0" * 64, "other"])
def test_a_call_needs_the_token_of_its_own_session(iamd: Iamd, token: str) -> None:
    pages = signed_in(iamd)
    given = signed_in(iamd).csrf if token == "other" else token
    for path in ("iam/CreateUser", "signout", "sessions/revoke", "password", "presign"):
        answer = pages.post(path, {"UserName": "forged"}, headers={"x-csrf-token": given})
        assert (answer.status, answer.json["code"]) == (403, "CsrfFailed")
    assert users(iamd) == ["admin"]
    assert pages.get("session").json["signed_in"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_can_send_is_no_call(iamd: Iamd, kind: str) -> None:
    pages = signed_in(iamd)
    answer = pages.post("iam/CreateUser", {"UserName": "forged"}, headers={"Content-Type": kind})
    assert (answer.status, users(iamd)) == (415, ["admin"])


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4567", "bucket.localhost", "localhost.evil.example"])
def test_another_hosts_name_is_not_answered(iamd: Iamd, host: str) -> None:
    pages = signed_in(iamd)
    for path in ("/", "/console/api/session", "/assets/x.js"):
        answer = pages.send("GET", path, headers={"Host": host})
        assert (answer.status, b"csrf" in answer.body, b"<html" in answer.body) == (421, False, False)


def test_the_cookie_is_for_no_script_no_other_site_and_no_other_path(iamd: Iamd) -> None:
    cookie = Pages(iamd).sign_in_root().headers["set-cookie"]
    value = r"iamd-session=[A-Za-z0-9_-]{43}; Path=/console; Max-Age=43200; HttpOnly; SameSite=Strict"
    assert re.fullmatch(value, cookie)


def test_a_session_is_never_the_one_that_was_there_before_signing_in(iamd: Iamd) -> None:
    planted = "A" * 43
    pages = Pages(iamd, planted)
    pages.sign_in_root()
    assert pages.cookie != planted
    assert Pages(iamd, planted).get("session").json == {"signed_in": False}
    first = pages.cookie
    pages.sign_in_root()
    assert pages.cookie != first
    assert Pages(iamd, first).get("session").json == {"signed_in": False}


@pytest.mark.parametrize("cookie", ["", "x", "a" * 10_000, "%00", "é"])
def test_a_cookie_that_is_nobodys_is_nobody(iamd: Iamd, cookie: str) -> None:
    assert Pages(iamd, cookie).get("session").json == {"signed_in": False}


def test_two_session_cookies_are_none(iamd: Iamd) -> None:
    pages = signed_in(iamd)
    # A page of another port of this host can plant a cookie beside the real one.
    twice = f"iamd-session={pages.cookie}; iamd-session={'A' * 43}"
    backwards = f"iamd-session={'A' * 43}; iamd-session={pages.cookie}"
    seen = [pages.get("session", headers={"Cookie": cookie}).json["signed_in"] for cookie in (twice, backwards)]
    assert seen == [False, False]


def test_pages_have_a_policy_that_lets_nothing_in_and_nobody_frame_them(iamd: Iamd) -> None:
    first, second = (Pages(iamd).send("GET", "/iam/users") for _ in range(2))
    policy = first.headers["content-security-policy"]
    nonce = re.search("'nonce-([a-z0-9]{26})'", policy)
    assert nonce is not None
    assert policy.replace(nonce[1], "N") == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'nonce-N'; font-src data:; "
        "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    assert nonce[1] not in second.headers["content-security-policy"]
    assert (first.headers["x-frame-options"], first.headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert (first.headers["cache-control"], first.headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_stored_bytes_are_never_a_page_or_a_script_of_the_console(iamd: Iamd) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="bkt")
    s3.put_object(
        Bucket="bkt", Key="x.html", Body=b"<script>1</script>", ContentType="text/html", ContentDisposition="inline"
    )
    answer = signed_in(iamd).send("GET", "/console/s3/bkt/x.html?response-content-type=text/javascript")
    shown = {name: answer.headers[name] for name in ("content-type", "content-disposition", "x-content-type-options")}
    assert (answer.status, answer.body) == (200, b"<script>1</script>")
    assert shown == {
        "content-type": "application/octet-stream",
        "content-disposition": "attachment",
        "x-content-type-options": "nosniff",
    }
    assert answer.headers["content-security-policy"].startswith("sandbox;")


def test_stored_bytes_need_the_cookie_and_writing_the_token(iamd: Iamd) -> None:
    iamd.client("s3").create_bucket(Bucket="bkt")
    pages = signed_in(iamd)
    refused: list[Any] = [
        Pages(iamd).send("GET", "/console/s3/bkt/k"),
        pages.send("PUT", "/console/s3/bkt/k", b"x", raw=True, headers={"x-csrf-token": ""}),
        pages.send("DELETE", "/console/s3/bkt", raw=True, headers={"x-csrf-token": ""}),
        pages.send("PUT", "/console/s3/bkt/k", b"x", raw=True, headers=FOREIGN[0]),
    ]
    assert [each.status for each in refused] == [401, 403, 403, 403]
    assert pages.send("PUT", "/console/s3/bkt/k", b"x", raw=True).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/"), ("GET", "/console/api/iam/ListUsers"), ("PUT", "/console/api/session"), ("GET", "/console/api/x")],
)
def test_other_methods_and_paths_are_refused(iamd: Iamd, method: str, path: str) -> None:
    assert signed_in(iamd).send(method, path, {}).status in (404, 405)


@pytest.mark.parametrize("also", ["X-Amz-Credential", "x-amz-%73ignature", "AWSAccessKeyId", "Authorization"])
def test_credentials_beside_the_cookie_are_refused(iamd: Iamd, also: str) -> None:
    iamd.client("s3").create_bucket(Bucket="bkt")
    iamd.client("s3").put_object(Bucket="bkt", Key="k", Body=b"x")
    pages = signed_in(iamd)
    path = "/console/s3/bkt/k"
    if also == "Authorization":
        answer = pages.send("GET", path, headers={"Authorization": "AWS4-HMAC-SHA256 Credential=x"})
    else:
        answer = pages.send("GET", f"{path}?{also}=x")
    assert (pages.send("GET", path).status, answer.status, answer.json["code"]) == (200, 403, "AccessDenied")


def answered_late(pages: Pages, meanwhile: Callable[[], None]) -> bytes:
    """The status line of a CreateUser whose body ends only after `meanwhile`."""
    body = b'{"UserName": "late"}'
    url = urlsplit(pages.origin)
    with socket.create_connection(("127.0.0.1", url.port or 0), timeout=10) as line:
        head = (
            f"POST /console/api/iam/CreateUser HTTP/1.1\r\nHost: {url.netloc}\r\n"
            f"Cookie: iamd-session={pages.cookie}\r\n"
            f"X-Csrf-Token: {pages.csrf}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.sendall(head.encode() + body[:5])
        # The server has the head by the time that it has answered this.
        assert Pages(pages.iamd, pages.cookie, pages.csrf).post("iam/ListUsers").status == 200
        meanwhile()
        line.sendall(body[5:])
        return line.recv(1000).partition(b"\r\n")[0]


def test_a_session_that_ends_while_the_body_comes_does_nothing(iamd: Iamd) -> None:
    pages = signed_in(iamd)

    def sign_out() -> None:
        assert Pages(iamd, pages.cookie, pages.csrf).post("signout").status == 200

    assert b" 401 " in answered_late(pages, sign_out)
    assert users(iamd) == ["admin"]


def test_a_password_that_must_be_changed_while_the_body_comes_is_changed_first(iamd: Iamd) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iamd.user("alice", {"Version": "2012-10-17", "Statement": [everything]})
    iam = iamd.client("iam")
    iam.create_login_profile(UserName="alice", Password="Passw0rd!x")
    pages = Pages(iamd)
    assert pages.sign_in("alice", "Passw0rd!x").status == 200

    def reset() -> None:
        iam.update_login_profile(UserName="alice", PasswordResetRequired=True)

    assert b" 403 " in answered_late(pages, reset)
    assert users(iamd) == ["admin", "alice"]
