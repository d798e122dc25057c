"""What pages of other origins can do with somebody's session, in a real browser: nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Cookie

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-b")
_CALL = """
async (url) => {
  const body = JSON.stringify({ UserName: "mallory" });
  const sent = [
    { method: "POST", mode: "no-cors", credentials: "include", headers: { "content-type": "text/plain" }, body },
    { method: "POST", credentials: "include", headers: { "content-type": "application/json" }, body },
  ];
  const answers = await Promise.allSettled(sent.map((each) => fetch(url, each)));
  return answers.map(({ value }) => (value === undefined ? "failed" : `${value.type} ${value.status}`));
}
"""


class _Plain(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title><body>elsewhere</body>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another server on the same host: to a browser the same site, so it sends the cookie along."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Plain)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def session_cookie(visitor: Visitor) -> Cookie:
    (cookie,) = [each for each in visitor.context.cookies() if each["name"] == "iamd-session"]
    return cookie


def plant(visitor: Visitor, value: str) -> None:
    visitor.context.add_cookies([{"name": "iamd-session", "value": value, "domain": "localhost", "path": "/console"}])


def users(visitor: Visitor) -> list[str]:
    return [user["UserName"] for user in visitor.iamd.client("iam").list_users()["Users"]]


def test_a_page_of_another_origin_calls_nothing_and_frames_nothing(root: Visitor, elsewhere: str) -> None:
    before = users(root)
    foreign = root.context.new_page()
    foreign.goto(elsewhere)
    said = foreign.evaluate(_CALL, f"{root.iamd.console}/console/api/iam/CreateUser")
    assert said == ["failed", "failed"]
    assert users(root) == before

    foreign.evaluate(
        """(url) => {
          const form = document.body.appendChild(document.createElement("form"));
          Object.assign(form, { method: "POST", enctype: "text/plain", action: url, target: "sink" });
          const field = form.appendChild(document.createElement("input"));
          Object.assign(field, { name: '{"UserName":"mallory","x":"', value: '"}' });
          document.body.appendChild(document.createElement("iframe")).name = "sink";
          form.submit();
        }""",
        f"{root.iamd.console}/console/api/iam/CreateUser",
    )
    with foreign.expect_console_message(lambda message: "frame-ancestors" in message.text):
        foreign.evaluate(
            "(url) => { document.body.appendChild(document.createElement('iframe')).src = url }", root.iamd.console
        )
    assert all("Sign in" not in frame.content() for frame in foreign.frames), "no page of the console in a frame"
    assert users(root) == before


def test_the_console_answers_to_no_other_name_and_shows_no_script_its_cookie(root: Visitor) -> None:
    port = urlsplit(root.iamd.console).port
    other = root.context.new_page()
    answer = other.goto(f"http://rebound.localhost:{port}/iam")
    assert answer is not None
    assert answer.status == 421
    assert "iamd-session" not in root.page.evaluate("() => document.cookie")
    cookie = session_cookie(root)
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/console")


def test_a_session_is_not_the_one_that_was_planted_before_signing_in(visitor: Visitor) -> None:
    plant(visitor, "planted")
    visitor.page.reload()
    visitor.sign_in_as_root()
    first = session_cookie(visitor)["value"]
    assert first != "planted"
    visitor.sign_out()
    visitor.sign_in_as_root()
    assert session_cookie(visitor)["value"] not in ("planted", first)
    visitor.context.clear_cookies()
    plant(visitor, first)
    visitor.page.reload()
    visitor.heading("Sign in to iamd")
