"""Several nodes on one database: servers with data directories of their own, one key and one store of objects."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from botocore.exceptions import ClientError

from tests.clients.server import Iamd, running


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


def answer(node: Iamd, key: object) -> str:
    """Of a call that memory could answer: a code, "" for success."""
    try:
        node.client("iam", key).list_users()
    except ClientError as fault:
        return str(fault.response["Error"]["Code"])
    return ""


def seconds_until(wanted: str, node: Iamd, key: object, *, most: float = 10) -> float:
    """How long the node goes on answering otherwise."""
    began = time.monotonic()
    while answer(node, key) != wanted:
        assert time.monotonic() - began < most
    return time.monotonic() - began
