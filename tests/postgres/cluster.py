"""A PostgreSQL server of the tests' own: in a directory of its own, on a loopback port, by a user that is not root."""

import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

_SEARCHED: Final = "/usr/lib/postgresql/*/bin"
_SUPERUSER: Final = "postgres"


def binaries() -> Path:
    """Where Debian keeps the server, the newest one; `make test` installs it."""
    found = sorted(Path("/").glob(_SEARCHED.lstrip("/")), key=lambda path: float(path.parent.name))
    if found:
        return found[-1]
    name = shutil.which("postgres")
    assert name, "PostgreSQL is not installed: apt-get install postgresql"
    return Path(name).resolve().parent


class Cluster:
    """`durable`: commits wait for the disk, as they must where something is killed."""

    def __init__(self, *, durable: bool, settings: tuple[str, ...] = ()) -> None:
        # Not in pytest's directory, which root alone may enter.
        self.directory = Path(tempfile.mkdtemp(prefix="iamd-pg-"))
        self.data = self.directory / "data"
        self.port = free_port()
        self._binaries = binaries()
        self._process: subprocess.Popen[bytes] | None = None
        durability = () if durable else ("fsync=off", "full_page_writes=off", "synchronous_commit=on")
        self._settings = (*durability, *settings)
        self._user: str | None = _SUPERUSER if os.getuid() == 0 else None
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self.directory, account.pw_uid, account.pw_gid)
        self.make()

    def make(self) -> None:
        """Its files."""
        self.run(
            *("initdb", "-D", self.data, "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8"),
            *("--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        )

    def run(self, program: str, *words: str | Path) -> None:
        """One of PostgreSQL's programs, as the server's user."""
        command = [self._binaries / program, *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=self._user, cwd="/")

    def start(self) -> None:
        """Returns when it answers."""
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.directory}",
            "max_connections=200",
            "shared_buffers=32MB",
            "log_min_messages=fatal",
            *self._settings,
        ]
        flags = [word for setting in settings for word in ("-c", setting)]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.data, *flags],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd="/",
                start_new_session=True,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        while True:
            assert self._process.poll() is None, (self.directory / "log").read_text()[-2000:]
            answer = subprocess.run(
                [self._binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"], check=False
            )
            if answer.returncode == 0:
                return

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Every process of the server at once, as when the machine loses power; returns when all have ended.

        A server is not started beside a process of an earlier one that still holds its memory.
        """
        assert self._process is not None
        # Stopped, it starts no other.
        self._process.send_signal(signal.SIGSTOP)
        handles = [handle for handle in map(_handle, self._backends()) if handle is not None]
        for handle in handles:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        for handle in handles:
            select.select([handle], [], [])
            os.close(handle)
        self._process.wait()

    def freeze(self, *, thaw: bool = False) -> None:
        """Every process of the server stops where it is; connections stay open and nothing answers."""
        number = signal.SIGCONT if thaw else signal.SIGSTOP
        for pid in self._backends():
            os.kill(pid, number)

    def _backends(self) -> list[int]:
        """The server and what it has started: each backend leads a session of its own."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.freeze(thaw=True)
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)

    def restart(self) -> None:
        """Whether it has ended by itself or not."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self.start()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.directory)

    def database(self, name: str) -> str:
        """A new empty database; gives its URL."""
        self.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
        return self.url(name)

    def url(self, name: str = "postgres", port: int | None = None) -> str:
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{port or self.port}/{name}"

    def execute(self, sql: Any, database: str = "postgres") -> list[Any]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []


def _handle(pid: int) -> int | None:
    """Readable once the process has ended; None where it has already."""
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Standby(Cluster):
    """Follows another, which has to run."""

    def __init__(self, primary: Cluster) -> None:
        self._primary = primary
        super().__init__(durable=True)

    def make(self) -> None:
        source = f"postgresql://{_SUPERUSER}@127.0.0.1:{self._primary.port}"
        self.run("pg_basebackup", "-D", self.data, "-d", source, "-R", "-c", "fast", "--no-sync")

    def promote(self) -> None:
        """Returns when it can be written; the other one hears nothing of it."""
        assert self.execute("SELECT pg_promote()") == [(True,)]


@contextmanager
def running_cluster(*, durable: bool, settings: tuple[str, ...] = ()) -> Iterator[Cluster]:
    cluster = Cluster(durable=durable, settings=settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()
