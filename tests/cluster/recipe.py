"""The part of the page that three machines need: its commands, done in each, and its settings, edited as it tells."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.cluster.machines import Machine
from tests.cluster.page import ROOT, as_user
from tests.postgres.cluster import binaries

PAGE: Final = (ROOT / "docs" / "guide" / "cluster.md").read_text(encoding="utf-8")
_SECTION: Final = PAGE.split("## On three machines\n")[1].split("\n## ")[0]
_COMMAND: Final = re.compile(r"^ {4,}# ((?:.*\\\n)*.*)$", re.MULTILINE)
_BLANK: Final = "…"
_WITHIN: Final = 120.0
_AS_POSTGRES: Final = "runuser -u postgres -- "
_SETTINGS: Final = Path("/etc/patroni/patroni.yml")
_ENVIRONMENT: Final = Path("/etc/patroni/patroni.env")

ADMINISTRATOR: Final = "trying-postgres"
PASSWORD: Final = "trying-iamd"


def commands() -> list[str]:
    return _COMMAND.findall(_SECTION)


def database_url() -> str:
    (url,) = re.findall(r"^ +IAMD_DATABASE_URL=(.*)$", _SECTION, re.MULTILINE)
    return str(url).replace(_BLANK, PASSWORD)


def follow(machines: tuple[Machine, ...]) -> Machine:
    """The page, until iamd has a database; gives the machine of the primary."""
    steps = commands()
    started = steps.index("systemctl enable --now patroni")
    validated = started - 1
    for_each, in_turn = steps[:validated], steps[validated : started + 1]
    look, *database = steps[started + 1 :]
    with ThreadPoolExecutor(len(machines)) as pool:
        list(pool.map(lambda machine: machine.run(lambda: _prepare(machine, for_each)), machines))
    for machine in machines:
        for command in in_turn:
            assert machine.run(lambda: carry_out(machine, command)) == "", command  # noqa: B023  # done at once
    leader = _leader(machines, look)
    passwords = [ADMINISTRATOR, PASSWORD]
    for command in database:
        filled = re.sub(_BLANK, lambda _: passwords.pop(0), command)
        leader.run(lambda: carry_out(leader, filled))  # noqa: B023  # done at once
    return leader


def _leader(machines: tuple[Machine, ...], look: str) -> Machine:
    table = "\n".join(streaming(machines[0], look))
    (name,) = re.findall(r"\| (pg\d) +\| \S+ +\| Leader ", table)
    return next(machine for machine in machines if machine.name == name)


def streaming(machine: Machine, look: str = "") -> list[str]:
    """What Patroni's list shows when two follow the primary, one of them in step."""
    command = look or next(each for each in commands() if "patronictl" in each)
    began = time.monotonic()
    while True:
        lines = machine.run(lambda: carry_out(machine, command, check=False)).splitlines()
        if sum("streaming" in line for line in lines) == 2 and any("Sync Standby" in line for line in lines):
            return lines
        assert time.monotonic() - began < _WITHIN, lines


def _prepare(machine: Machine, steps: list[str]) -> None:
    for command in steps:
        if command == "systemctl start etcd":
            Path("/etc/default/etcd").write_text(_etcd(machine.name))
        carry_out(machine, command)
    _ENVIRONMENT.write_text("".join(_environment(machine.name, _ENVIRONMENT.read_text())))
    text, taken = re.subn(r"(?m)^( +)# (ssl.*)$", r"\1\2", _SETTINGS.read_text())
    assert taken == 3
    _SETTINGS.write_text(text)


def _etcd(name: str) -> str:
    """The page shows it of the first."""
    lines = re.findall(r"^ +(ETCD_.*)$", _SECTION, re.MULTILINE)
    return "".join(f"{line if 'pg2' in line else line.replace('pg1', name)}\n" for line in lines)


def _environment(name: str, example: str) -> Iterator[str]:
    for line in example.splitlines(keepends=True):
        variable = line.split("=")[0]
        if variable == "PATRONI_POSTGRESQL_BIN_DIR":
            # Another Debian has another version.
            yield f"{variable}={binaries()}\n"
        elif variable.endswith("_PASSWORD"):
            user = re.findall(rf"{variable.removesuffix('PASSWORD')}USERNAME=(.*)", example)[0]
            yield f"{variable}=trying-{user}\n"
        else:
            yield line if "pg2" in line else line.replace("pg1", name)


def carry_out(machine: Machine, command: str, *, check: bool = True) -> str:
    """As root there; gives what it prints. What is installed for all tests is not installed again."""
    match command.split():
        case ["apt-get", "install", *packages]:
            if "etcd-server" in packages:
                machine.units.start("etcd")
        case ["python3", "-m", "venv", place]:
            Path(place).mkdir()
            subprocess.run(["mount", "--bind", ROOT / ".venv" / "cluster", place], check=True)
        case [pip, "install", *_, lock] if pip.endswith("/pip"):
            assert (machine.work / lock).exists()
        case ["systemctl", "stop", name]:
            machine.units.stop(name)
        case ["systemctl", *_, name]:
            machine.units.start(name)
        case _:
            return _shell(machine, command, check=check)
    return ""


def _shell(machine: Machine, command: str, *, check: bool) -> str:
    done = subprocess.run(
        ["sh", "-c", command.replace(_AS_POSTGRES, f"{' '.join(as_user('postgres'))} ")],
        cwd=machine.work,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0 or not check, f"{machine.name}: {command}\n{done.stdout}"
    return done.stdout
