"""Workers and supervisors that die, ends at awkward moments: nothing acknowledged is lost, nobody is left."""

import asyncio
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import BotoCoreError

from iamd.bootstrap.duty import Duty
from iamd.bootstrap.signals import held
from iamd.bootstrap.supervisor import Supervisor, WorkerFailed
from iamd.edge.listening import PortClaim, PortTaken
from tests.clients.server import BIN, Iamd, connect, running
from tests.clients.workers import one_wire_each, workers_of
from tests.unit.bootstrap.test_duty import SETTINGS

FLAGS = ("--port", "0", "--console-port", "0")


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < until


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def is_free(url: str) -> bool:
    port = urlsplit(url).port
    assert port is not None
    try:
        PortClaim("127.0.0.1", port).release()
    except PortTaken:
        return False
    return True


def write_until_told(iamd: Iamd, number: int, made: list[str], stop: threading.Event) -> None:
    """Each acknowledged user is noted; what the dying worker left open is not."""
    while not stop.is_set():
        iam = iamd.client("iam")
        name = f"u{number}-{len(made)}"
        try:
            iam.create_user(UserName=name)
        except iam.exceptions.EntityAlreadyExistsException:
            # Committed by the worker that died before it could answer.
            pass
        except BotoCoreError:
            continue
        made.append(name)


def test_a_worker_killed_under_load_loses_nothing_and_is_replaced(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made: list[list[str]] = [[] for _ in range(4)]
    stop = threading.Event()
    with running(tmp_path, "--workers", "2") as (iamd, process):
        writing = [
            threading.Thread(target=write_until_told, args=(iamd, number, made[number], stop)) for number in range(4)
        ]
        for each in writing:
            each.start()
        wait_for(lambda: all(len(names) > 3 for names in made))
        before = workers_of(process.pid)
        os.kill(before[0], signal.SIGKILL)
        wait_for(lambda: len(set(workers_of(process.pid)) - set(before)) == 1)
        count = sum(map(len, made))
        wait_for(lambda: sum(map(len, made)) > count + 8)
        stop.set()
        for each in writing:
            each.join()
        with one_wire_each(iamd, process.pid) as wires:
            for wire in wires:
                for name in (name for names in made for name in names):
                    assert wire.call("iam", "GetUser", UserName=name)[0] == 200
        workers = workers_of(process.pid)
    assert all(is_gone(pid) for pid in workers)
    assert is_free(iamd.endpoint)
    assert is_free(iamd.console)
    assert f"(process {before[0]}) ended by itself with status -9; another takes its place" in capfd.readouterr().err


def test_no_worker_outlives_its_supervisor_and_the_directory_is_held_until_then(tmp_path: Path) -> None:
    command: list[Any] = [BIN / "iamd", "serve", *FLAGS, "--workers", "2", "--data-dir", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        iamd = connect(Path(process.stdout.readline().strip()))
        workers = workers_of(process.pid)
        # A worker that cannot end: the directory stays held.
        os.kill(workers[0], signal.SIGSTOP)
        process.send_signal(signal.SIGKILL)
        wait_for(lambda: is_gone(workers[1]))
        refused = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        assert (refused.returncode, "is in use" in refused.stderr) == (1, True)
        os.kill(workers[0], signal.SIGCONT)
        wait_for(lambda: is_gone(workers[0]))
    assert is_free(iamd.endpoint)
    with running(tmp_path) as (again, _):
        assert again.account == iamd.account


@pytest.mark.parametrize(
    ("workers", "number", "moment"), [("1", signal.SIGTERM, "lock"), ("2", signal.SIGINT, "endpoint.json")]
)
def test_a_signal_before_the_ports_listen_is_a_clean_end(
    tmp_path: Path, workers: str, number: signal.Signals, moment: str
) -> None:
    command: list[Any] = [BIN / "iamd", "serve", *FLAGS, "--workers", workers, "--data-dir", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for((tmp_path / moment).exists)
        process.send_signal(number)
        _, said = process.communicate(timeout=15)
        assert (process.returncode, said) == (0, "")


def test_a_signal_for_the_whole_group_ends_all_cleanly(tmp_path: Path) -> None:
    command: list[Any] = [BIN / "iamd", "serve", *FLAGS, "--workers", "2", "--data-dir", tmp_path]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=15)
        assert process.returncode == 0, said


class Doomed(Supervisor):
    """Its workers end at once: those that are started after the first `well` without having listened."""

    def __init__(self, duty: Duty, well: int) -> None:
        super().__init__(duty, back_off=(0, 0, 0))
        self.well = well
        self.started = 0

    async def start(self, number: int) -> asyncio.subprocess.Process:
        del number
        self.started += 1
        script = "echo ready; exit 3" if self.started <= self.well else "exit 3"
        return await asyncio.create_subprocess_exec(
            "sh", "-c", script, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )


@pytest.mark.parametrize(
    ("well", "started", "reason"), [(0, 1, "before the server was ready"), (9, 4, "as 3 others did")]
)
def test_a_server_whose_workers_keep_dying_ends(tmp_path: Path, well: int, started: int, reason: str) -> None:
    doomed = Doomed(Duty(SETTINGS, tmp_path, 0, (1, 2), keeps_house=True), well)
    announced: list[bool] = []
    with held(), pytest.raises(WorkerFailed, match=reason):
        asyncio.run(doomed.run(lambda: announced.append(True)))
    assert (doomed.started, len(announced)) == (started, min(well, 1))


def test_a_port_is_claimed_by_one() -> None:
    claim = PortClaim("127.0.0.1", 0)
    with pytest.raises(PortTaken, match="is in use"):
        PortClaim("127.0.0.1", claim.port)
    with pytest.raises(PortTaken, match="is in use"):
        PortClaim("0.0.0.0", claim.port)  # noqa: S104  # to be refused
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        door.bind(("127.0.0.1", claim.port))
    claim.release()
    PortClaim("127.0.0.1", claim.port).release()
