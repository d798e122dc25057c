"""The built pages: hashed assets that a browser may keep for ever, and the one page that starts them all."""

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
"""The standard library's own table, without what the machine's files add to it."""


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


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    headers: Headers


class Static:
    """The files below `folder`, read once; `new_nonce` draws what each answer with a page lets its styles carry."""

    def __init__(self, folder: Path, new_nonce: Callable[[], str]) -> None:
        self._new_nonce = new_nonce
        self._files = dict(_read(folder)) if folder.is_dir() else {}
        self._index = self._files.pop(_INDEX, None)

    def answer(self, path: str) -> HttpResponse:
        """The file; for any other path the page, which knows its own. Assets that are not there are not found."""
        name = path.removeprefix("/")
        file = self._files.get(name)
        if file is not None:
            return HttpResponse(200, [*file.headers, *COMMON, policy("none")], file.body)
        if name.startswith((_ASSETS, "console/")):
            return HttpResponse(404, [(b"content-type", b"text/plain"), NO_STORE, *COMMON], b"not found\n")
        nonce = self._new_nonce()
        html = (b"content-type", b"text/html; charset=utf-8")
        body = _NOT_BUILT
        if self._index is not None:
            body = self._index.body.replace(_NONCE, _NONCE + nonce.encode("ascii"), 1)
        return HttpResponse(200, [html, NO_STORE, *COMMON, policy(nonce)], body)


def _read(folder: Path) -> "list[tuple[str, _File]]":
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("."):
            kind = _TYPES.guess_type(name)[0] or "application/octet-stream"
            charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else ""
            caching = _FOREVER if name.startswith(_ASSETS) else _REVALIDATE
            found.append((name, _File(path.read_bytes(), [(b"content-type", f"{kind}{charset}".encode()), caching])))
    return found
