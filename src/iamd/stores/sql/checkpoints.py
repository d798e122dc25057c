"""Checkpoints in the background: the tail of commit times is theirs."""

import sqlite3
import time
from concurrent.futures import Future, ThreadPoolExecutor

_AFTER_ROWS = 256
_APART_SECONDS = 0.25
_LONG_LOG_PAGES = 2_048
"""Half of what the log has from the start (`log_space`): what is written meanwhile finds its place too."""


class Checkpoints:
    """Starts a passive checkpoint now and then; says when the log has grown so long that writes should wait for one.

    A passive checkpoint never blocks anyone, but under a steady stream of commits it never reaches the end of the log,
    which then cannot start anew.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="iamd-checkpoint")
        self._running: Future[None] | None = None
        self._rows = 0
        self._next = 0.0
        self.log_is_long = False

    def committed(self, rows: int) -> None:
        """Note a commit; on the event loop, so it only decides."""
        self._rows += rows
        if self._rows < _AFTER_ROWS or (self._running is not None and not self._running.done()):
            return
        now = time.monotonic()
        if now < self._next:
            return
        self._rows, self._next = 0, now + _APART_SECONDS
        self._running = self._thread.submit(self._checkpoint)

    def _checkpoint(self) -> None:
        try:
            _, pages, _ = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error:
            # A full disk or the like: the next commit meets it and says so; the log keeps everything until then.
            return
        self.log_is_long = pages > _LONG_LOG_PAGES

    def close(self) -> None:
        self._thread.shutdown(wait=True)
        self._connection.close()
