import itertools
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from iamd.stores.blobs import LocalBlobs
from iamd.stores.memory import MemoryBlobs
from iamd.stores.ports.blobs import BlobMissing


def ids() -> Any:
    numbers = itertools.count()
    return lambda: f"blob-{next(numbers):06}"


@pytest.fixture(params=["local", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return LocalBlobs(tmp_path / "blobs", ids()) if request.param == "local" else MemoryBlobs(ids())


def put(blobs: Any, *chunks: bytes) -> str:
    writer = blobs.create()
    for chunk in chunks:
        writer.write(chunk)
    blob_id: str = writer.commit()
    return blob_id


def test_what_was_written_is_read_in_bounded_chunks(blobs: Any) -> None:
    content = os.urandom(3 << 20)
    blob_id = put(blobs, content[:100], content[100:])
    chunks = list(blobs.read(blob_id, 0, len(content)))
    assert b"".join(chunks) == content
    assert max(map(len, chunks)) <= 1 << 20


@pytest.mark.parametrize(("start", "length"), [(0, 0), (0, 1), (5, 3), (9, 1), (10, 0)])
def test_a_range_is_read(blobs: Any, start: int, length: int) -> None:
    blob_id = put(blobs, b"0123456789")
    assert b"".join(blobs.read(blob_id, start, length)) == b"0123456789"[start : start + length]


def test_an_empty_blob_is_a_blob(blobs: Any) -> None:
    assert b"".join(blobs.read(put(blobs), 0, 0)) == b""


def test_what_is_not_there_is_missing_at_once(blobs: Any) -> None:
    with pytest.raises(BlobMissing):
        blobs.read("blob-x", 0, 1)


def test_bytes_that_are_not_there_are_missing(blobs: Any) -> None:
    reading = blobs.read(put(blobs, b"abc"), 0, 4)
    assert next(reading) == b"abc"
    with pytest.raises(BlobMissing):
        next(reading)


def test_a_deleted_blob_is_gone_and_may_be_deleted_again(blobs: Any) -> None:
    blob_id = put(blobs, b"abc")
    blobs.delete(blob_id)
    blobs.delete(blob_id)
    with pytest.raises(BlobMissing):
        blobs.read(blob_id, 0, 1)


def test_an_aborted_blob_never_was(blobs: Any) -> None:
    writer = blobs.create()
    writer.write(b"abc")
    writer.abort()
    writer.abort()
    with pytest.raises(BlobMissing):
        blobs.read("blob-000000", 0, 1)


def test_every_blob_can_be_deleted_and_leaves_a_working_store(blobs: Any) -> None:
    first = put(blobs, b"abc")
    assert blobs.every() == [first]
    blobs.delete_many(blobs.every())
    assert blobs.every() == []
    with pytest.raises(BlobMissing):
        blobs.read(first, 0, 1)
    assert b"".join(blobs.read(put(blobs, b"new"), 0, 3)) == b"new"


def test_nothing_is_visible_before_commit_and_files_are_private(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs", ids())
    writer = blobs.create()
    writer.write(b"abc")
    with pytest.raises(BlobMissing):
        blobs.read("blob-000000", 0, 3)
    blob_id = writer.commit()
    path = tmp_path / "blobs" / blob_id[:2] / blob_id
    assert path.read_bytes() == b"abc"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, path.parent.parent, tmp_path / "blobs" / "tmp"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "blob_id", ["../../etc/passwd", "", "..", "ab/cd", "blob\0id", "tmp", "blob-000000/../x", "é" * 8]
)
def test_an_id_is_never_a_path(tmp_path: Path, blob_id: str) -> None:
    blobs = LocalBlobs(tmp_path / "blobs", ids())
    with pytest.raises(BlobMissing):
        blobs.read(blob_id, 0, 1)
    with pytest.raises(BlobMissing):
        blobs.delete(blob_id)


def test_old_blobs_and_unfinished_ones_are_told_apart(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs", ids(), durable=False)
    old, new = put(blobs, b"old"), put(blobs, b"new")
    os.utime(tmp_path / "blobs" / old[:2] / old, (1000, 1000))
    unfinished = blobs.create()
    unfinished.write(b"half")
    os.utime(tmp_path / "blobs" / "tmp" / "blob-000002", (1000, 1000))
    assert [blob_id for blob_id, at in blobs.written() if at == 1_000_000] == [old]
    # Its writer holds it still.
    assert blobs.sweep_unfinished(2_000_000) == 0
    assert unfinished._file is not None
    os.close(unfinished._file)
    unfinished._file = None
    assert blobs.sweep_unfinished(2_000_000) == 1
    assert blobs.sweep_unfinished(2_000_000) == 0
    assert b"".join(blobs.read(new, 0, 3)) == b"new"
    unfinished.abort()


def test_what_was_committed_is_held_until_it_is_released(blobs: Any) -> None:
    blob_id = put(blobs, b"abc")
    assert not blobs.seize(blob_id)
    blobs.release(blob_id)
    assert blobs.seize(blob_id)
    assert not blobs.seize(blob_id)
    blobs.delete_many([blob_id])
    assert blobs.seize(blob_id), "what is gone is nobody's"
    blobs.release(blob_id)


def test_a_blob_of_another_process_is_not_seized(tmp_path: Path) -> None:
    mine, theirs = (LocalBlobs(tmp_path / "blobs", name) for name in (ids(), lambda: "theirs"))
    blob_id = put(theirs, b"abc")
    assert not mine.seize(blob_id)
    theirs.release(blob_id)
    assert mine.seize(blob_id)
    assert not theirs.seize(blob_id)
    mine.delete(blob_id)


def test_what_is_no_blob_is_left_alone(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs", ids())
    blob_id = put(blobs, b"abc")
    for name in (".DS_Store", "bl/.nfs0001", "bl/a name with blanks"):
        (tmp_path / "blobs" / name).write_bytes(b"")
    assert [each for each, _ in blobs.written()] == [blob_id]
