"""Two ports for each worker of a server: whatever comes by them is answered by that one worker."""

import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from tests.clients.server import Iamd
from tests.clients.workers import _far_socket, _open_files, workers_of

_HELLO = b"HEAD /_iamd/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_MOST = 200


class Doorway:
    """Forwards connections that the kernel has given to `worker`: others are closed, and it dials again."""

    def __init__(self, url_of_server: str, worker: int) -> None:
        url = urlsplit(url_of_server)
        self._address = "127.0.0.1", int(url.port or 0)
        self._worker = worker
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://{url.hostname}:{self._listener.getsockname()[1]}"
        self._open: set[socket.socket] = {self._listener}
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def close(self) -> None:
        for each in tuple(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in tuple(self._threads):
            thread.join()

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with self._listener, suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._open.add(client)
                self._start(self._forward, client)

    def _forward(self, client: socket.socket) -> None:
        with client, self._dial() as server, selectors.DefaultSelector() as waiting, suppress(OSError):
            waiting.register(client, selectors.EVENT_READ, server)
            waiting.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in waiting.select():
                    assert isinstance(key.fileobj, socket.socket)
                    data = key.fileobj.recv(65_536)
                    if not data:
                        self._open.discard(client)
                        return
                    key.data.sendall(data)

    def _dial(self) -> socket.socket:
        for _ in range(_MOST):
            server = socket.create_connection(self._address, timeout=20)
            server.sendall(_HELLO)
            # Once something is answered, a worker has taken the connection.
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += server.recv(4096)
            if f"socket:[{_far_socket(self._address[1], server.getsockname()[1])}]" in _open_files(self._worker):
                return server
            server.close()
        raise AssertionError(f"{_MOST} connections, none to {self._worker}")


@contextmanager
def one_doorway_each(iamd: Iamd, parent: int) -> Iterator[list[Iamd]]:
    """The server as each of its workers alone would be."""
    with ExitStack() as stack:
        found = []
        for worker in workers_of(parent):
            api, console = Doorway(iamd.endpoint, worker), Doorway(iamd.console, worker)
            stack.callback(api.close)
            stack.callback(console.close)
            found.append(replace(iamd, endpoint=api.url, console=console.url))
        yield found
