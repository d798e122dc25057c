"""What systemd does with a unit, as far as the page on clusters asks for it: machines of the tests run none."""

import os
import pwd
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.cluster.page import as_user

_PLACES: Final = ("/etc/systemd/system", "/lib/systemd/system")
_READY_WITHIN: Final = 90.0
_STOPPED_WITHIN: Final = 60.0
_FAMILIES: Final = Path(__file__).with_name("families.py")
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_STRICT: Final = (
    *("unshare", "--mount", "--propagation", "private", "sh", "-c"),
    'mount --rbind /tmp /tmp && mount -o remount,bind,ro / && exec "$@"',
    "sh",
)
"""ProtectSystem=strict: of what is a mount of its own, these are /tmp and what the machine keeps in /var/lib."""


class Units:
    """Of the machine whose thread calls."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Returns when it says that it is ready, where its type is to say so."""
        unit = _Unit(name)
        command = [*unit.confined, *as_user(unit.user), *unit.command]
        with _readiness(unit) as address, (self._logs / f"{name}.log").open("ab") as log:
            env = unit.environment | address
            self._processes[name] = subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True
            )

    def stop(self, name: str) -> None:
        self._processes[name].terminate()
        self._processes.pop(name).wait(_STOPPED_WITHIN)

    def reload(self, name: str) -> None:
        words = shlex.split(_Unit(name).one("ExecReload").replace("$MAINPID", str(self._processes[name].pid)))
        subprocess.run(words, check=True)

    def kill(self) -> None:
        """All at once, as when the machine is switched off."""
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class _Unit:
    def __init__(self, name: str) -> None:
        found = [path for place in _PLACES if (path := Path(place, f"{name}.service")).exists()]
        assert found, f"{name} is no service here"
        self._name = name
        self._lines = [line.split("=", 1) for line in found[0].read_text().splitlines() if "=" in line]

    def all(self, key: str) -> list[str]:
        values = [value for name, value in self._lines if name == key]
        return [value.replace("%p", self._name).replace("%H", socket.gethostname()) for value in values]

    def one(self, key: str) -> str:
        return (self.all(key) or [""])[-1]

    @property
    def user(self) -> str:
        return self.one("User")

    @property
    def confined(self) -> tuple[str, ...]:
        """What root puts before the command."""
        strict = _STRICT if self.one("ProtectSystem") == "strict" else ()
        families = ",".join(self.one("RestrictAddressFamilies").split())
        return (*strict, *((sys.executable, str(_FAMILIES), families) if families else ()))

    @property
    def environment(self) -> dict[str, str]:
        lines = self.all("Environment")
        for file in self.all("EnvironmentFile"):
            lines += [
                line for line in Path(file.removeprefix("-")).read_text().splitlines() if not line.startswith("#")
            ]
        home = pwd.getpwnam(self.user).pw_dir
        return {"PATH": _PATH, "HOME": home, "USER": self.user} | dict(line.split("=", 1) for line in lines if line)

    @property
    def command(self) -> list[str]:
        """A variable that is empty is no word."""
        words = shlex.split(self.one("ExecStart"))
        given = [self.environment[word[1:]] if word.startswith("$") else word for word in words]
        return [word for word in given if word]


@contextmanager
def _readiness(unit: _Unit) -> Iterator[dict[str, str]]:
    """The variable that a service needs for saying that it is ready; the block ends when it has."""
    if unit.one("Type") != "notify":
        yield {}
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("\0iamd-ready")
        heard.settimeout(_READY_WITHIN)
        yield {"NOTIFY_SOCKET": "@iamd-ready"}
        while b"READY=1" not in heard.recv(4096).splitlines():
            pass
