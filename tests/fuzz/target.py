"""What is fuzzed: a parser, good inputs of it, and what must hold whatever comes."""

import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from iamd.model.http import HttpRequest
from tests.fuzz.mutating import Mutator

SEED: Final = 7


@dataclass(frozen=True)
class Target:
    """`attempt` gives whether the input was taken, and raises on whatever a parser must not do.

    It may refuse only in the parser's own words: any other exception, or a wrong value, is a crash.
    """

    name: str
    seeds: Callable[[], Sequence[bytes]]
    attempt: Callable[[bytes, random.Random], bool]


@dataclass
class Run:
    """`crash` is the first input that must become a case."""

    tried: int = 0
    taken: int = 0
    crash: bytes | None = None
    why: str = ""
    _mutator: Mutator = field(init=False, repr=False)

    @classmethod
    def of(cls, target: Target, seed: int = SEED) -> "Run":
        run = cls()
        run._mutator = Mutator(target.seeds(), seed)
        return run

    def go(self, target: Target, times: int) -> bool:
        """Whether nothing crashed."""
        for _ in range(times):
            data = self._mutator.next()
            self.tried += 1
            try:
                self.taken += target.attempt(data, self._mutator.random)
            except Exception:  # noqa: BLE001  # this is what is looked for
                self.crash, self.why = data, traceback.format_exc()
                return False
        return True


def flat(request: HttpRequest) -> bytes:
    """A request as bytes that can be mutated: line, headers, an empty line, the body."""
    target = request.raw_path + (b"?" + request.raw_query if request.raw_query else b"")
    lines = [request.method.encode() + b" " + target, *(name + b": " + value for name, value in request.headers)]
    return b"\n".join(lines) + b"\n\n" + request.body


def request_of(data: bytes) -> HttpRequest:
    """The other way; whatever the bytes, a request as the door could hand it on."""
    head, _, body = data.partition(b"\n\n")
    line, *rest = head.split(b"\n")
    method, _, target = line.partition(b" ")
    path, _, query = target.partition(b"?")
    pairs = [part.partition(b":") for part in rest if part]
    headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
    return HttpRequest(method.decode("latin-1"), b"/" + path.removeprefix(b"/"), query, headers, body)
