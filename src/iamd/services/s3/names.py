"""Names of buckets and keys.

Amazon S3 User Guide, "General purpose bucket naming rules", "Naming Amazon S3 objects".
"""

import re
from typing import Final

from iamd.model.errors import AwsError
from iamd.reference.quotas import Quotas
from iamd.services.s3 import errors

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_PREFIXES: Final = ("xn--", "sthree-", "amzn-s3-demo-")
_SUFFIXES: Final = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_VERSION: Final = re.compile(r"[A-Za-z0-9._-]{1,1024}")
NULL_VERSION: Final = "null"
QUOTAS: Final = Quotas()


def is_bucket_name(name: str) -> bool:
    """Whether a bucket may be created under this name."""
    return bool(
        _NAME.fullmatch(name)
        and ".." not in name
        and not _ADDRESS.fullmatch(name)
        and not name.startswith(_PREFIXES)
        and not name.endswith(_SUFFIXES)
    )


def missing_bucket(name: str) -> AwsError:
    """The error for a bucket that is not there: a name that no bucket can have is told apart."""
    return errors.no_such_bucket(name) if _NAME.fullmatch(name) else errors.invalid_bucket_name(name)


def key_bytes(key: str) -> bytes:
    """A key as it is stored: opaque. Raises KeyTooLongError."""
    raw = key.encode("utf-8")
    if len(raw) > QUOTAS.object_key:
        raise AwsError(
            "KeyTooLongError",
            "Your key is too long",
            members={"Size": str(len(raw)), "MaxSizeAllowed": str(QUOTAS.object_key)},
        )
    return raw


def check_version(version: str | None, key: str) -> None:
    """Without versioning an object has the version `null` and no other."""
    if version is None or version == NULL_VERSION:
        return
    if not version:
        raise errors.invalid_argument("Version id cannot be the empty string", "versionId", version)
    if not _VERSION.fullmatch(version):
        raise errors.invalid_argument("Invalid version id specified", "versionId", version)
    raise errors.no_such_version(key, version)
