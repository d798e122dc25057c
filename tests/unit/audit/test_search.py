"""Events are found by time, principal, action and failure, in order, page by page."""

import secrets
from typing import Any

import pytest

from iamd.audit.search import Search, find, of_request
from iamd.model import ids
from tests.unit.audit.made import ACCOUNT, ALICE, AT, OTHER, Store, event

SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run-7"


def found(search: Search, *events: Any) -> list[int]:
    store = Store()
    store.write_now(lambda transaction: transaction.record_many(events))
    return [each.at for each in find(store.state, search)]


def test_everything_comes_oldest_first_over_many_pages() -> None:
    assert found(Search(), *(event(n) for n in reversed(range(1201)))) == list(range(1201))


def test_since_holds_on_every_page() -> None:
    assert found(Search(since=100), *(event(n) for n in range(1300))) == list(range(100, 1300))


def test_two_events_of_one_moment_are_both_found() -> None:
    assert found(Search(), *(event(5, id=f"{n:04}") for n in range(600))) == [5] * 600


@pytest.mark.parametrize("wanted", [ALICE, "alice", "user/team/alice"])
def test_a_user_is_found_by_arn_and_by_name(wanted: str) -> None:
    assert found(Search(principal=wanted), event(1), event(2, principal=SESSION)) == [1]


@pytest.mark.parametrize("wanted", [SESSION, "deploy", "run-7"])
def test_a_session_is_found_by_its_role_and_its_name(wanted: str) -> None:
    assert found(Search(principal=wanted), event(1), event(2, principal=SESSION)) == [2]


def test_part_of_a_name_finds_nothing() -> None:
    assert found(Search(principal="ali"), event(1)) == []


def test_an_action_is_what_was_authorized_or_what_was_called() -> None:
    events = (
        event(1, source="s3.amazonaws.com", name="CopyObject", actions="s3:GetObject s3:PutObject"),
        event(2, source="s3.amazonaws.com", name="GetObject", actions="", error_code="NoSuchKey"),
        event(3),
    )
    assert found(Search(action="s3:getobject"), *events) == [1, 2]
    assert found(Search(action="s3:CopyObject"), *events) == [1]


def test_errors_alone() -> None:
    assert found(Search(errors=True), event(1), event(2, error_code="AccessDenied")) == [2]


@pytest.mark.parametrize("make", [ids.request_id, ids.s3_request_id])
def test_the_events_of_a_call_are_found_by_its_request_id(make: Any) -> None:
    one, other = (make(AT, secrets.token_bytes) for _ in range(2))
    store = Store()
    events = [event(AT, id="a", request_id=one), event(AT, id="b", request_id=one, account=OTHER)]
    beside = [event(AT, id="c", request_id=other), event(AT + 1, request_id="r"), event(AT - 1, request_id="s")]
    store.write_now(lambda transaction: transaction.record_many((*events, *beside)))
    assert of_request(store.state, one) == events
    assert of_request(store.state, make(AT, secrets.token_bytes)) == []


@pytest.mark.parametrize("text", ["", "r", "x" * 36, "'; DROP TABLE events", "0" * 15, "ZZZZZZZZZZZZZZZZ"])
def test_what_is_no_request_id_is_that_of_no_call(text: str) -> None:
    store = Store()
    store.write_now(lambda transaction: transaction.record(event(AT)))
    assert of_request(store.state, text) == []
