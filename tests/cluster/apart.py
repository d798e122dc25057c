"""Work in a network of its own, where the ports that a page names are free."""

import ctypes
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
_CLONE_NEWNET: Final = 0x40000000


def apart(work: Callable[[], T]) -> T:
    """In a thread: a namespace belongs to a thread, and to the threads and processes that it starts.

    Where namespaces cannot be made, in the network that everybody is in.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_run, work).result()


def _run(work: Callable[[], T]) -> T:
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() == 0 and libc.unshare(_CLONE_NEWNET) == 0:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    return work()
