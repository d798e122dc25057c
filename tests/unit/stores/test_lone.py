"""Who writes alone on a quick disk commits on the loop; a slow disk keeps nobody waiting who reads."""

import pytest

from iamd.stores.sql import lone
from iamd.stores.sql.lone import (
    BEARABLE_SECONDS,
    MOST_ROWS,
    MOST_TOGETHER,
    QUICK_SECONDS,
    REST_SECONDS,
    RESTS,
    STALL_SECONDS,
    LoneCommits,
)

OTHERS = 9
"""Calls that are being served, more than write."""


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(lone, "time", clock)
    return clock


def test_one_small_change_stays_and_nothing_else() -> None:
    commits = LoneCommits()
    commits.took(QUICK_SECONDS / 2, 1)
    assert commits.may_stay(1, MOST_ROWS, OTHERS)
    assert not commits.may_stay(1, MOST_ROWS + 1, OTHERS)
    assert not commits.may_stay(2, 2, OTHERS)


def test_a_disk_that_is_always_slow_gets_the_thread_and_one_that_recovers_loses_it() -> None:
    commits = LoneCommits()
    for _ in range(100):
        commits.took(QUICK_SECONDS * 3, 1)
    assert not commits.may_stay(1, 1, OTHERS)
    for _ in range(100):
        commits.took(QUICK_SECONDS / 3, 1)
    assert commits.may_stay(1, 1, OTHERS)


def test_a_stall_is_remembered_for_a_while_however_quick_the_disk_is_again(clock: Clock) -> None:
    commits = LoneCommits()
    commits.took(STALL_SECONDS * 1.1, 1)
    for _ in range(1000):
        commits.took(QUICK_SECONDS / 10, 1)
    assert not commits.may_stay(1, 1, OTHERS)
    clock.now += REST_SECONDS
    assert commits.may_stay(1, 1, OTHERS)


def test_where_nobody_waits_but_they_a_stall_is_forgotten_sooner(clock: Clock) -> None:
    commits = LoneCommits()
    commits.took(STALL_SECONDS * 1.1, 1)
    clock.now += STALL_SECONDS * RESTS
    assert not commits.may_stay(1, 1, 1)
    clock.now += STALL_SECONDS * RESTS
    assert commits.may_stay(1, 1, 1)
    assert not commits.may_stay(1, 1, OTHERS)


def test_what_a_large_change_takes_says_nothing_of_the_disk() -> None:
    commits = LoneCommits()
    for _ in range(100):
        commits.took(STALL_SECONDS * 2, MOST_TOGETHER + 1)
    assert commits.may_stay(1, 1, OTHERS)


def test_several_stay_where_nobody_waits_but_they() -> None:
    commits = LoneCommits()
    assert commits.may_stay(8, MOST_TOGETHER, 8)
    assert not commits.may_stay(8, MOST_TOGETHER, 9)
    assert not commits.may_stay(8, MOST_TOGETHER + 1, 8)
    for _ in range(100):
        commits.took(BEARABLE_SECONDS * 0.9, MOST_TOGETHER)
    assert commits.may_stay(1, 1, 1)
    assert not commits.may_stay(1, 1, OTHERS)
    for _ in range(100):
        commits.took(BEARABLE_SECONDS * 1.1, 1)
    assert not commits.may_stay(1, 1, 1)
