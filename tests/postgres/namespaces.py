"""Networks of the tests' own: ports that a page names are free there, and a cable between two can be pulled."""

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Self, TypeVar

T = TypeVar("T")
_CLONE_NEWNET: Final = 0x40000000


class Namespace:
    """A thread in a network of its own; the threads and processes that it starts are there too.

    `is_apart` is false where networks cannot be made: then it is the one that everybody is in.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self.is_apart = False
        self._path = ""

    def __enter__(self) -> Self:
        self.is_apart = self.run(_enter)
        self._path = self.run(lambda: f"/proc/{os.getpid()}/task/{threading.get_native_id()}/ns/net")
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def run(self, work: Callable[[], T]) -> T:
        return self._pool.submit(work).result()

    def ip(self, *words: str) -> None:
        """Runs iproute2's command there."""
        self.run(lambda: subprocess.run(["ip", *words], check=True))

    def plug_into(self, other: "Namespace", own: str, others: str) -> None:
        """A cable between the two: `near` here and `far` there, with these addresses of 24 bits."""
        self.ip("link", "add", "near", "type", "veth", "peer", "name", "far", "netns", other._path)
        for side, name, address in ((self, "near", own), (other, "far", others)):
            side.ip("address", "add", f"{address}/24", "dev", name)
            side.ip("link", "set", name, "up")


def _enter() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() != 0 or libc.unshare(_CLONE_NEWNET) != 0:
        return False
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    return True
