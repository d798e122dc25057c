"""The road without sockets, over a real store, where somebody else's change comes between decision and change."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamd.bootstrap.accounts import Urls
from iamd.bootstrap.compose import compose, open_parts
from iamd.bootstrap.first_start import first_start
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import run
from iamd.model.http import HttpRequest, HttpResponse
from iamd.reference.quotas import Quotas

Work = Callable[[Any], Any]
_VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}


class Between:
    """The store; before each write that a call makes, the next of `changes` is committed."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.changes: deque[Work] = deque()

    def write(self, work: Work, **more: Any) -> Coroutine[Any, Any, Any]:
        if self.changes:
            self._store.write_now(self.changes.popleft())
        written: Coroutine[Any, Any, Any] = self._store.write(work, **more)
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Text:
    """A body that has come whole."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def read(self, limit: int) -> bytes | None:
        return self._body if len(self._body) <= limit else None

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self._body


class Road:
    """An account with its administrator, and whom a test adds. Calls are answered with status and text."""

    def __init__(self, directory: Path) -> None:
        parts = open_parts(directory, None, ephemeral=True)
        start = first_start(parts, None, "us-east-1", Urls("http://localhost", "http://localhost"), directory)
        assert start.created is not None
        self.store = parts.store
        self.account = start.created.id
        self.admin = Credentials(start.created.access_key_id, start.created.secret_access_key)
        kernel = compose(parts, "us-east-1", Quotas())
        self.between = Between(parts.store)
        self._kernel: Kernel = replace(kernel, store=cast("Any", self.between))

    async def call(self, service: str, action: str, key: Credentials | None = None, **params: str) -> tuple[int, str]:
        body = urlencode({"Action": action, "Version": _VERSIONS[service], **params}).encode()
        aws = AWSRequest("POST", "http://localhost/", data=body)
        aws.headers["Content-Type"] = "application/x-www-form-urlencoded"
        SigV4Auth(key or self.admin, service, "us-east-1").add_auth(aws)
        headers = [(name.lower().encode(), value.encode()) for name, value in aws.headers.items()]
        headers.append((b"host", urlsplit(aws.url).netloc.encode()))
        headers.append((b"content-length", str(len(body)).encode()))
        answer: HttpResponse = await run(
            self._kernel, HttpRequest("POST", b"/", b"", headers), Text(body), host_is_trusted=True
        )
        assert isinstance(answer.body, bytes)
        return answer.status, answer.body.decode()

    async def made(self, service: str, action: str, key: Credentials | None = None, **params: str) -> str:
        status, text = await self.call(service, action, key, **params)
        assert status == 200, text
        return text

    async def close(self) -> None:
        await self._kernel.trail.close()
        self.store.close()
