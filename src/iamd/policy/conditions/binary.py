"""BinaryEquals: base64 on both sides, the decoded bytes are compared."""

import base64
import binascii
from operator import eq

from iamd.policy.conditions.comparer import typed_family


def read_bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


equals = typed_family(read_bytes, eq)
