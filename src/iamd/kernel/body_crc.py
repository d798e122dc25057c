"""The CRC of runs of bytes one behind the other, from their own CRCs."""

from collections.abc import Iterable
from typing import Final

from iamd.kernel.digests import CHECKSUM_SIZES

COMBINABLE: Final = frozenset({"crc32", "crc32c", "crc64nvme"})


def combined(algorithm: str, parts: Iterable[tuple[bytes, int]]) -> bytes:
    """The digest of all parts in order, each given as its digest and its size in bytes."""
    # 12 MB of native code, loaded when it is needed first.
    from awscrt import checksums  # type: ignore[import-untyped]  # noqa: PLC0415  # it ships no types

    combine = {
        "crc32": checksums.combine_crc32,
        "crc32c": checksums.combine_crc32c,
        "crc64nvme": checksums.combine_crc64nvme,
    }[algorithm]
    value = 0
    for digest, size in parts:
        value = combine(value, int.from_bytes(digest, "big"), size)
    return int(value).to_bytes(CHECKSUM_SIZES[algorithm], "big")
