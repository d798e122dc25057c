"""What the answers of the REST protocols share: status, headers, and bodies that are one member."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from iamd.model.blob import BlobSlice
from iamd.model.errors import AwsError
from iamd.model.http import Headers, HttpResponse
from iamd.wire.models import Shape
from iamd.wire.scalars import scalar_writer
from iamd.wire.serialize.headers import header_bytes, metadata_bytes

Serializer = Callable[[Mapping[str, Any], str, str], HttpResponse]
"""Takes the result, the request id and the host id."""
BodyWriter = Callable[[Mapping[str, Any]], tuple[bytes | BlobSlice, bytes | None]]
"""The body and its content type (None: whatever the headers say)."""
HeadersWriter = Callable[[Headers, Mapping[str, Any]], None]


class _HeaderWriter(NamedTuple):
    member: str
    header: bytes
    write: Callable[[Any], bytes]


def compile_headers(shape: Shape) -> HeadersWriter:
    """Adds the members of a result that are headers."""
    singles = [
        _HeaderWriter(name, (member.location_name or name).lower().encode("ascii"), _header_writer(member))
        for name, member in shape.members_at("header").items()
    ]
    maps = [
        (name, (member.location_name or name).lower().encode("ascii"))
        for name, member in shape.members_at("headers").items()
    ]

    def put(headers: Headers, result: Mapping[str, Any]) -> None:
        get = result.get
        for name, header, write in singles:
            value = get(name)
            if value is not None:
                headers.append((header, write(value)))
        for member, prefix in maps:
            for key, text in (get(member) or {}).items():
                headers.append((prefix + header_bytes(key), metadata_bytes(text)))

    return put


def _header_writer(member: Shape) -> Callable[[Any], bytes]:
    if member.type == "list":
        inner = _header_writer(member.element)
        return lambda value: b",".join(inner(item) for item in value)
    write = scalar_writer(member, "rfc822", millis=True)
    if write is None:
        return header_bytes
    convert = write
    # A date that S3 takes as any text (Expires) comes back as it came.
    return lambda value: header_bytes(value if isinstance(value, str) else convert(value))


def raw_body(member: str, payload: Shape, kind: bytes | None) -> BodyWriter:
    """A body that is one member, text or bytes or a blob; `kind` is its content type unless it is a stream."""
    streams = bool(payload.traits.get("streaming"))

    def body(result: Mapping[str, Any]) -> tuple[bytes | BlobSlice, bytes | None]:
        value = result.get(member, b"")
        return value.encode() if isinstance(value, str) else value, None if streams else kind

    return body


def no_event_stream(_result: Mapping[str, Any]) -> tuple[bytes, bytes | None]:
    raise AwsError("NotImplemented", "Answers that are event streams are not implemented.", 501)
