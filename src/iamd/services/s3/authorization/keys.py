"""S3's condition keys, each present exactly when the Service Authorization Reference documents it for the action.

Values: S3 User Guide, "Bucket policy examples using condition keys" and "Amazon S3 Signature Version 4 authentication
specific policy keys"; where they are silent the choice is marked ~.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from iamd.authz.check import Ask, KeyValue
from iamd.model.http import header_text
from iamd.model.tags import Tags

CANNED_ACL: Final = "x-amz-acl"
GRANTS: Final = (
    "x-amz-grant-full-control",
    "x-amz-grant-read",
    "x-amz-grant-read-acp",
    "x-amz-grant-write",
    "x-amz-grant-write-acp",
)
CREATE_BUCKET_HEADERS: Final = (CANNED_ACL, *GRANTS, "x-amz-object-ownership", "x-amz-bucket-namespace")
PUT_OBJECT_HEADERS: Final = (
    CANNED_ACL,
    *GRANTS,
    "if-match",
    "if-none-match",
    "x-amz-metadata-directive",
    "x-amz-object-annotation-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
    # Object lock is not built: a request with one of these is refused behind the decision.
    "object-lock-mode",
    "object-lock-legal-hold",
    "object-lock-retain-until-date",
    "object-lock-event-hold",
    "object-lock-event-hold-duration-days",
)

_TLS_FLOOR: Final = "1.2"
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"
_V4: Final = "AWS4-HMAC-SHA256"


def request_keys(ask: Ask, owner: str) -> dict[str, KeyValue]:
    """The keys of every S3 action: how the request was signed and sent, and who owns the resource."""
    keys: dict[str, KeyValue] = {}
    if owner:
        keys["s3:resourceaccount"] = owner
    if ask.http.scheme == "https":
        # ~ The door refuses older versions; which newer one it was, nobody tells us.
        keys["s3:tlsversion"] = ask.http.derived.get("tls_version", _TLS_FLOOR)
    if ask.auth:
        keys["s3:authtype"] = ask.auth
        keys["s3:signatureversion"] = ask.signature_version
        if ask.signature_version == _V4:
            keys["s3:signatureage"] = str(max(0, ask.now - ask.signed_at))
    payload = ask.http.header_lists.get(b"x-amz-content-sha256")
    if payload is not None:
        keys["s3:x-amz-content-sha256"] = header_text(payload[0])
    elif ask.auth == "REST-QUERY-STRING":
        keys["s3:x-amz-content-sha256"] = ask.payload or _UNSIGNED
    return keys


def header_keys(ask: Ask, names: Iterable[str]) -> dict[str, KeyValue]:
    """A key for each of these headers that the request has, holding what the operation reads in it."""
    sent = ask.http.header_lists
    return {key: header_text(sent[header][0]) for header, key in _keys_by_header(tuple(names)) if header in sent}


@cache
def _keys_by_header(names: tuple[str, ...]) -> tuple[tuple[bytes, str], ...]:
    return tuple(
        ((f"x-amz-{name}" if name.startswith("object-lock") else name).encode("ascii"), f"s3:{name}") for name in names
    )


def existing_tags(tags: Tags) -> dict[str, KeyValue]:
    return {f"s3:existingobjecttag/{name.lower()}": value for name, value in tags}


def request_tags(tags: Tags) -> dict[str, KeyValue]:
    if not tags:
        return {}
    keys: dict[str, KeyValue] = {f"s3:requestobjecttag/{name.lower()}": value for name, value in tags}
    keys["s3:requestobjecttagkeys"] = tuple(name for name, _ in tags)
    return keys


def list_keys(params: Mapping[str, object]) -> dict[str, KeyValue]:
    """What a listing asks for, as far as it says so."""
    names = (("Prefix", "s3:prefix"), ("Delimiter", "s3:delimiter"), ("MaxKeys", "s3:max-keys"))
    return {key: str(params[member]) for member, key in names if member in params}
