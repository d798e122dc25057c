"""A server killed after an object's bytes are stored and before its row is: nothing is there, the bytes go too."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from iamd.stores.blobs import LocalBlobs, orphans
from iamd.stores.sql import open_store
from tests.clients.server import BIN, connect, running

BODY = b"x" * 300_000
DAY = orphans.DAY_MS


def collect(data_dir: Path, now: int) -> int:
    """As a process beside the server would, at the time `now`."""
    blobs = LocalBlobs(data_dir / "blobs", lambda: "unused")
    with closing(open_store(data_dir, ephemeral=False)) as store:
        return asyncio.run(orphans.collect(store, blobs, lambda: now))


def seized(data_dir: Path, blob: Path) -> bool:
    """Whether another process than the server could have the blob."""
    blobs = LocalBlobs(data_dir / "blobs", lambda: "unused")
    could = blobs.seize(blob.name)
    blobs.release(blob.name)
    return could


def blobs_of(data_dir: Path) -> list[Path]:
    return [path for path in data_dir.glob("blobs/*/*") if path.parent.name != "tmp"]


def test_a_kill_between_the_bytes_and_the_row_leaves_an_orphan_that_is_collected(tmp_path: Path) -> None:
    command: list[Any] = [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", "--data-dir", tmp_path]
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        stack.callback(process.kill)
        assert process.stdout is not None
        iamd = connect(Path(process.stdout.readline().strip()))
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="torn")
        s3.put_object(Bucket="torn", Key="kept", Body=BODY)
        (kept,) = blobs_of(tmp_path)
        failures: list[Exception] = []

        def upload() -> None:
            try:
                s3.put_object(Bucket="torn", Key="lost", Body=BODY)
            except (BotoCoreError, ClientError) as failure:
                failures.append(failure)

        uploading = threading.Thread(target=upload)
        with closing(sqlite3.connect(tmp_path / "iamd.db", isolation_level=None, timeout=30)) as other:
            # While another process has the write lock the row waits.
            other.execute("BEGIN IMMEDIATE")
            uploading.start()
            while len(blobs_of(tmp_path)) < 2:
                uploading.join(0.01)
                assert uploading.is_alive()
            (torn,) = set(blobs_of(tmp_path)) - {kept}
            assert not seized(tmp_path, torn)
            process.send_signal(signal.SIGKILL)
            assert process.wait(10) == -signal.SIGKILL
        uploading.join()
        assert len(failures) == 1
    assert seized(tmp_path, torn)
    written = torn.stat().st_mtime_ns // 1_000_000
    assert [collect(tmp_path, written + days * DAY) for days in (1, 2)] == [0, 1]
    assert blobs_of(tmp_path) == [kept]
    with running(tmp_path) as (iamd, _):
        s3 = iamd.client("s3")
        assert [each["Key"] for each in s3.list_objects_v2(Bucket="torn")["Contents"]] == ["kept"]
        assert s3.get_object(Bucket="torn", Key="kept")["Body"].read() == BODY


def test_a_paused_server_holds_its_upload_s_bytes_and_finishes_it(tmp_path: Path) -> None:
    with running(tmp_path) as (iamd, process):
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="paused")
        uploading = threading.Thread(target=lambda: s3.put_object(Bucket="paused", Key="k", Body=BODY))
        with closing(sqlite3.connect(tmp_path / "iamd.db", isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            uploading.start()
            while not blobs_of(tmp_path):
                uploading.join(0.01)
                assert uploading.is_alive()
            os.kill(process.pid, signal.SIGSTOP)
            other.execute("ROLLBACK")
        try:
            (blob,) = blobs_of(tmp_path)
            assert not seized(tmp_path, blob)
        finally:
            os.kill(process.pid, signal.SIGCONT)
        uploading.join()
        written = blob.stat().st_mtime_ns // 1_000_000
        for days in range(1, 5):
            assert collect(tmp_path, written + days * DAY) == 0
        assert s3.get_object(Bucket="paused", Key="k")["Body"].read() == BODY
