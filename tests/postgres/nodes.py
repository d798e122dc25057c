"""Several nodes on one database: servers with data directories of their own, one key and one store of objects."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from tests.clients.server import Iamd, running

CURRENT_SECONDS: Final = 1.0
"""No node decides on anything older."""
_UNSURE: Final = ("ServiceUnavailable", "503")


@contextmanager
def nodes(directory: Path, urls: list[str], *flags: str) -> Iterator[list[Iamd]]:
    """A node for each URL; the first makes the account, whose key all of them know."""
    with ExitStack() as stack:
        found: list[Iamd] = []
        for number, url in enumerate(urls):
            words = ["--database-url", url, "--object-store-url", (directory / "objects").as_uri(), *flags]
            joins = found[0] if found else None
            if joins is not None:
                words += ["--master-key-file", str(directory / "0" / "master.key")]
            node, _ = stack.enter_context(running(directory / str(number), *words, joins=joins))
            found.append(node)
        yield found


def code(call: Callable[..., Any], **params: Any) -> str:
    """Of the fault, "" for success."""
    try:
        call(**params)
    except ClientError as fault:
        return str(fault.response["Error"]["Code"])
    return ""


def answer(node: Iamd, key: object) -> str:
    """The code of a call that memory could answer."""
    return code(node.client("iam", key).list_users)


def stale_seconds(wanted: str, ask: Callable[[], str], *, most: float = 30) -> float:
    """From now until the last call was sent that got another answer, save that the node is not sure.

    What a call waits for on a busy machine is not counted: a node must not decide on the past, however late it does.
    """
    began = last = sent = time.monotonic()
    while (heard := ask()) != wanted:
        last = last if heard in _UNSURE else sent
        sent = time.monotonic()
        assert sent - began < most, heard
    return last - began
