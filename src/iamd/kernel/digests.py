"""Digests of a body, updated piece by piece.

The names are S3's `x-amz-checksum-*` suffixes (S3 User Guide, "Checking object integrity"): md5, sha1, sha256, sha512,
crc32, crc32c, crc64nvme, xxhash64, xxhash3, xxhash128.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

CHECKSUM_SIZES: Final = {
    "crc32": 4,
    "crc32c": 4,
    "crc64nvme": 8,
    "sha1": 20,
    "sha256": 32,
    "sha512": 64,
    "md5": 16,
    "xxhash64": 8,
    "xxhash3": 8,
    "xxhash128": 16,
}
"""Every checksum that S3 takes, with the bytes of its digest."""

_HASHLIB: Final = frozenset({"md5", "sha1", "sha256", "sha512"})


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class _Crc:
    def __init__(self, function: Callable[[bytes, int], int], size: int) -> None:
        self._function = function
        self._size = size
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = self._function(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._size, "big")


class _XxHash:
    def __init__(self, state: Any) -> None:
        self.update = state.update
        self.digest = state.finalize


def new_digest(name: str) -> Digest:
    """A digest of no bytes yet. Raises KeyError for a name that is not S3's."""
    if name in _HASHLIB:
        # MD5 and SHA-1 are S3's ETag and checksums here: nobody's secret rests on them.
        return hashlib.new(name, usedforsecurity=False)
    size = CHECKSUM_SIZES[name]
    if name == "crc32":
        return _Crc(zlib.crc32, size)
    # 12 MB of native code, loaded when the first body asks for one of these.
    from awscrt import checksums  # type: ignore[import-untyped]  # noqa: PLC0415  # it ships no types

    match name:
        case "crc32c":
            return _Crc(checksums.crc32c, size)
        case "crc64nvme":
            return _Crc(checksums.crc64nvme, size)
        case "xxhash64":
            return _XxHash(checksums.XXHash.new_xxhash64())
        case "xxhash3":
            return _XxHash(checksums.XXHash.new_xxhash3_64())
        case _:
            return _XxHash(checksums.XXHash.new_xxhash3_128())


def new_digests(names: Iterable[str]) -> dict[str, Digest]:
    return {name: new_digest(name) for name in names}
