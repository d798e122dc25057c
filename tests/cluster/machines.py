"""Machines of the tests' own: each has a network, a name, and its own /etc, /opt, and data of PostgreSQL and etcd."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pytest

from tests.cluster.authority import Authority
from tests.cluster.page import ROOT
from tests.cluster.units import Units
from tests.postgres.namespaces import Namespace

NAMES: Final = ("pg1", "pg2", "pg3")
OUTSIDE: Final = "outside"
_ADDRESSES: Final = {name: f"192.0.2.{number}" for number, name in enumerate((*NAMES, OUTSIDE), 1)}
_DATA: Final = {"/var/lib/postgresql": "postgres", "/var/lib/etcd": "etcd"}


def host(name: str) -> str:
    return f"{name}.example.org"


class Machine(Namespace):
    """`work` is a checkout with its certificates beside it. Whatever it writes is gone with it."""

    def __init__(self, name: str, directory: Path, authority: Authority) -> None:
        super().__init__(mounts=True)
        self.name = name
        self.work = directory / name / "work"
        self.units = Units(directory / name)
        self._kept = directory / name / "kept"
        self._authority = authority

    def __enter__(self) -> Self:
        super().__enter__()
        if self.is_apart:
            self._equip()
            self.run(self._furnish)
        return self

    def __exit__(self, *exc: object) -> None:
        if self.is_apart:
            self.run(self._switch_off)
        super().__exit__(*exc)

    def _equip(self) -> None:
        self.work.mkdir(parents=True)
        self._kept.mkdir()
        for name in ("deploy", "requirements"):
            (self.work / name).symlink_to(ROOT / name)
        for file in (self._authority.certificate, *self._authority.certify(self.name)):
            shutil.copy(file, self.work)

    def _furnish(self) -> None:
        _mount("-t", "tmpfs", "none", self._kept)
        for place in ("/etc", "/opt"):
            upper, scratch = self._kept / f"upper{place}", self._kept / f"scratch{place}"
            upper.mkdir(parents=True)
            scratch.mkdir(parents=True)
            _mount("-t", "overlay", "-o", f"lowerdir={place},upperdir={upper},workdir={scratch}", "overlay", place)
        for place, user in _DATA.items():
            own = self._kept / Path(place).name
            own.mkdir(mode=0o755)
            shutil.chown(own, user, user)
            _mount("--bind", own, place)
        with Path("/etc/hosts").open("a") as hosts:
            hosts.writelines(f"{address} {host(name)}\n" for name, address in _ADDRESSES.items())

    def _switch_off(self) -> None:
        self.units.kill()
        for file in Path("/var/lib/postgresql").glob("*/postmaster.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(file.read_text().split()[0]), signal.SIGKILL)


def _mount(*words: str | Path) -> None:
    subprocess.run(["mount", *words], check=True)


@dataclass(frozen=True)
class Lan:
    """`machines` will have PostgreSQL; `outside` is a fourth one, which has the switch in it."""

    machines: tuple[Machine, ...]
    outside: Machine

    def pull(self, machine: Machine) -> None:
        self.outside.ip("link", "set", machine.name, "down")

    def plug(self, machine: Machine) -> None:
        self.outside.ip("link", "set", machine.name, "up")


@contextmanager
def lan(authority: Authority) -> Iterator[Lan]:
    directory = Path(tempfile.mkdtemp(prefix="iamd-lan-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        *inside, outside = [stack.enter_context(Machine(name, directory, authority)) for name in (*NAMES, OUTSIDE)]
        if not outside.is_apart:
            pytest.skip("a network of its own needs the right to make one")
        outside.ip("link", "add", "lan", "type", "bridge")
        outside.ip("address", "add", f"{_ADDRESSES[OUTSIDE]}/24", "dev", "lan")
        outside.ip("link", "set", "lan", "up")
        for machine in inside:
            outside.cable(machine, machine.name, "eth0")
            outside.ip("link", "set", machine.name, "master", "lan")
            machine.ip("address", "add", f"{_ADDRESSES[machine.name]}/24", "dev", "eth0")
        yield Lan(tuple(inside), outside)
