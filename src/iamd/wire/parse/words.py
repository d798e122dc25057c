"""RFC 2047's encoded words in header values (`=?UTF-8?B?w4Q=?=`)."""

import binascii
import re
from typing import Final

_WORD: Final = re.compile(r"=\?([A-Za-z0-9_-]{1,20})\?([BbQq])\?([!->@-~]*)\?=")
_CHARSETS: Final = frozenset({"utf-8", "us-ascii", "iso-8859-1", "windows-1252"})


def _decode(word: re.Match[str]) -> str:
    charset, encoding, data = word.groups()
    if charset.lower() not in _CHARSETS:
        return word[0]
    try:
        b64 = encoding in "Bb"
        raw = binascii.a2b_base64(data, strict_mode=True) if b64 else binascii.a2b_qp(data, header=True)
        return raw.decode(charset)
    except (binascii.Error, UnicodeDecodeError):
        return word[0]


def decode_words(text: str) -> str:
    """The text with its encoded words decoded; what is no valid word stays as it is."""
    return _WORD.sub(_decode, text)
