"""A path as Signature Version 4 covers it for every service but S3 (RFC 3986, section 6.2.2.3)."""


def normal_path(raw_path: bytes) -> bytes:
    """Without dot segments and repeated slashes; percent-encoding is untouched, so an encoded dot stays one.

    INVARIANT: what is signed, what is routed and what is read as labels is this one path. Two paths that a signature
    does not tell apart mean the same.
    """
    if raw_path in (b"", b"/"):
        return b"/"
    kept: list[bytes] = []
    for segment in raw_path.split(b"/"):
        if segment == b"..":
            del kept[-1:]
        elif segment not in (b"", b"."):
            kept.append(segment)
    tail = b"/" if raw_path.endswith(b"/") and kept else b""
    return b"/" + b"/".join(kept) + tail
