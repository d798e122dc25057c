"""The console's API as its pages call it, without a browser."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.clients.server import Iamd


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Pages:
    """One browser's worth of the console: keeps the cookie, sends what a page of the console sends."""

    iamd: Iamd
    cookie: str = ""
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.iamd.console

    def send(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, raw: bool = False
    ) -> Answer:
        """`headers` replace what is sent otherwise; an empty value leaves a header out."""
        netloc = urlsplit(self.origin).netloc
        sent = {"Host": netloc, "Origin": self.origin, "Sec-Fetch-Site": "same-origin", "User-Agent": "pages"}
        if self.cookie:
            sent["Cookie"] = f"iamd-session={self.cookie}"
        if method not in ("GET", "HEAD"):
            sent |= {"x-csrf-token": self.csrf} | ({} if raw else {"Content-Type": "application/json"})
        sent |= self.headers | (headers or {})
        content = body if raw else None if body is None else json.dumps(body).encode()
        port = urlsplit(self.origin).port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, content, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            return Answer(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **more: Any) -> Answer:
        return self.send("GET", f"/console/api/{path}", **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        answer = self.send("POST", f"/console/api/{path}", {} if body is None else body, **more)
        self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        cookie = answer.headers.get("set-cookie")
        if cookie is not None:
            self.cookie = cookie.partition(";")[0].partition("=")[2]
        if answer.headers.get("content-type") == "application/json" and answer.json.get("signed_in"):
            self.csrf = answer.json["csrf"]

    def sign_in(self, username: str, password: str, **more: Any) -> Answer:
        return self.post(
            "signin", {"kind": "user", "account": self.iamd.account, "username": username, "password": password, **more}
        )

    def sign_in_root(self, **more: Any) -> Answer:
        credentials = {"kind": "root", "email": "root@localhost", "password": self.iamd.root_password, **more}
        return self.post("signin", credentials)
