"""Who may send the console a request at all: this server's own names, its own pages, with their token.

A page of another site can make a browser send requests here: by this server's address with its cookie (forged
requests), by a name that its owner points here (DNS rebinding), or from another port of the same host. None of them
passes.
"""

from hmac import compare_digest
from typing import Final
from urllib.parse import urlsplit

from iamd.edge.hosts import Hosts
from iamd.model.errors import AwsError, access_denied
from iamd.model.http import HttpRequest

_SAFE: Final = ("GET", "HEAD")
_OWN_PAGES: Final = ("same-origin", "none")
_JSON: Final = "application/json"


def check_host(hosts: Hosts, request: HttpRequest) -> None:
    """Raises AwsError unless the one Host names this server itself."""
    named = request.header_lists.get(b"host", [])
    if len(named) != 1:
        raise _misdirected()
    host = hosts.read(named[0].decode("latin-1"))
    if not host.trusted or host.bucket is not None:
        raise _misdirected()


def check_origin(request: HttpRequest, url: str) -> None:
    """Raises AccessDenied for what a browser sends on behalf of any page but this console's.

    `url` is where people find it: a proxy in front may put another name into Host. Clients that are no browsers send
    neither header.
    """
    site = request.header(b"sec-fetch-site")
    if site is not None and site not in _OWN_PAGES:
        raise _foreign()
    origin = request.header(b"origin")
    if origin is None or request.method in _SAFE:
        return
    if urlsplit(origin).netloc not in (request.header(b"host"), urlsplit(url).netloc):
        raise _foreign()


def check_json(request: HttpRequest) -> None:
    """No form of another page can send this type without asking first (a CORS preflight, which is not answered)."""
    kind = (request.header(b"content-type") or "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise AwsError("UnsupportedMediaType", "The console's API takes application/json.", 415)


def check_csrf(request: HttpRequest, expected: str) -> None:
    """Raises AccessDenied unless the page has sent the token of its own session."""
    given = request.header_lists.get(b"x-csrf-token", [])
    if len(given) != 1 or not compare_digest(given[0], expected.encode("ascii")):
        raise AwsError("CsrfFailed", "The request lacks this session's token. Reload the page.", 403)


def _misdirected() -> AwsError:
    return AwsError("MisdirectedRequest", "This host is not the console's.", 421)


def _foreign() -> AwsError:
    return access_denied("The console takes requests from its own pages only.")
