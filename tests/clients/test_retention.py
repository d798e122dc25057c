"""Events of reads go when they are old or too many, those of changes stay; a server sees to it from its start on."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from iamd.audit.search import Search, find
from iamd.stores.sql.reading import open_reader
from tests.clients.server import running
from tests.clients.workers import Wire

LIMIT = 40 << 10


def kept(data_dir: Path) -> tuple[Counter[str], int]:
    """How many events of each name there are, and the bytes of those that may go."""
    with open_reader(data_dir) as state:
        events = list(find(state, Search()))
    return Counter(event.name for event in events), sum(event.size for event in events if event.droppable)


def test_too_many_reads_go_oldest_first_and_then_the_old_ones(tmp_path: Path) -> None:
    flags = ("--events-max-size", f"{LIMIT >> 10}KiB")
    with running(tmp_path, *flags) as (iamd, _), Wire(iamd) as wire:
        for number in range(20):
            assert wire.call("iam", "CreateUser", UserName=f"u{number}")[0] == 200
            assert wire.call("iam", "GetGroup", GroupName="none")[0] == 404
        for _ in range(200):
            assert wire.call("iam", "ListUsers")[0] == 200
    before, size = kept(tmp_path)
    assert (before["CreateUser"], before["GetGroup"], before["ListUsers"]) == (20, 20, 200)
    assert size > 2 * LIMIT
    with running(tmp_path, *flags):
        wait(lambda: kept(tmp_path)[1] <= LIMIT)
    names, size = kept(tmp_path)
    assert (names["CreateUser"], names["GetGroup"]) == (20, 0)
    assert 10 < names["ListUsers"] < 200
    assert size > LIMIT // 2

    # Ninety-one days later.
    with closing(sqlite3.connect(tmp_path / "iamd.db")) as connection:
        connection.execute("UPDATE events SET at = at - ?", (91 * 24 * 3_600_000,))
        connection.execute("UPDATE event_volumes SET hour = hour - ?", (91 * 24,))
        connection.commit()
    with running(tmp_path, *flags):
        wait(lambda: kept(tmp_path)[1] == 0)
    names, _ = kept(tmp_path)
    assert (names["CreateUser"], names["ListUsers"]) == (20, 0)


def wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
