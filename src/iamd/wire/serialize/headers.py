"""Header values: nothing that a caller stored may end a header early."""

import base64
import re
from typing import Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def header_bytes(text: str) -> bytes:
    """A value for the wire. INVARIANT: never a line break. Text beyond latin-1 is written as RFC 2047 says."""
    clean = _clean(text)
    try:
        return clean.encode("latin-1")
    except UnicodeEncodeError:
        return rfc2047(clean)


def metadata_bytes(text: str) -> bytes:
    """A value of user metadata: ASCII as it is, everything else encoded as RFC 2047 says, as S3 does."""
    clean = _clean(text)
    return clean.encode("ascii") if clean.isascii() else rfc2047(clean)


def _clean(text: str) -> str:
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def rfc2047(text: str) -> bytes:
    encoded = base64.b64encode(text.encode("utf-8", "replace"))
    return b"=?UTF-8?B?" + encoded + b"?="
