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
_CLONE_NEWNS: Final = 0x00020000


class Namespace:
    """A thread in a network of its own; the threads and processes that it starts are there too.

    With `mounts`, nobody else sees either what it mounts. `is_apart` is false where networks cannot be made: then it is
    the one that everybody is in.
    """

    def __init__(self, *, mounts: bool = False) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._mounts = mounts
        self.is_apart = False
        self._path = ""

    def __enter__(self) -> Self:
        self.is_apart = self.run(self._enter)
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
        self.cable(other, "near", "far")
        for side, name, address in ((self, "near", own), (other, "far", others)):
            side.ip("address", "add", f"{address}/24", "dev", name)

    def cable(self, other: "Namespace", own: str, others: str) -> None:
        """Its ends have these names, and no addresses."""
        self.ip("link", "add", own, "type", "veth", "peer", "name", others, "netns", other._path)
        self.ip("link", "set", own, "up")
        other.ip("link", "set", others, "up")

    def _enter(self) -> bool:
        libc = ctypes.CDLL(None, use_errno=True)
        if os.getuid() != 0 or libc.unshare(_CLONE_NEWNET | (_CLONE_NEWNS if self._mounts else 0)) != 0:
            return False
        if self._mounts:
            subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return True
