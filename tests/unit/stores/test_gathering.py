"""One commit for those who write together, and no waiting for somebody who writes alone."""

from iamd.stores.sql.gathering import QUIET_TURNS, Gathering


def test_somebody_alone_never_waits() -> None:
    gathering = Gathering()
    for _ in range(3):
        assert not gathering.wants_more(1)
        gathering.took(1)


def test_those_of_the_last_commit_are_waited_for() -> None:
    gathering = Gathering()
    gathering.took(3)
    assert gathering.wants_more(1)
    assert gathering.wants_more(2)
    assert not gathering.wants_more(3)


def test_quiet_turns_end_the_waiting_and_a_newcomer_begins_it_again() -> None:
    gathering = Gathering()
    gathering.took(8)
    assert all(gathering.wants_more(2) for _ in range(QUIET_TURNS))
    assert gathering.wants_more(3)
    assert all(gathering.wants_more(3) for _ in range(QUIET_TURNS - 1))
    assert not gathering.wants_more(3)


def test_who_has_left_is_waited_for_once() -> None:
    gathering = Gathering()
    gathering.took(8)
    assert sum(gathering.wants_more(1) for _ in range(3 * QUIET_TURNS)) == QUIET_TURNS
    gathering.took(1)
    assert not gathering.wants_more(1)
