"""Signing in without a server: the work that every input costs, and what holds when something changes meanwhile."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from iamd.console.finding import read_sign_in
from iamd.console.sessions import hash_token, password_mark
from iamd.console.signin import _MOST_WAITING, Attempt, SigningIn
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.stores.ports.credentials import LoginProfile
from iamd.stores.ports.events import Event
from iamd.stores.ports.signin import ConsoleSession
from tests.unit.services.lab import HERE, Lab

NOW = 1_800_000_000_000
DAY = 86_400_000


class Desk(Lab):
    """alice, whose password is "right"; `checked` are the hashes that passwords were held against."""

    def __init__(self) -> None:
        super().__init__()
        self.add_user("alice")
        user = self.state.users.get(HERE, "alice")
        assert user is not None
        self.profile = LoginProfile(HERE, user.id, NOW, "hash of right", reset_required=False, changed_at=NOW)
        self.add(self.profile)
        self.checked: list[str | None] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.events: list[Event] = []
        kernel: Any = SimpleNamespace(
            store=self.store,
            tools=replace(self.tools, passwords=self),  # type: ignore[arg-type]  # stands for Argon2
            trail=SimpleNamespace(add=lambda events, _epoch: self.events.extend(events)),
            region="us-east-1",
        )
        self.signing_in = SigningIn(kernel)

    def verify(self, stored: str | None, password: str) -> bool:
        self.checked.append(stored)
        self.meanwhile()
        return stored == f"hash of {password}"

    def sign_in(self, password: str = "right", *, account: str = HERE, username: str = "alice", now: int = NOW) -> str:
        asked = read_sign_in({"kind": "user", "account": account, "username": username, "password": password})
        http = HttpRequest("POST", b"/", headers=[(b"host", b"localhost")])
        return asyncio.run(self.signing_in.sign_in(Attempt(http, asked, now, self.store.epoch, None)))

    def refusal(self, *words: str, **more: Any) -> str:
        with pytest.raises(AwsError) as caught:
            self.sign_in(*words, **more)
        return caught.value.code


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("where", "against"),
    [
        ({}, "hash of right"),
        ({"username": "nobody"}, None),
        ({"account": "000000000000"}, None),
        ({"account": "no-such-alias"}, None),
    ],
)
def test_every_wrong_input_costs_one_comparison(desk: Desk, where: Any, against: str | None) -> None:
    assert desk.refusal("wrong", **where) == "AuthenticationFailed"
    assert desk.checked == [against]


def test_a_password_that_changes_while_it_is_compared_opens_nothing(desk: Desk) -> None:
    desk.meanwhile = lambda: desk.add(replace(desk.profile, password_hash="hash of another"))
    assert desk.refusal() == "AuthenticationFailed"
    assert desk.state.console_sessions.page("key") == []


def test_attempts_at_once_count_before_any_password_is_compared(desk: Desk) -> None:
    async def crowd() -> list[str]:
        asked = read_sign_in({"kind": "user", "account": HERE, "username": "alice", "password": "wrong"})
        http = HttpRequest("POST", b"/")
        tries = [desk.signing_in.sign_in(Attempt(http, asked, NOW, desk.store.epoch, None)) for _ in range(30)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        return [str(answer.code) for answer in answers if isinstance(answer, AwsError)]

    codes = asyncio.run(crowd())
    assert (codes.count("AuthenticationFailed"), codes.count("Throttled"), len(desk.checked)) == (10, 20, 10)


def test_a_crowd_of_names_waits_in_a_queue_with_an_end(desk: Desk) -> None:
    async def crowd() -> list[str]:
        http = HttpRequest("POST", b"/")
        names = ({"kind": "user", "account": HERE, "username": f"u{n}", "password": "x"} for n in range(200))
        tries = [
            desk.signing_in.sign_in(Attempt(http, read_sign_in(each), NOW, desk.store.epoch, None)) for each in names
        ]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        return [str(answer.code) for answer in answers if isinstance(answer, AwsError)]

    codes = asyncio.run(crowd())
    assert len(codes) == 200
    assert codes.count("AuthenticationFailed") == _MOST_WAITING


def test_of_those_who_find_no_room_nothing_is_written(desk: Desk) -> None:
    async def crowd() -> None:
        http = HttpRequest("POST", b"/")
        names = ({"kind": "user", "account": HERE, "username": f"u{n}", "password": "x"} for n in range(200))
        tries = [
            desk.signing_in.sign_in(Attempt(http, read_sign_in(each), NOW, desk.store.epoch, None)) for each in names
        ]
        await asyncio.gather(*tries, return_exceptions=True)

    asyncio.run(crowd())
    assert len(desk.state.signin_failures.page("key")) == len(desk.events) == _MOST_WAITING


def changed(desk: Desk) -> ConsoleSession:
    """alice's session, whose password she has just set to "new"."""
    token = desk.sign_in()
    row = desk.state.console_sessions.get(hash_token(token))
    assert row is not None
    desk.add(replace(desk.profile, password_hash="hash of new"))
    return row


def renewal(desk: Desk, row: ConsoleSession) -> str:
    return asyncio.run(desk.signing_in.renew_for(row, "new", desk.store.epoch))


def test_a_session_goes_on_with_the_password_that_its_user_has_set(desk: Desk) -> None:
    row = changed(desk)
    fresh = desk.state.console_sessions.get(hash_token(renewal(desk, row)))
    assert fresh is not None
    assert fresh.password_mark == password_mark("hash of new")
    assert desk.state.console_sessions.get(row.token_hash) is None


def ending_by_another_password(desk: Desk, _row: ConsoleSession) -> None:
    desk.add(replace(desk.profile, password_hash="hash of an administrator's"))


def ending_by_revocation(desk: Desk, row: ConsoleSession) -> None:
    asyncio.run(desk.store.write(lambda transaction: transaction.state.console_sessions.delete(row.token_hash)))


@pytest.mark.parametrize("ending", [ending_by_another_password, ending_by_revocation])
def test_what_ended_a_session_while_its_password_was_changed_has_ended_it(
    desk: Desk, ending: Callable[[Desk, ConsoleSession], None]
) -> None:
    row = changed(desk)
    ending(desk, row)
    with pytest.raises(AwsError) as caught:
        renewal(desk, row)
    assert caught.value.code == "NotSignedIn"
    assert [each for each in desk.state.console_sessions.page("key") if each.token_hash != row.token_hash] == []


def test_a_password_that_only_an_administrator_may_renew_is_told_to_whoever_knows_it(desk: Desk) -> None:
    account = desk.state.accounts.get(HERE)
    assert account is not None
    policy = {"MaxPasswordAge": 1, "HardExpiry": True, "AllowUsersToChangePassword": True}
    desk.add(replace(account, password_policy=json.dumps(policy)))
    assert desk.sign_in(now=NOW + DAY - 1)
    assert desk.refusal(now=NOW + DAY) == "PasswordExpired"
    assert desk.refusal("wrong", now=NOW + DAY) == "AuthenticationFailed"
    desk.add(replace(account, password_policy=json.dumps({**policy, "HardExpiry": False})))
    assert desk.sign_in(now=NOW + DAY)


def test_the_attempt_is_never_printed() -> None:
    asked = read_sign_in({"kind": "root", "email": "root@localhost", "password": "right", "mfa_code": "123456"})
    assert "right" not in repr(Attempt(HttpRequest("POST", b"/"), asked, NOW, 0, None)) + str(asked)


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"kind": "robot"},
        {"kind": "root", "email": 1, "password": "x"},
        {"kind": "root", "email": "a"},
        {"kind": "user", "account": HERE, "username": "a", "password": "x" * 1025},
        {"kind": "user", "account": HERE, "username": "a", "password": "x", "mfa_code": 123456},
    ],
)
def test_what_is_no_sign_in_is_refused_before_anything(content: Any) -> None:
    with pytest.raises(AwsError) as caught:
        read_sign_in(content)
    assert caught.value.code == "ValidationError"
