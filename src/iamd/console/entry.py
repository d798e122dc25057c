"""How a call enters by the console's door: by a session's cookie, with the operation's input as JSON or as S3 sends it.

Behind the entry it goes the road of every signed call (`kernel/pipeline.py`).
"""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

import orjson

from iamd.console.reading import read_input
from iamd.console.sessions import Signed, refuse_unchanged, still_signed_in
from iamd.kernel.call import Call
from iamd.kernel.find import draw_ids, find_operation, parse, read_text
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import Step
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.requests import write_request
from iamd.wire.sigv4 import AuthScheme

_LIMIT: Final = 5 << 20
_S3: Final = "s3"


def by_json(signed: Signed, service: str, operation: str) -> tuple[Step, ...]:
    """`POST /console/api/{service}/{operation}`, the body being the operation's input."""

    def find(kernel: Kernel, call: Call) -> None:
        _find_service(kernel, call, service)
        assert call.spec is not None  # noqa: S101  # just found
        if operation not in call.spec.operation_names:
            raise AwsError("InvalidAction", f"Could not find operation {operation} for service {service}", 400)
        call.wanted = call.spec.operation(operation)
        if call.wanted.streaming_output is not None:
            raise AwsError("InvalidRequest", f"{operation} answers with bytes: ask for them by /console/api/presign.")

    return (find, _read_json, partial(_authenticate, signed), find_operation, _take)


def by_path(signed: Signed) -> tuple[Step, ...]:
    """`/console/s3/…`: a request as S3 takes it, without a signature."""

    def find(kernel: Kernel, call: Call) -> None:
        _find_service(kernel, call, _S3)

    return (find, read_text, partial(_authenticate, signed), find_operation, parse)


def _find_service(kernel: Kernel, call: Call, name: str) -> None:
    """Only what is built has a door here."""
    call.service = kernel.catalog.services.get(name)
    call.spec = None if call.service is None else call.service.spec
    draw_ids(kernel, call)
    if call.spec is None:
        raise AwsError("NotImplemented", f"The service {name[:64]} is not implemented.", 501)
    call.signed_for = call.spec.signing_name


def _authenticate(signed: Signed, kernel: Kernel, call: Call) -> None:
    """INVARIANT: the session and its user are as they are now, behind the body that a client may have sent slowly."""
    fresh = still_signed_in(kernel, signed.token, kernel.clock())
    if not signed.must_change:
        refuse_unchanged(fresh)
    call.epoch, call.turn = kernel.store.epoch, kernel.facts.turn
    call.identify = partial(_authenticate, signed)
    call.caller = fresh.caller
    call.scheme = AuthScheme.HEADER_V4
    call.is_known = True


async def _read_json(_: Kernel, call: Call) -> None:
    """The input, typed by the model; S3's goes on as the HTTP request that any SDK would make of it."""
    assert call.spec is not None  # noqa: S101  # found by the step before
    assert call.wanted is not None  # noqa: S101  # as above
    body = await call.body.read(_LIMIT)
    if body is None:
        raise AwsError("RequestEntityTooLarge", "The request body is too large.", 413)
    try:
        content = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise AwsError("SerializationException", "The request body is not JSON.") from None
    call.params = read_input(call.wanted, content)
    if call.spec.protocol == "rest-xml":
        call.http = _as_http(call.http, call, call.params)
        if call.wanted.streaming_input is not None:
            call.body, call.http.body = Given(call.http.body), b""


def _take(kernel: Kernel, call: Call) -> None:
    """As from the wire: S3's parser reads its request, the others' input is there already; both are validated."""
    assert call.operation is not None  # noqa: S101  # found by the step before
    if call.operation.spec.service.protocol == "rest-xml":
        parse(kernel, call)
    else:
        call.operation.spec.validate(call.params)


def _as_http(came: HttpRequest, call: Call, params: dict[str, Any]) -> HttpRequest:
    """The request behind the JSON, with the headers by which its sender is known."""
    assert call.wanted is not None  # noqa: S101  # found by the step before
    made = write_request(_S3, call.wanted.name, params)
    kept = [(name, value) for name, value in came.headers if name in (b"host", b"user-agent", b"referer")]
    headers = [*kept, *made.headers, (b"content-length", b"%d" % len(made.body))]
    return HttpRequest(
        made.method, made.path, made.query, headers, made.body, scheme=came.scheme, client_ip=came.client_ip
    )


class Given:
    """A body that is here already."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def read(self, limit: int) -> bytes | None:
        return self._body if len(self._body) <= limit else None

    async def chunks(self) -> AsyncIterator[bytes]:
        if self._body:
            yield self._body
