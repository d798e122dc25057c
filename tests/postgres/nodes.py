"""Several nodes on one database: servers with data directories of their own, one key and one store of objects."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

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
