"""The reserve is there, or given up, for all who look at the directory."""

import os
import time
from pathlib import Path

import pytest

from iamd.stores import space
from iamd.stores.ports.store import DiskFull
from iamd.stores.space import RESERVE, Reserve, refused

SIZE = 1 << 20


@pytest.fixture
def reserve(tmp_path: Path) -> Reserve:
    reserve = Reserve(tmp_path, SIZE)
    reserve.prepare()
    return reserve


def test_a_reserve_takes_real_space_and_is_given_up_for_everybody(tmp_path: Path, reserve: Reserve) -> None:
    other = Reserve(tmp_path, SIZE)
    assert (tmp_path / RESERVE).stat().st_blocks * 512 >= SIZE
    assert not reserve.is_given_up()
    reserve.require(1)
    reserve.give_up()
    reserve.give_up()
    other._next = float("inf")
    assert other.is_given_up()
    with pytest.raises(DiskFull, match="full"):
        other.require()
    assert list(tmp_path.iterdir()) == []


def test_that_another_process_gave_it_up_is_known_a_moment_later(
    tmp_path: Path, reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(space, "free_bytes", lambda _: 0)
    assert not reserve.is_given_up()
    Reserve(tmp_path, SIZE).give_up()
    assert not reserve.is_given_up()
    now += space._SEEN_SECONDS
    assert reserve.is_given_up()


def test_it_grows_again_when_there_is_space_for_more_than_it(
    tmp_path: Path, reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve.give_up()
    free = SIZE + space.MARGIN_BYTES - 1
    monkeypatch.setattr(space, "free_bytes", lambda _: free)
    monkeypatch.setattr(space, "_APART_SECONDS", 0)
    assert reserve.is_given_up()
    free += 1
    assert not reserve.is_given_up()
    assert (tmp_path / RESERVE).stat().st_size == SIZE


def test_a_disk_that_only_seems_to_have_space_leaves_nothing_behind(
    tmp_path: Path, reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: int) -> None:
        raise OSError(28, "No space left on device")

    reserve.give_up()
    monkeypatch.setattr(os, "posix_fallocate", no_space)
    assert reserve.is_given_up()
    assert list(tmp_path.iterdir()) == []


def test_it_is_not_tried_at_every_question(reserve: Reserve, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def no_room(directory: Path) -> int:
        asked.append(directory)
        return 0

    reserve.give_up()
    monkeypatch.setattr(space, "free_bytes", no_room)
    assert [reserve.is_given_up() for _ in range(3)] == [True] * 3
    assert len(asked) == 1


def test_a_start_gives_it_up_where_nothing_could_be_opened(
    tmp_path: Path, reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "free_bytes", lambda _: 100_000)
    reserve.prepare()
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_is_refused_before_it_comes(reserve: Reserve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "free_bytes", lambda _: 1000)
    reserve.require(1000)
    with pytest.raises(DiskFull, match="1001 bytes"):
        reserve.require(1001)


def test_only_a_lack_of_space_is_called_one() -> None:
    assert isinstance(refused(OSError(28, "No space left on device")), DiskFull)
    assert isinstance(refused(OSError(122, "Disk quota exceeded")), DiskFull)
    assert not isinstance(refused(OSError(5, "Input/output error")), DiskFull)
