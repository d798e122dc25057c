"""The built pages: hashed assets that a browser may keep for ever, and the one page that starts them all."""

import gzip
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from iamd.console.answers import COMMON, NO_STORE
from iamd.model.http import Headers, HttpResponse

_INDEX: Final = "index.html"
_ASSETS: Final = "assets/"
_NONCE: Final = b'<meta name="csp-nonce" content="'
_FOREVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")
_REVALIDATE: Final = (b"cache-control", b"no-cache")
_NOT_BUILT: Final = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>iamd</title></head>
<body><h1>iamd</h1><p>The web console is not built in this installation. In a checkout run <code>make console</code>,
which needs the npm registry once; packages from an index carry it built.</p><p>The AWS API answers on the API port: use
the aws CLI or any AWS SDK with the keys of bootstrap.json.</p></body></html>
"""
_TYPES: Final = mimetypes.MimeTypes()
"""The standard library's own table, without what the machine's files add to it; Python 3.11's has an old name."""
_TYPES.add_type("text/javascript", ".js")


def policy(nonce: str) -> tuple[bytes, bytes]:
    """The Content-Security-Policy: nothing but this console's own files, no inline script at all."""
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        f"style-src 'self' 'nonce-{nonce}'",
        "font-src data:",
        "img-src 'self' data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
    return b"content-security-policy", "; ".join(directives).encode("ascii")


@dataclass(slots=True)
class _File:
    """`packed` is made when a browser first takes it."""

    body: bytes
    headers: Headers
    packs: bool
    packed: bytes | None = None


class Static:
    """The files below `folder`, read once; `new_nonce` draws what each answer with a page lets its styles carry."""

    def __init__(self, folder: Path, new_nonce: Callable[[], str]) -> None:
        self._new_nonce = new_nonce
        self._files = dict(_read(folder)) if folder.is_dir() else {}
        self._index = self._files.pop(_INDEX, None)

    def answer(self, path: str, accepted: str = "") -> HttpResponse:
        """The file; for any other path the page, which knows its own. Assets that are not there are not found.

        `accepted` is the request's Accept-Encoding.
        """
        name = path.removeprefix("/")
        file = self._files.get(name)
        if file is not None:
            return _sent(file, accepted)
        if name.startswith((_ASSETS, "console/")):
            return HttpResponse(404, [(b"content-type", b"text/plain"), NO_STORE, *COMMON], b"not found\n")
        nonce = self._new_nonce()
        html = (b"content-type", b"text/html; charset=utf-8")
        body = _NOT_BUILT
        if self._index is not None:
            body = self._index.body.replace(_NONCE, _NONCE + nonce.encode("ascii"), 1)
        return HttpResponse(200, [html, NO_STORE, *COMMON, policy(nonce)], body)


def _sent(file: _File, accepted: str) -> HttpResponse:
    headers = [*file.headers, *COMMON, policy("none")]
    if not file.packs:
        return HttpResponse(200, headers, file.body)
    headers.append((b"vary", b"accept-encoding"))
    if "gzip" not in accepted:
        return HttpResponse(200, headers, file.body)
    if file.packed is None:
        file.packed = gzip.compress(file.body, 6, mtime=0)
    return HttpResponse(200, [*headers, (b"content-encoding", b"gzip")], file.packed)


def _read(folder: Path) -> "list[tuple[str, _File]]":
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("."):
            kind = _TYPES.guess_type(name)[0] or "application/octet-stream"
            is_text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
            charset = "; charset=utf-8" if is_text else ""
            caching = _FOREVER if name.startswith(_ASSETS) else _REVALIDATE
            headers = [(b"content-type", f"{kind}{charset}".encode()), caching]
            found.append((name, _File(path.read_bytes(), headers, packs=is_text)))
    return found
