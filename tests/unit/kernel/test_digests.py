"""Every checksum of S3, against published check values, in any pieces."""

import pytest

from iamd.kernel.digests import CHECKSUM_SIZES, new_digest

# Check values of "123456789": the catalogue of parametrised CRC algorithms; RFC 1321 and FIPS 180 implementations; for
# the xxHash family the reference implementation.
CHECKS = {
    "crc32": "cbf43926",
    "crc32c": "e3069283",
    "crc64nvme": "ae8b14860a799888",
    "md5": "25f9e794323b453885f5181f1b624d0b",
    "sha1": "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "sha256": "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    "xxhash64": "8cb841db40e6ae83",
}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_published_check_values(name: str) -> None:
    digest = new_digest(name)
    digest.update(b"123456789")
    assert digest.digest().hex() == CHECKS[name]


@pytest.mark.parametrize("name", sorted(CHECKSUM_SIZES))
def test_pieces_make_no_difference(name: str) -> None:
    whole, parts = new_digest(name), new_digest(name)
    data = bytes(range(256)) * 9
    whole.update(data)
    for at in range(0, len(data), 100):
        parts.update(data[at : at + 100])
    digest = whole.digest()
    assert digest == parts.digest()
    assert len(digest) == CHECKSUM_SIZES[name]


def test_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        new_digest("crc16")
