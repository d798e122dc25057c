"""S3 without sockets: requests as they come over the wire, authorized, performed and answered in memory."""

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import md5
from typing import Any
from urllib.parse import quote, urlencode

from iamd.authz.caller import NOBODY, Caller
from iamd.authz.check import Ask, Check
from iamd.authz.decide import Verdict
from iamd.kernel.body import plan_body, receive
from iamd.kernel.body_copy import copy_bytes, pieces
from iamd.kernel.context import Context
from iamd.kernel.service import Operation
from iamd.model.blob import BlobRef, BlobSlice
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest, HttpResponse
from iamd.services.s3.service import service as s3
from iamd.stores.memory import MemoryBlobs
from iamd.stores.ports.state import State
from tests.unit.services.lab import HERE, Lab

OWNER = "111111111111"
FULL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


@dataclass
class Answer:
    """`fault` is the error's code, "" for success; `told` its message."""

    status: int
    headers: dict[str, str]
    body: bytes
    fault: str = ""
    told: str = ""

    @property
    def text(self) -> str:
        return self.body.decode()

    def all(self, element: str) -> list[str]:
        return re.findall(f"<{element}>(.*?)</{element}>", self.text)


class S3Lab(Lab):
    def __init__(self) -> None:
        super().__init__()
        self.blobs = MemoryBlobs(self.tools.ids.internal_id)
        self.owner = self.add_user("owner", FULL)
        self.asked: list[Check] = []

    def __call__(
        self,
        method: str,
        path: str,
        query: dict[str, str] | str = "",
        *,
        body: bytes = b"",
        by: Caller | None = None,
        region: str = "us-east-1",
        auth: str = "REST-HEADER",
        scheme: str = "http",
        **headers: str,
    ) -> Answer:
        """`path` is `/bucket/key`, percent-encoded by itself; headers are written with `_` for `-`."""
        text = query if isinstance(query, str) else urlencode(query)
        names = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()}
        names.setdefault(b"content-length", str(len(body)).encode())
        http = HttpRequest(method, quote(path).encode(), text.encode(), names.items(), scheme=scheme)
        caller = self.owner if by is None else by
        try:
            return self._answer(self._perform(http, caller, body, region, "" if caller is NOBODY else auth))
        except AwsError as error:
            plain = Answer(error.status, dict(error.headers), b"", error.code, error.message)
            plain.headers |= error.members
            return plain

    def try_built(self, method: str, path: str, query: str, **more: Any) -> Answer | None:
        """The answer, None where the request is no operation that is built."""
        try:
            return self(method, path, query, **more)
        except KeyError as error:
            if error.args[0] in s3.spec.operation_names:
                return None
            raise

    def denied(self, operation: Operation, params: dict[str, Any], by: Caller) -> bool:
        """Whether every check of the operation's table is refused."""
        assert operation.checks is not None
        http = HttpRequest("GET", b"/")
        ask = Ask(operation.spec.name, params, by, by.account, "us-east-1", self.state, http, 1000)
        self.facts.refresh()
        verdicts = self.authorizer.decide(ask, operation.checks(ask))
        return bool(verdicts) and all(verdict.denial is not None for verdict in verdicts)

    def _perform(self, http: HttpRequest, caller: Caller, body: bytes, region: str, auth: str) -> HttpResponse:
        spec = s3.spec.route(http)
        operation = s3.operations[spec.name]
        if spec.streaming_input is None:
            http.body = body
        params = spec.parse(http)
        spec.validate(params)
        millis = int(self.now.timestamp() * 1000)
        version = "AWS4-HMAC-SHA256" if auth else ""
        ask = Ask(
            spec.name, params, caller, caller.account, region, self.state, http, millis, auth, version, millis - 1500
        )
        assert operation.checks is not None
        self.facts.refresh()
        self.asked = list(operation.checks(ask))
        verdicts = self.authorizer.decide(ask, self.asked)
        assert verdicts
        if not operation.itemwise:
            _refuse(verdicts)
        if spec.streaming_input is not None:
            params[spec.streaming_input] = self._receive(http, body)

        order = None if operation.copies is None else operation.copies(http, params)
        prepared = None if order is None else copy_bytes(order, self.blobs)

        def run(state: State) -> Any:
            context = Context(
                now=self.now,
                now_ms=millis,
                request_id="request",
                account=caller.account,
                region=region,
                caller=caller,
                state=state,
                http=http,
                tools=self.tools,
                authorize=lambda checks: _refuse(self.authorizer.decide(ask, checks)),
                prepared=prepared,
                verdicts=tuple(verdict.denial for verdict in verdicts),
            )
            return operation.function(context, params)

        write = self.store.write_now
        result = write(lambda transaction: run(transaction.state)) if operation.writes else run(self.state)
        return spec.serialize(result or {}, request_id="request", host_id="host")

    def _receive(self, http: HttpRequest, body: bytes) -> BlobRef:
        async def chunks() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 100_000):
                yield body[start : start + 100_000]

        return asyncio.run(receive(chunks(), plan=plan_body(http, None), blobs=self.blobs))

    def _answer(self, response: HttpResponse) -> Answer:
        body = response.body
        if isinstance(body, BlobSlice):
            body = b"".join(pieces(body, self.blobs))
        return Answer(response.status, {k.decode(): v.decode("latin-1") for k, v in response.headers}, body)

    def bucket(self, name: str = "bucket", *, open_to_policies: bool = False) -> None:
        assert self("PUT", f"/{name}").status == 200
        if open_to_policies:
            assert self("DELETE", f"/{name}", "publicAccessBlock").status == 204

    def put(self, key: str, body: bytes = b"x", bucket: str = "bucket", **headers: Any) -> Answer:
        answer = self("PUT", f"/{bucket}/{key}", body=body, **headers)
        assert answer.status == 200, answer
        return answer

    def set_policy(self, *statements: dict[str, Any], bucket: str = "bucket", by: Caller | None = None) -> Answer:
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        return self("PUT", f"/{bucket}", "policy", body=text.encode(), by=by)

    def put_settings(self, body: bytes, by: Caller | None = None) -> Answer:
        return self("PUT", "/bucket", "publicAccessBlock", body=body, by=by, content_md5=_md5(body))

    def delete_many(self, xml: str, by: Caller | None = None, **headers: str) -> Answer:
        body = f'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{xml}</Delete>'.encode()
        return self("POST", "/bucket", "delete", body=body, by=by, **{"content_md5": _md5(body), **headers})


def statement(action: Any, resource: str = "bucket/*", principal: Any = "*", **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{resource}"
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": arn, **more}


def _md5(body: bytes) -> str:
    return b64encode(md5(body, usedforsecurity=False).digest()).decode()


def _refuse(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.denial is not None:
            raise verdict.denial


__all__ = ["HERE", "NOBODY", "OWNER", "Answer", "S3Lab", "statement"]
