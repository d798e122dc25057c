"""The page on three machines is followed: its commands are run on each, its settings written there."""

import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.cluster import recipe
from tests.cluster.machines import Machine
from tests.cluster.page import ROOT, as_user

ADMINISTRATOR: Final = "trying-postgres"
_WITHIN: Final = 120.0
_AS_POSTGRES: Final = "runuser -u postgres -- "
_ETCD: Final = Path("/etc/default/etcd")
_SETTINGS: Final = Path("/etc/patroni/patroni.yml")
_ENVIRONMENT: Final = Path("/etc/patroni/patroni.env")


def follow(machines: tuple[Machine, ...]) -> Machine:
    """Until iamd has a database; gives the machine of the primary."""
    steps = [step for step in recipe.commands() if not step.startswith("openssl ")]
    started = steps.index("systemctl enable --now patroni")
    prepare, in_turn, database = steps[: started - 1], steps[started - 1 : started + 1], steps[started + 2 :]
    with ThreadPoolExecutor(len(machines)) as pool:
        list(pool.map(lambda machine: machine.run(lambda: _prepare(machine, prepare)), machines))
    for machine in machines:
        for command in in_turn:
            assert machine.run(lambda: carry_out(machine, command)) == "", command  # noqa: B023  # done at once
    leader = _leader(machines)
    passwords = [ADMINISTRATOR, recipe.PASSWORD]
    for command in database:
        filled = re.sub(recipe.BLANK, lambda _: passwords.pop(0), command)
        leader.run(lambda: carry_out(leader, filled))  # noqa: B023  # done at once
    return leader


def trust(machine: Machine) -> None:
    """The CA, as nodes of iamd do."""
    (command,) = [step for step in recipe.commands() if step.endswith("/etc/iamd/ca.crt")]
    machine.run(lambda: carry_out(machine, command))


def streaming(machine: Machine) -> list[str]:
    """What Patroni's list shows when two follow the primary, one of them in step."""
    (command,) = [step for step in recipe.commands() if "patronictl" in step]
    began = time.monotonic()
    while True:
        lines = machine.run(lambda: carry_out(machine, command, check=False)).splitlines()
        if sum("streaming" in line for line in lines) == 2 and any("Sync Standby" in line for line in lines):
            return lines
        assert time.monotonic() - began < _WITHIN, lines


def _leader(machines: tuple[Machine, ...]) -> Machine:
    (name,) = re.findall(r"\| (pg\d) +\| \S+ +\| Leader ", "\n".join(streaming(machines[0])))
    return next(machine for machine in machines if machine.name == name)


def _prepare(machine: Machine, steps: list[str]) -> None:
    for command in steps:
        if command == "systemctl start etcd":
            _ETCD.write_text(recipe.etcd(machine.name))
        carry_out(machine, recipe.on(machine.name, command))
    _ENVIRONMENT.write_text("".join(recipe.environment(machine.name, _ENVIRONMENT.read_text())))
    _SETTINGS.write_text(recipe.settings(_SETTINGS.read_text()))


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
