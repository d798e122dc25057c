"""A server that runs and does not answer."""

import json
import ssl
from collections.abc import Iterator
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.request import urlopen

from iamd.bootstrap.accounts import read_endpoint
from iamd.bootstrap.doctor.finding import Finding, Site, error
from iamd.bootstrap.doctor.holder import server_of

_SECONDS: Final = 5.0
_HEALTH: Final = "/_iamd/health"


def check(site: Site) -> Iterator[Finding]:
    process = server_of(site.data_dir)
    if process is None:
        return
    try:
        url = read_endpoint(site.data_dir)[1].endpoint + _HEALTH
    except (OSError, ValueError, KeyError):
        # It has only just begun to start.
        return
    why = _ask(url)
    if why:
        yield error(
            f"process {process} holds {site.data_dir}, but {url} does not answer: {why}",
            "Clients that use this address reach nobody: the server hangs, or a proxy or name before it is wrong.",
            "Read the server's log; see whether --public-url and the proxy lead to it; if it hangs, end it by SIGTERM.",
        )


def _ask(url: str) -> str:
    """Why there is no right answer, "" if there is one. Whose the certificate is does not matter here."""
    anyone = ssl.create_default_context()
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    try:
        with urlopen(url, timeout=_SECONDS, context=anyone) as answer:  # noqa: S310  # what our own server wrote
            return "" if json.loads(answer.read()).get("status") == "ok" else "it is not iamd that answers"
    except HTTPError as refusal:
        return f"HTTP status {refusal.code}"
    except (OSError, HTTPException, ValueError, AttributeError) as failure:
        return str(getattr(failure, "reason", None) or failure)
