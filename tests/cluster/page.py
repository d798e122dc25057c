"""A page of the docs, followed word by word: its console blocks run in one shell, and print what the page shows."""

import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).parents[2]
_BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_END: Final = "-- the command has ended --"
_LONGEST_SECONDS: Final = "400"


def as_user(name: str) -> tuple[str, ...]:
    """What root puts before a command."""
    return (
        *("setpriv", "--reuid", name, "--regid", name, "--init-groups"),
        # The checkout, or its Python, may lie where root alone may enter.
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
    )


@dataclass(frozen=True)
class Step:
    """A command with what the page says that it prints."""

    command: str
    output: str


def steps(page: Path) -> list[Step]:
    found: list[Step] = []
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for piece in re.split(r"(?m)^\$ ", block)[1:]:
            lines = piece.splitlines()
            last = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
            found.append(Step("\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :])))
    return found


class Shell:
    """Of a user that PostgreSQL takes, in the checkout, with a home of its own."""

    def __init__(self, home: Path) -> None:
        env = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        # What a page waits for may never come.
        command = ["timeout", _LONGEST_SECONDS, "bash", "--norc", "--noprofile"]
        self._process = subprocess.Popen(
            [*as_user("postgres"), *command] if os.getuid() == 0 else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env=env,
            start_new_session=True,
        )

    def run(self, command: str) -> str:
        """What it prints."""
        writes, reads = self._process.stdin, self._process.stdout
        assert writes is not None
        assert reads is not None
        writes.write(f"{command}\necho; echo '{_END}'\n")
        writes.flush()
        return "".join(_until_end(reads))

    def variable(self, name: str) -> str:
        return self.run(f"printf %s ${name}").strip()

    def close(self) -> None:
        """With all that it has started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(30)
        self._process.stdout.close()


def _until_end(reads: IO[str]) -> Iterator[str]:
    for line in reads:
        if line.strip() == _END:
            return
        # A shell tells of what was killed, in its own words.
        if not re.search(r"line \d+: +\d+ Killed ", line):
            yield line
    raise AssertionError("the shell has ended")


def alike(shown: str, printed: str) -> bool:
    """But for numbers, and for who is what in the cluster."""
    return _words(shown) == _words(printed)


def _words(text: str) -> Counter[str]:
    return Counter(re.sub(r"\d+", "0", text).split())


@contextmanager
def shell(home: Path) -> Iterator[Shell]:
    found = Shell(home)
    try:
        yield found
    finally:
        found.close()
