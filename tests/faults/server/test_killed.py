"""`kill -9` under mixed load, thirty times over: nothing acknowledged is lost, nothing is there by half."""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import SystemRandom

from iamd.audit.search import Search, find
from iamd.stores.sql.reading import open_reader
from tests.faults.server.crashing import Crashing

KILLS = 30


def test_thirty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    seed = SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201  # shown when it fails
    crashing = Crashing(tmp_path, seed)
    changes = 0
    for _ in range(KILLS):
        with crashing.server() as process:
            crashing.check()
            crashing.crash(process, crashing.chance.uniform(0.02, 0.5))
            changes += sum(len(client.requests) for client in crashing.clients)
    with crashing.server():
        crashing.check()
    assert changes > 10 * KILLS
    with open_reader(tmp_path) as state:
        created: dict[str, int] = {}
        for event in find(state, Search()):
            if event.name in ("CreateUser", "DeleteUser") and not event.error_code:
                name = json.loads(event.record)["requestParameters"]["userName"]
                created[name] = created.get(name, 0) + (1 if event.name == "CreateUser" else -1)
        there = {user.name for user in state.users.page("key")} - {"admin"}
    assert there == {name for name, count in created.items() if count == 1}
    assert {*created.values()} <= {0, 1}
    with closing(sqlite3.connect(tmp_path / "iamd.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"{changes} acknowledged changes, {KILLS} kills, {time.process_time():.1f} s")  # noqa: T201  # shown when it fails
