"""One-time codes: RFC 6238's own numbers, and that none is taken twice."""

import pytest

from iamd.credentials.totp import code_at, find_consecutive, find_step, step_at

SEED = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_appendix_b(second: int, digits: str) -> None:
    assert code_at(SEED, step_at(second * 1000)) == digits


@pytest.mark.parametrize(("step", "taken"), [(98, None), (99, 99), (100, 100), (101, 101), (102, None)])
def test_a_code_is_taken_within_one_step_of_the_expected_one(step: int, taken: int | None) -> None:
    assert find_step(SEED, code_at(SEED, step), expected=100, used=0) == taken


@pytest.mark.parametrize(("used", "taken"), [(98, 99), (99, None), (100, None)])
def test_a_code_that_was_taken_and_those_before_it_are_refused(used: int, taken: int | None) -> None:
    assert find_step(SEED, code_at(SEED, 99), expected=100, used=used) == taken


@pytest.mark.parametrize("drift", [-2880, -1, 0, 1, 2880])
def test_two_consecutive_codes_find_a_clock_that_is_off_by_up_to_a_day(drift: int) -> None:
    first, second = code_at(SEED, 10_000 + drift), code_at(SEED, 10_001 + drift)
    assert find_consecutive(SEED, first, second, now=10_000, used=0) == 10_001 + drift


@pytest.mark.parametrize(("first", "second"), [(10, 10), (11, 10), (10, 12), (7000, 7001)])
def test_codes_that_do_not_follow_each_other_or_are_too_far_find_nothing(first: int, second: int) -> None:
    assert find_consecutive(SEED, code_at(SEED, first), code_at(SEED, second), now=10, used=0) is None


def test_two_codes_of_which_the_first_was_taken_find_nothing() -> None:
    assert find_consecutive(SEED, code_at(SEED, 10), code_at(SEED, 11), now=10, used=10) is None
