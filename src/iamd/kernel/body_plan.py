"""What a request says about its streaming body: how long it is, how it is framed, what it must hash to.

Sources: S3 API Reference, "Common request headers", PutObject, "Error responses"; S3 User Guide, "Checking object
integrity". Messages marked ~ are inferred.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from iamd.kernel.digests import CHECKSUM_SIZES
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import Claim, SigningKeys
from iamd.wire.sigv4.chunked import ChunkedDecoder, decoder

MAX_BODY: Final = 5 * 1024**3
"""Bytes of one PutObject or UploadPart (S3 User Guide, "Amazon S3 multipart upload limits")."""

DEFAULT_CHECKSUM: Final = "crc64nvme"
"""What S3 computes for an upload that brings no checksum."""

FURTHER_DIGESTS: Final = "body.digests"
"""In `HttpRequest.derived`: names of digests that the operation needs whatever the headers say."""

_PREFIX: Final = "x-amz-checksum-"
_HEADERS: Final = tuple((name, f"{_PREFIX}{name}".encode()) for name in CHECKSUM_SIZES)
_LENGTH: Final = re.compile("[0-9]{1,19}")
_SHA256: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """`wire_size` is the Content-Length (None: sent in HTTP's own chunks), `size` that of the object's bytes.

    `digests` are all that have to be computed. `sha256` is the signed payload hash (hex) or None; `md5` and `checksum`
    (algorithm, digest) are what the headers promise; `trailer` is the algorithm whose digest comes behind the body.
    `decoder` undoes aws-chunked and holds the state of doing so: a plan serves one body.
    """

    size: int
    wire_size: int | None
    digests: tuple[str, ...]
    sha256: str | None = None
    md5: bytes | None = None
    checksum: tuple[str, bytes] | None = None
    trailer: str | None = None
    decoder: ChunkedDecoder | None = field(default=None, repr=False)


def plan_body(
    request: HttpRequest, claim: Claim | None, secret: str | None = None, keys: SigningKeys | None = None
) -> BodyPlan:
    """The plan for the body of a request whose headers are here and whose claim was verified with `secret`.

    Without the secret a body of signed chunks is refused. Raises AwsError: MissingContentLength, EntityTooLarge,
    InvalidDigest, InvalidRequest, or what the signature's literal deserves.
    """
    chunks = decoder(request, claim, secret, keys)
    wire_size = _length(request, b"content-length")
    size = wire_size if chunks is None else _length(request, b"x-amz-decoded-content-length")
    if size is None:
        raise AwsError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
    if size > MAX_BODY:
        raise AwsError(
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            members={"ProposedSize": str(size), "MaxSizeAllowed": str(MAX_BODY)},
        )
    given = checksum_header(request)
    trailer = None if chunks is None else _trailer(request)
    if given is not None and trailer is not None:
        raise AwsError("InvalidRequest", "Expecting a single x-amz-checksum- header")
    algorithm = _algorithm(request, given, trailer)
    sha256 = claim.payload_hash if claim is not None and _SHA256.fullmatch(claim.payload_hash) else None
    further = request.derived.get(FURTHER_DIGESTS, ())
    digests = {"md5", algorithm or DEFAULT_CHECKSUM, *(("sha256",) if sha256 else ()), *further}
    return BodyPlan(
        size=size,
        wire_size=wire_size,
        digests=tuple(sorted(digests)),
        sha256=sha256,
        md5=content_md5(request),
        checksum=given,
        trailer=trailer,
        decoder=chunks,
    )


def checksum_algorithm(request: HttpRequest) -> str | None:
    """The algorithm of the checksum that an upload brings, in a header or behind its body."""
    given = checksum_header(request)
    return given[0] if given is not None else _trailer(request)


def checksum_header(request: HttpRequest) -> tuple[str, bytes] | None:
    """The one `x-amz-checksum-*` header: algorithm and digest. Raises InvalidRequest for two, or a bad value."""
    headers = request.header_lists
    found = [name for name, header in _HEADERS if header in headers]
    if not found:
        return None
    if len(found) > 1 or len(headers[(_PREFIX + found[0]).encode()]) > 1:
        raise AwsError(
            "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    return found[0], read_checksum(found[0], request.header((_PREFIX + found[0]).encode()) or "")


def read_checksum(name: str, text: str) -> bytes:
    """The digest that a header's or trailer's base64 stands for."""
    digest = _base64(text)
    if digest is None or len(digest) != CHECKSUM_SIZES[name]:
        raise AwsError("InvalidRequest", f"Value for {_PREFIX}{name} header is invalid.")
    return digest


def trailing_checksum(name: str, trailers: Mapping[str, str]) -> bytes:
    return read_checksum(name, trailers.get(_PREFIX + name, ""))


def _trailer(request: HttpRequest) -> str | None:
    """The algorithm announced in x-amz-trailer; nothing else may be announced."""
    announced = [name.strip().lower() for name in (request.header(b"x-amz-trailer") or "").split(",") if name.strip()]
    if not announced:
        return None
    algorithm = announced[0].removeprefix(_PREFIX)
    if len(announced) > 1 or not announced[0].startswith(_PREFIX) or algorithm not in CHECKSUM_SIZES:
        raise AwsError("InvalidRequest", "The value specified in the x-amz-trailer header is not supported")
    return algorithm


def _algorithm(request: HttpRequest, given: tuple[str, bytes] | None, trailer: str | None) -> str | None:
    brought = given[0] if given is not None else trailer
    named = request.header(b"x-amz-sdk-checksum-algorithm")
    if named is None:
        return brought
    if brought is None:
        raise AwsError(
            "InvalidRequest",
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers "
            "were found.",
        )
    if named.strip().lower() != brought:
        raise AwsError("InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid.")
    return brought


def _length(request: HttpRequest, header: bytes) -> int | None:
    text = request.header(header)
    if text is None:
        return None
    if not _LENGTH.fullmatch(text.strip()) or len(request.header_lists[header]) > 1:
        raise AwsError("InvalidArgument", f"Invalid value for {header.decode()}.")  # ~
    return int(text)


def content_md5(request: HttpRequest) -> bytes | None:
    text = request.header(b"content-md5")
    if text is None:
        return None
    digest = _base64(text)
    if digest is None or len(digest) != CHECKSUM_SIZES["md5"]:
        raise AwsError(
            "InvalidDigest", "The Content-MD5 you specified was invalid.", members={"Content-MD5": text[:256]}
        )
    return digest


def _base64(text: str) -> bytes | None:
    try:
        return b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
