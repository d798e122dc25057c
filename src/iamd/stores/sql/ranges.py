"""The end of the range of values that begin with a prefix, in the order that databases sort by."""

_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def successor(prefix: str | bytes) -> str | bytes | None:
    """The least value above everything that begins with `prefix`; None if there is none.

    Text is ordered by code point, which is the order of its UTF-8.
    """
    if isinstance(prefix, bytes):
        trimmed = prefix.rstrip(b"\xff")
        return trimmed[:-1] + bytes((trimmed[-1] + 1,)) if trimmed else None
    kept = prefix.rstrip(chr(_LAST))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)
