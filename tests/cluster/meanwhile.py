"""What goes on on a machine, again and again, while something happens to the network."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tests.cluster.machines import Machine
from tests.postgres.nodes import code

BACK_WITHIN: Final = 120.0
UNSURE: Final = "ServiceUnavailable"


@dataclass
class Writing:
    """Users are made by a node, one after the other; `acknowledged` has the time at which each was asked for."""

    iam: Any
    acknowledged: dict[str, float] = field(default_factory=dict)
    ends: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.ends.is_set():
            number += 1
            name, asked = f"w{number}", time.monotonic()
            if (fault := code(self.iam.create_user, UserName=name, Path="/written/")) == "":
                self.acknowledged[name] = asked
            else:
                assert fault == UNSURE

    def wait_for_one_after(self, since: float) -> None:
        while not any(asked > since for asked in list(self.acknowledged.values())):
            assert time.monotonic() - since < BACK_WITHIN
            self.ends.wait(0.05)


@dataclass
class Asking:
    """For a right, again and again; `heard` are the answers with the times at which they were asked for."""

    iam: Any
    heard: list[tuple[float, str]] = field(default_factory=list)
    ends: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.ends.is_set():
            asked = time.monotonic()
            self.heard.append((asked, code(self.iam.list_users, MaxItems=1)))

    def wait_for(self, wanted: str, since: float) -> None:
        while not any(asked > since and each == wanted for asked, each in list(self.heard)):
            assert time.monotonic() - since < BACK_WITHIN
            self.ends.wait(0.05)


@contextmanager
def meanwhile(machine: Machine, work: Writing | Asking) -> Iterator[None]:
    """Goes on in a thread of that machine's until the block ends."""
    thread = threading.Thread(target=work.run)
    machine.run(thread.start)
    try:
        yield
    finally:
        work.ends.set()
        thread.join()
