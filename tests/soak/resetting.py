"""Reset after reset of one ephemeral server, each after a small test's calls; what it costs is measured meanwhile."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.harness.process import pss_mib, tree
from tests.clients.server import Iamd, running
from tests.clients.workers import Wire, document

BODY = b"x" * 100_000
LOG_BYTES = 80 << 20
"""What the store bounds its log by (64 MiB), and what may come on top of it between two cuts."""


@dataclass(frozen=True)
class Cost:
    """`memory` in MiB over all processes; `files` that are open; `kept` files of the state.

    In bytes the `size` of what is kept without the database's log, and that `log`, whose length sways.
    """

    memory: float
    files: int
    kept: int
    size: int
    log: int


class Resetting:
    def __init__(self, iamd: Iamd, pid: int, wire: Wire, state: Path) -> None:
        self._iamd, self._pid, self._wire, self._state = iamd, pid, wire, state
        self.resets = 0

    def turn(self) -> None:
        """What a test does, other names each time so that nothing that is remembered fits again; then the reset."""
        name = f"u{self.resets}"
        wire = self._wire
        self._succeed("CreateUser", UserName=name)
        self._succeed("PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=document(f"s3:Get{name}"))
        self._succeed("CreateAccessKey", UserName=name)
        trust = {"Effect": "Allow", "Principal": {"AWS": self._iamd.account}, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        self._succeed("CreateRole", RoleName=name, AssumeRolePolicyDocument=policy)
        assert wire.call("iam", "GetUser", UserName="nobody")[0] == 404
        assert wire.send("PUT", f"/bucket-{name}")[0] == 200
        assert wire.send("PUT", f"/bucket-{name}/large", BODY)[0] == 200
        assert wire.send("POST", "/_iamd/reset", service="iam")[0] == 204
        self.resets += 1

    def cost(self) -> Cost:
        sizes = {path: path.stat().st_size for path in self._state.rglob("*") if path.is_file()}
        log = sum(size for path, size in sizes.items() if path.name.endswith("-wal"))
        files = sum(1 for _ in _open_files(self._pid))
        return Cost(pss_mib(self._pid), files, len(sizes), sum(sizes.values()) - log, log)

    def _succeed(self, action: str, **members: str) -> None:
        status, body = self._wire.call("iam", action, **members)
        assert status == 200, body


@contextmanager
def resetting(directory: Path, *flags: str) -> Iterator[Resetting]:
    with running(directory, "--ephemeral", *flags) as (iamd, process), Wire(iamd) as wire:
        state = next(path.parent for path in _open_files(process.pid) if path.name == "iamd.db")
        yield Resetting(iamd, process.pid, wire, state)


def _open_files(pid: int) -> Iterator[Path]:
    for process in tree(pid):
        for entry in Path(f"/proc/{process}/fd").iterdir():
            with suppress(FileNotFoundError):
                yield entry.readlink()


def grown(before: Cost, after: Cost, memory: float) -> list[str]:
    """What has grown by more than the sway of a moment: `memory` MiB, a few files, the log's own bound."""
    found = []
    if after.memory > before.memory + memory:
        found.append(f"memory from {before.memory:.1f} to {after.memory:.1f} MiB")
    if after.files > before.files + 4:
        found.append(f"open files from {before.files} to {after.files}")
    if after.kept > before.kept + 4:
        found.append(f"files from {before.kept} to {after.kept}")
    if after.size > before.size + (8 << 20):
        found.append(f"bytes from {before.size} to {after.size}")
    if after.log > LOG_BYTES:
        found.append(f"the log has {after.log} bytes")
    return found
