"""Nothing acknowledged is lost, whenever the process dies; a mutation and its event are there both or not at all."""

import contextlib
import itertools
import subprocess
import sys
from pathlib import Path

from iamd.stores.sql import DirectoryInUse, DirectoryLock, open_store

PROGRAM = str(Path(__file__).with_name("writing.py"))


def start(directory: Path, *arguments: int) -> "subprocess.Popen[str]":
    command = [sys.executable, PROGRAM, str(directory), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_process_killed_while_writing_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    acknowledged: set[int] = set()
    for kill in range(5):
        with start(tmp_path, 1_000_000 * kill, 0, 1 + 7 * kill) as process:
            assert process.stdout
            for _ in range(20 + 37 * kill):
                acknowledged.add(int(process.stdout.readline()))
            process.kill()
            # The last line may have been cut.
            acknowledged |= {int(line) for line in process.stdout if line.endswith("\n")}
    with contextlib.closing(open_store(tmp_path, ephemeral=False)) as store:
        users = {user.created_at for user in store.state.users.page("key")}
        events = {event.at for event in store.state.events.page("key")}
        assert acknowledged <= users
        assert users == events
        (rows, revision) = store._follower._execute(
            "SELECT (SELECT count(*) FROM changelog), revision FROM store_revision"
        ).fetchone()
        assert rows == revision == len(users)
        assert store._follower._execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(acknowledged) >= 5 * 20


def test_two_processes_that_write_without_pause_take_turns(tmp_path: Path) -> None:
    open_store(tmp_path, ephemeral=False).close()
    with start(tmp_path, 0, 0, 16) as one, start(tmp_path, 1_000_000, 0, 16) as two:
        assert one.stdout
        assert two.stdout
        for _ in range(400):
            assert one.stdout.readline()
            assert two.stdout.readline()
        one.kill()
        two.kill()
    with contextlib.closing(open_store(tmp_path, ephemeral=False)) as store:
        rows = store._follower._execute("SELECT topics FROM changelog ORDER BY revision").fetchall()
    writers = [int(topics[-8:]) >= 1_000_000 for (topics,) in rows]
    both = writers[max(map(writers.index, (False, True))) :][:600]
    runs = [len(list(group)) for _, group in itertools.groupby(both)]
    assert len(both) == 600
    # One process may write alone while the other gets no processor; if whoever is quicker could always go first, they
    # would change places six or eight times.
    assert len(runs) >= 20


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from iamd.stores.sql import DirectoryLock;"
        "lock = DirectoryLock(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            DirectoryLock(tmp_path).release()
            refused = None
        except DirectoryInUse as error:
            refused = error
        assert refused is not None
        assert refused.process == process.pid
        process.kill()
        process.wait()
    DirectoryLock(tmp_path).release()
