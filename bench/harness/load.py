"""The load generator, a process of its own: ready-made requests, keep-alive sockets, one epoll loop.

Reads one pickled `Job` from standard input (written by `generate`, its only caller) and answers one JSON object.
"""

import json
import pickle
import select
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DONE: Final = b"0\r\n\r\n"
_PATIENCE: Final = 30.0


@dataclass(frozen=True)
class Job:
    """Send `requests` from `connections` sockets for `seconds`, round and round if `cycle`, else each once.

    `status`: how a status must begin to count as right. `worker`: the process that every connection is to reach, of
    several that listen on the address; 0 for any. Each has to be idle until then: it says who it is by an answer.
    """

    address: tuple[str, int]
    requests: Sequence[bytes]
    connections: int = 8
    seconds: float = 1.5
    cycle: bool = True
    status: bytes = b"2"
    worker: int = 0


@dataclass(frozen=True)
class Result:
    """`failures`: answers of another status, broken connections. Times in seconds; `cpu` is the generator's own."""

    count: int
    failures: int
    seconds: float
    p50: float
    p99: float
    cpu: float
    first_failure: str


def generate(job: Job) -> Result:
    """Run the job in a process of its own."""
    command = [sys.executable, "-m", "bench.harness.load"]
    limit = job.seconds + 2 * _PATIENCE
    done = subprocess.run(command, input=pickle.dumps(job), stdout=subprocess.PIPE, check=True, timeout=limit)
    return Result(**json.loads(done.stdout))


def generate_here(job: Job) -> Result:
    """The same in this process, for jobs too short to start one."""
    return _Run(job).run()


class _Connection:
    __slots__ = ("address", "closes", "left", "received", "request", "sent", "socket")

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(self.address, timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.request = request
        self.received = b""
        self.left = -1
        self.closes = False
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> tuple[bytes, bool] | None:
        """(status, must close) when the answer is whole, else None; an empty read ends what has no length."""
        data = self.socket.recv(1 << 20)
        if self.left > 0:
            # The head has been seen; what it said of a long body is only counted.
            self.left -= len(data)
            if self.left <= 0:
                return self.received[9:12], self.closes
            return None if data else (b"cut", True)
        self.received = received = self.received + data if self.received else data
        end = received.find(b"\r\n\r\n")
        if end < 0:
            return None if data else (b"cut", True)
        head = received[:end].lower()
        self.closes = close = b"connection: close" in head or received.startswith(b"HTTP/1.0")
        mark = head.find(b"\ncontent-length:")
        if mark >= 0:
            length = int(head[mark + 16 : (head.find(b"\r", mark) + 1 or end + 1) - 1])
            self.left = end + 4 + length - len(received)
            whole = self.left <= 0
        elif b"transfer-encoding: chunked" in head:
            whole = received.endswith(_DONE)
        else:
            whole = received[9:12] == b"204" or not data
        if whole:
            return received[9:12], close or not data
        return None if data else (b"cut", True)


def _reaching(address: tuple[str, int], worker: int) -> _Connection:
    """The kernel gives a connection to one of the processes that listen: dial until it is this one."""
    while True:
        connection = _Connection(address)
        if not worker or _far_end(connection) in _sockets(worker):
            return connection
        connection.socket.close()


def _far_end(connection: _Connection) -> str:
    """The other end's name in /proc, once something has been answered there."""
    connection.send(b"GET /_iamd/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    while connection.receive() is None:
        pass
    wanted = f":{connection.address[1]:04X}", f":{connection.socket.getsockname()[1]:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(wanted[0]) and fields[2].endswith(wanted[1]):
            return f"socket:[{fields[9]}]"
    raise LookupError(wanted)


def _sockets(process: int) -> set[str]:
    return {str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir() if entry.is_symlink()}


class _Run:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.latencies: list[float] = []
        self.statuses: Counter[bytes] = Counter()
        self.first_failure = b""
        self.requests = self._endless() if job.cycle else iter(job.requests)

    def _endless(self) -> Iterator[bytes]:
        while True:
            yield from self.job.requests

    def run(self) -> Result:
        poll = select.epoll()
        waiting: dict[int, _Connection] = {}

        def begin(connection: _Connection) -> bool:
            request = next(self.requests, None)
            if request is None:
                return False
            connection.send(request)
            waiting[connection.socket.fileno()] = connection
            return True

        connections = [_reaching(self.job.address, self.job.worker) for _ in range(self.job.connections)]
        start = time.perf_counter()
        stop = start + self.job.seconds
        for connection in connections:
            poll.register(connection.socket.fileno(), select.EPOLLIN)
            begin(connection)
        while waiting:
            events = poll.poll(_PATIENCE)
            if not events:
                raise SystemExit("no answer in time")
            for number, _ in events:
                connection = waiting[number]
                answer = connection.receive()
                if answer is None:
                    continue
                now = time.perf_counter()
                self._count(connection, answer[0], now)
                del waiting[number]
                if answer[1]:
                    poll.unregister(number)
                    connection.socket.close()
                    connection.connect()
                    poll.register(connection.socket.fileno(), select.EPOLLIN)
                if now < stop:
                    begin(connection)
        return self._result(time.perf_counter() - start)

    def _count(self, connection: _Connection, status: bytes, now: float) -> None:
        self.latencies.append(now - connection.sent)
        self.statuses[status] += 1
        if not status.startswith(self.job.status) and not self.first_failure:
            head, _, body = connection.received.partition(b"\r\n\r\n")
            self.first_failure = head.partition(b"\r")[0] + b" " + body[:600]

    def _result(self, seconds: float) -> Result:
        ordered = sorted(self.latencies) or [0.0]
        good = sum(count for status, count in self.statuses.items() if status.startswith(self.job.status))
        return Result(
            count=len(self.latencies),
            failures=len(self.latencies) - good,
            seconds=seconds,
            p50=ordered[len(ordered) // 2],
            p99=ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
            cpu=time.process_time(),
            first_failure=self.first_failure.decode("latin-1"),
        )


def main() -> None:
    job: Job = pickle.load(sys.stdin.buffer)
    print(json.dumps(vars(generate_here(job))))


if __name__ == "__main__":
    # Pickled by `generate` under this module's name, not as `__main__`.
    main()
