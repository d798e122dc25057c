"""What is asked for: the service that was signed for, its operation, and the operation's parameters."""

import re
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_to_bytes

from iamd.kernel.authenticate import require_credentials
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.services import resolve_service, spoken_protocol
from iamd.wire.sigv4.payload import STREAMING, check_body

_LIMIT: Final = 5 << 20
"""Bytes of a body that is no stream. DeleteObjects with a thousand of the longest keys fits."""

# Bounded, or a header full of `Credential=` would keep the server busy for half a second. A key's id has 128 characters
# at most (STS API Reference, Credentials).
_CREDENTIAL: Final = re.compile(rb"Credential=[^/,]{0,128}/[^/,]{0,128}/[^/,]{0,128}/([^/,]{0,128})/")


def signed_service(http: HttpRequest) -> str | None:
    """The service of the credential scope, unverified: it chooses whose rules the signature is read by.

    Signature Version 2 has no scope and only S3 takes it. Two sets of credentials are refused when they are read, and
    so is a set that turns out to be for another service than this.
    """
    header = http.header_lists.get(b"authorization")
    if header:
        match = _CREDENTIAL.search(header[0])
        return match[1].decode("latin-1") if match else ("s3" if header[0].startswith(b"AWS ") else None)
    for name, value in http.query_pairs:
        if name == b"X-Amz-Credential":
            fields = unquote_to_bytes(value).split(b"/")
            return fields[3].decode("latin-1") if len(fields) == 5 else None
        if name == b"AWSAccessKeyId":
            return "s3"
    return None


async def find_service(kernel: Kernel, call: Call) -> None:
    """By what was signed for; an unsigned form is known by the Action in its body."""
    try:
        signed_for = call.signed_for = signed_service(call.http)
        if signed_for is None and _is_form(call.http):
            await _read(call)
        name = resolve_service(call.http, signed_for)
        call.service = kernel.catalog.services.get(name)
        call.spec = kernel.catalog.spec(name, spoken_protocol(call.http, name))
    finally:
        draw_ids(kernel, call)


def draw_ids(kernel: Kernel, call: Call) -> None:
    """What the answer and its event are known by, as the service that was found writes it."""
    ids = kernel.tools.ids
    if call.spec is not None and call.spec.protocol == "rest-xml":
        call.request_id, call.host_id = ids.s3_request_id(call.now_ms), ids.s3_host_id()
    else:
        call.request_id = ids.request_id(call.now_ms)


async def read_text(_: Kernel, call: Call) -> None:
    """Reads the whole body unless it is a stream; a REST operation is known before its body is."""
    assert call.spec is not None  # noqa: S101  # found by the step before
    if call.spec.protocol == "rest-xml":
        try:
            call.wanted = call.spec.route(call.http)
        except AwsError as unknown:
            call.fault = unknown
        else:
            if call.wanted.streaming_input is not None:
                return
    if not call.http.body:
        await _read(call)


async def _read(call: Call) -> None:
    body = await call.body.read(_LIMIT)
    if body is None:
        raise AwsError("RequestEntityTooLarge", "The request body is too large.", 413)
    call.http.body = body


def _is_form(http: HttpRequest) -> bool:
    if http.method != "POST" or http.bucket is not None or http.raw_path != b"/":
        return False
    return (http.header(b"content-type") or "").startswith("application/x-www-form-urlencoded")


def find_operation(_: Kernel, call: Call) -> None:
    """Raises what the route had to say, now that the caller is known; NotImplemented for what is not built.

    Nobody unknown learns what is built, save of S3, whose public needs no credentials.
    """
    spec = call.spec
    assert spec is not None  # noqa: S101  # found by the step before
    if call.fault is not None:
        raise call.fault
    if call.wanted is None:
        call.wanted = spec.route(call.http)
    call.operation = None if call.service is None else call.service.operations.get(call.wanted.name)
    if call.operation is None:
        require_credentials(call)
        raise AwsError("NotImplemented", f"The {call.wanted.name} operation is not implemented.", 501)


def parse(_: Kernel, call: Call) -> None:
    assert call.operation is not None  # noqa: S101  # found by the step before
    spec = call.operation.spec
    if spec.streaming_input is None and call.claim is not None and spec.service.protocol == "rest-xml":
        if call.claim.payload_hash in STREAMING:
            # Nobody takes chunks apart here, so their signatures would go unseen.
            raise AwsError("NotImplemented", "A header you provided implies functionality that is not implemented", 501)
        check_body(call.claim.payload_hash, sha256(call.http.body).hexdigest())
    call.params = spec.parse(call.http)
    spec.validate(call.params)
