"""AWS-shaped identifiers. Pure: `random_bytes(n)` gives n bytes and comes from the caller."""

import re
from base64 import b32decode, b32encode, b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Final

RandomBytes = Callable[[int], bytes]

USER: Final = "AIDA"
ROLE: Final = "AROA"
GROUP: Final = "AGPA"
MANAGED_POLICY: Final = "ANPA"
POLICY_VERSION: Final = "ANVA"
INSTANCE_PROFILE: Final = "AIPA"
SERVER_CERTIFICATE: Final = "ASCA"
PUBLIC_KEY: Final = "APKA"
ACCESS_KEY: Final = "AKIA"
SESSION_KEY: Final = "ASIA"

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_TO_BASE32: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 8
"""The character for each byte: 32 divides 256, so that chance stays even."""
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_S3_REQUEST: Final = re.compile(r"[0-9A-Z]{16}")
_URL_SAFE: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
# An id's 80 bits after the prefix: one bit set, 40 bits of account, 39 bits of chance.
_MARK: Final = 1 << 79
_CHANCE_BITS: Final = 39
_ACCOUNT_LIMIT: Final = 10**12
_48_BITS: Final = (1 << 48) - 1


def unique_id(prefix: str, random_bytes: RandomBytes) -> str:
    """`AIDA…`, `AROA…`, …: four letters and 17 of base32, 21 in all (IAM User Guide, "IAM identifiers")."""
    return prefix + random_bytes(17).translate(_TO_BASE32).decode("ascii")


def access_key_id(prefix: str, account: str, random_bytes: RandomBytes) -> str:
    """`AKIA…` or `ASIA…`, 20 characters that carry the account of 12 digits, as AWS's do.

    The layout is Tal Be'ery's, "A short note on AWS KEY ID". 39 bits are chance, so whoever stores keys checks
    that an id is new.
    """
    chance = int.from_bytes(random_bytes(5), "big") & ((1 << _CHANCE_BITS) - 1)
    bits = _MARK | int(account) << _CHANCE_BITS | chance
    return prefix + b32encode(bits.to_bytes(10, "big")).decode("ascii")


def account_of_access_key(key_id: str) -> str | None:
    """The account in an access key id, or None for text that is none or that has the layout from before 2019."""
    if len(key_id) != 20 or key_id[:4] not in (ACCESS_KEY, SESSION_KEY):
        return None
    try:
        bits = int.from_bytes(b32decode(key_id[4:]), "big")
    except ValueError:
        return None
    account = bits >> _CHANCE_BITS & ((1 << 40) - 1)
    return f"{account:012d}" if bits & _MARK and account < _ACCOUNT_LIMIT else None


def secret_key(random_bytes: RandomBytes) -> str:
    """40 characters of base64's alphabet: 240 bits."""
    return b64encode(random_bytes(30)).decode("ascii")


def uuid(random_bytes: RandomBytes) -> str:
    """A version 4 UUID as text: CloudTrail event ids, ids of sessions."""
    return _as_uuid(random_bytes(16).hex())


def request_id(millis: int, random_bytes: RandomBytes) -> str:
    """Written as a version 4 UUID, as AWS's are, but led by its moment, as version 7 is (RFC 9562): 48 bits of
    milliseconds since 1970, 74 of chance. An event is found by it without an index of all ids.
    """  # noqa: D205  one sentence
    return _as_uuid(f"{millis & _48_BITS:012x}{random_bytes(16).hex()[12:]}")


def _as_uuid(raw: str) -> str:
    variant = "89ab"[int(raw[16], 16) & 3]
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-{variant}{raw[17:20]}-{raw[20:]}"


def authorization_id(request: str) -> str:
    """The request id, which must be a UUID, in the digits that AWS writes authorization ids in: 0-9, a-z."""
    number, digits = int(request.replace("-", ""), 16), ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def request_of_authorization(identifier: str) -> str | None:
    """The request id that an authorization id was made of, None for text that is none."""
    if not identifier or len(identifier) > 25 or set(identifier) - set(_DIGITS):
        return None
    number = int(identifier, 36)
    if number >= 1 << 128:
        return None
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def s3_request_id(millis: int, random_bytes: RandomBytes) -> str:
    """16 upper-case letters and digits: eight are its moment, for the same reason, and eight chance."""
    return _moment(millis) + random_bytes(16)[:8].translate(_TO_BASE32).decode("ascii")


@lru_cache(maxsize=2)
def _moment(millis: int) -> str:
    """Milliseconds since 1970 in base 36, so that later ones sort behind; good until 2059."""
    digits = ""
    for _ in range(8):
        millis, digit = divmod(millis, 36)
        digits = _DIGITS[digit] + digits
    return digits.upper()


def moment_of_request(identifier: str) -> int | None:
    """The milliseconds since 1970 that a request id of either kind is led by, None for text that is none."""
    if _UUID.fullmatch(identifier):
        return int(identifier[:8] + identifier[9:13], 16)
    return int(identifier[:8], 36) if _S3_REQUEST.fullmatch(identifier) else None


def s3_host_id(random_bytes: RandomBytes) -> str:
    """`x-amz-id-2`: base64 of 56 bytes, as opaque as AWS's."""
    return b64encode(random_bytes(56)).decode("ascii")


def version_id(random_bytes: RandomBytes) -> str:
    """An S3 object version: 32 URL-safe characters."""
    return "".join([_URL_SAFE[byte & 63] for byte in random_bytes(32)])


def internal_id(random_bytes: RandomBytes) -> str:
    """For things that AWS shows no id of (buckets): 26 characters of base32, 130 bits."""
    return random_bytes(26).translate(_TO_BASE32).decode("ascii").lower()
