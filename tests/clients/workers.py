"""Connections to each worker of a server: which one holds a connection is read from /proc."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.clients.server import Iamd

_VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}
_MOST = 200


FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def form(service: str, action: str, **members: str) -> bytes:
    """A call of a query service as the body of its request, which `FORM` announces."""
    return urlencode({"Action": action, "Version": _VERSIONS[service], **members}).encode()


class Wire:
    """One connection that stays open, so all that goes over it is answered by one worker."""

    def __init__(self, iamd: Iamd) -> None:
        url = urlsplit(iamd.endpoint)
        assert url.hostname is not None
        assert url.port is not None
        self._iamd = iamd
        self._port = url.port
        self._connection = HTTPConnection(url.hostname, url.port, timeout=20)
        self._connection.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call(self, service: str, action: str, key: Credentials | None = None, **members: str) -> tuple[int, str]:
        """Status and body."""
        body = form(service, action, **members)
        return self.send("POST", "/", body, key=key, service=service, headers=FORM)

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        key: Credentials | None = None,
        service: str = "s3",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        signed = self.signed(method, path, body, key=key, service=service, headers=headers)
        self._connection.request(method, path, body, signed)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def signed(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        key: Credentials | None = None,
        service: str = "s3",
        headers: dict[str, str] | None = None,
    ) -> dict[str, str]:
        request = AWSRequest(method, self._iamd.endpoint + path, data=body, headers=headers or {})
        sign = S3SigV4Auth if service == "s3" else SigV4Auth
        sign(key or self._iamd.key, service, self._iamd.region).add_auth(request)
        return dict(request.headers)

    def begin(self, method: str, path: str, body: bytes, sent: int, **how: Any) -> None:
        """Send the head and `sent` bytes of the body; `how`, as for `signed`."""
        self._connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {**self.signed(method, path, body, **how), "Content-Length": str(len(body))}.items():
            self._connection.putheader(name, value)
        self._connection.endheaders(body[:sent])

    def finish(self, rest: bytes) -> tuple[int, str]:
        self._connection.send(rest)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def worker(self, workers: list[int]) -> int:
        """The process at the other end. Something must have been answered, or nobody may have taken it yet."""
        own = self._connection.sock.getsockname()[1]
        socket = f"socket:[{_far_socket(self._port, own)}]"
        return next(pid for pid in workers if socket in _open_files(pid))


def workers_of(parent: int) -> list[int]:
    """The process ids of a server's workers."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def state_of(parent: int) -> Path:
    """Where a server keeps its state: the folder of its database."""
    return next(Path(name).parent for name in _open_files(workers_of(parent)[0]) if name.endswith("/iamd.db"))


@contextmanager
def one_wire_each(iamd: Iamd, parent: int) -> Iterator[list[Wire]]:
    """A connection to every worker."""
    workers = workers_of(parent)
    found: dict[int, Wire] = {}
    with ExitStack() as stack:
        for _ in range(_MOST):
            wire = stack.enter_context(Wire(iamd))
            assert wire.call("sts", "GetCallerIdentity")[0] == 200
            found.setdefault(wire.worker(workers), wire)
            if len(found) == len(workers):
                break
        assert len(found) == len(workers), f"{_MOST} connections reached {found.keys()} of {workers}"
        yield list(found.values())


def document(action: str, effect: str = "Allow") -> str:
    statement: dict[str, Any] = {"Effect": effect, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def text_of(body: str, element: str) -> str:
    match = re.search(f"<{element}>([^<]*)</{element}>", body)
    assert match is not None, body
    return match[1]


def _far_socket(server_port: int, client_port: int) -> str:
    """Inode of the server's end of a connection."""
    wanted = (f":{server_port:04X}", f":{client_port:04X}")
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(wanted[0]) and fields[2].endswith(wanted[1]):
            return fields[9]
    raise LookupError(wanted)


def _open_files(pid: int) -> set[str]:
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(str(entry.readlink()))
    return found
