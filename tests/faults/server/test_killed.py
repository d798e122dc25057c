"""`kill -9` under mixed load, thirty times over: nothing acknowledged is lost, nothing is there by half."""

import shutil
import subprocess
from pathlib import Path
from random import SystemRandom

from tests.clients.server import BIN
from tests.faults.server.crashing import Crashing

KILLS = 30


def test_thirty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    seed = SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201  # shown when it fails
    crashing = Crashing(tmp_path, seed)
    for _ in range(KILLS):
        crashing.round()
    crashing.conclude()
    assert crashing.kills == KILLS
    assert crashing.changes > 10 * KILLS


def test_a_backup_of_a_killed_server_restores_to_what_was_acknowledged(tmp_path: Path) -> None:
    seed = SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201  # shown when it fails
    killed, backup, restored = (tmp_path / name for name in ("killed", "backup", "restored"))
    crashing = Crashing(killed, seed)
    for _ in range(3):
        crashing.round()
    # Nobody has started it, and so mended it, since the last kill.
    subprocess.run([BIN / "iamd", "backup", "--output", backup, "--data-dir", killed], check=True)
    shutil.rmtree(killed)
    subprocess.run([BIN / "iamd", "restore", "--input", backup, "--data-dir", restored], check=True)
    crashing.data_dir = restored
    crashing.conclude()
    assert crashing.changes
    assert any(client.kept for client in crashing.clients)
