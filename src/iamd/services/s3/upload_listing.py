"""Listing uploads: prefix, delimiter, pages. As for keys, a common prefix costs one step."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from iamd.services.s3.listing import successor
from iamd.services.s3.uploads import named_checksum
from iamd.stores.ports.buckets import Upload
from iamd.stores.ports.records import Records

_READ: Final = 200


@dataclass(frozen=True, slots=True)
class WantedUploads:
    """Uploads behind `key_marker`, or of that key with ids behind `id_marker`, where there is one."""

    bucket_id: str
    prefix: bytes
    delimiter: bytes
    limit: int
    key_marker: bytes = b""
    id_marker: str = ""


@dataclass(slots=True)
class UploadListing:
    """`next` is the pair of markers where it goes on, None at the end."""

    uploads: list[Upload] = field(default_factory=list)
    prefixes: list[bytes] = field(default_factory=list)
    next: tuple[bytes, str] | None = None


def list_uploads(uploads: Records[Upload], wanted: WantedUploads) -> UploadListing:
    listing = UploadListing()
    last: tuple[bytes, str] = wanted.key_marker, wanted.id_marker
    if not wanted.limit:
        return listing
    for name, upload in _entries(uploads, wanted):
        if len(listing.uploads) + len(listing.prefixes) == wanted.limit:
            listing.next = last
            break
        if upload is None:
            listing.prefixes.append(name)
            last = name, ""
        else:
            listing.uploads.append(upload)
            last = upload.key, upload.id
    return listing


def _entries(uploads: Records[Upload], wanted: WantedUploads) -> Iterator[tuple[bytes, Upload | None]]:
    """Uploads behind the markers, and common prefixes without one: what lies under a prefix is stepped over."""
    bounds: dict[str, Any] = {}
    if wanted.key_marker:
        bounds = {"after": (wanted.key_marker, wanted.id_marker) if wanted.id_marker else (wanted.key_marker,)}
    while rows := uploads.page("key", wanted.bucket_id, starts=wanted.prefix, limit=_READ, **bounds):
        under: bytes | None = None
        for row in rows:
            if under is not None and row.key.startswith(under):
                continue
            under = _common_prefix(row.key, wanted)
            if under is None:
                yield row.key, row
            elif under > wanted.key_marker:
                yield under, None
        beyond = None if under is None else successor(under)
        if under is not None and beyond is None:
            return
        bounds = {"after": (rows[-1].key, rows[-1].id)} if beyond is None else {"since": (beyond,)}


def _common_prefix(key: bytes, wanted: WantedUploads) -> bytes | None:
    if not wanted.delimiter:
        return None
    end = key.find(wanted.delimiter, len(wanted.prefix))
    return None if end < 0 else key[: end + len(wanted.delimiter)]


def shown_upload(upload: Upload) -> dict[str, Any]:
    """What lists say of an upload beside its key, id and owner."""
    name = upload.initiator.rpartition(":")[2].rpartition("/")[2]
    return {
        "Initiator": {"ID": upload.initiator, "DisplayName": name},
        "StorageClass": orjson.loads(upload.metadata).get("StorageClass", "STANDARD"),
        **named_checksum(upload),
    }
