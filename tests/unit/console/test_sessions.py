"""When a console session is one: by the clock, by its user and by its password."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from iamd.console import sessions
from iamd.console.api import Api
from iamd.console.history import history
from iamd.console.sessions import IDLE_MS, LONGEST_MS, MOST, current, forget_ended, hash_token, password_mark, touch
from iamd.credentials import attempts
from iamd.edge.body import AsgiBody
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.stores.ports.credentials import LoginProfile
from iamd.stores.ports.policies import InlinePolicy
from iamd.stores.ports.signin import ConsoleSession
from tests.unit.services.lab import HERE, Lab, allow, policy

START = 1_800_000_000_000
DAY = 86_400_000


class Console(Lab):
    """A lab with alice, her password and one session of hers."""

    def __init__(self) -> None:
        super().__init__()
        self.add_user("alice")
        user = self.state.users.get(HERE, "alice")
        assert user is not None
        self.user_id = user.id
        self.profile = LoginProfile(HERE, user.id, START, "hash", reset_required=False, changed_at=START)
        self.add(self.profile)
        self.open("token", user.id, "hash")
        self.kernel: Any = SimpleNamespace(store=self.store, authorizer=self.authorizer)

    def open(self, token: str, user_id: str, password_hash: str, started: int = START) -> None:
        row = ConsoleSession(
            token_hash=hash_token(token),
            id=token,
            account=HERE,
            user_id=user_id,
            access_key_id="ASIAX",
            password_mark=password_mark(password_hash),
            started_at=started,
            expires_at=started + LONGEST_MS,
            seen_at=started,
            source_ip="127.0.0.1",
            user_agent="",
            mfa_at=started,
        )
        self.store.write_now(lambda transaction: sessions.insert(transaction.state, row))

    def at(self, now: int, token: str | None = "token") -> sessions.Signed | None:
        self.facts.refresh()
        return current(self.kernel, token, now)


@pytest.fixture
def console() -> Console:
    return Console()


def test_a_session_acts_as_its_user_with_the_facts_of_its_beginning(console: Console) -> None:
    signed = console.at(START + 1000)
    assert signed is not None
    caller = signed.caller
    assert (caller.principal.arn, caller.mfa, caller.mfa_at, caller.issued_at) == (
        f"arn:aws:iam::{HERE}:user/alice",
        True,
        START,
        START,
    )
    assert len(signed.csrf) == 64
    assert "token" not in signed.csrf


@pytest.mark.parametrize("token", [None, "", "other", hash_token("token")])
def test_any_other_token_is_nobody(console: Console, token: str | None) -> None:
    assert console.at(START + 1, token) is None


def test_an_hour_without_a_request_ends_it_and_twelve_hours_with_them(console: Console) -> None:
    assert console.at(START + IDLE_MS - 1) is not None
    assert console.at(START + IDLE_MS) is None
    now = START
    while now + IDLE_MS // 2 < START + LONGEST_MS:
        now += IDLE_MS // 2
        signed = console.at(now)
        assert signed is not None
        asyncio.run(touch(console.kernel, signed, now))
    assert console.at(START + LONGEST_MS) is None


def test_it_is_written_down_that_it_is_in_use_not_at_every_request(console: Console) -> None:
    for later, seen in ((59_999, 0), (60_000, 60_000), (90_000, 60_000)):
        signed = console.at(START + later)
        assert signed is not None
        asyncio.run(touch(console.kernel, signed, START + later))
        row = console.state.console_sessions.get(hash_token("token"))
        assert row is not None
        assert row.seen_at == START + seen


def test_another_password_none_or_another_user_of_the_name_ends_it(console: Console) -> None:
    console.add(replace(console.profile, password_hash="other"))
    assert console.at(START) is None
    console.add(console.profile)
    assert console.at(START) is not None
    console.store.write_now(lambda transaction: transaction.state.login_profiles.delete(HERE, console.user_id))
    assert console.at(START) is None


def test_a_password_older_than_the_policy_allows_must_be_changed_first(console: Console) -> None:
    account = console.state.accounts.get(HERE)
    assert account is not None
    policy = {"MaxPasswordAge": 1, "AllowUsersToChangePassword": True}
    console.add(replace(account, password_policy=json.dumps(policy)))
    console.open("young", console.user_id, "hash", START + DAY - 1)
    young = console.at(START + DAY - 1, "young")
    old = console.at(START + DAY, "young")
    assert young is not None
    assert old is not None
    assert (young.must_change, old.must_change) == (False, True)


def test_of_too_many_sessions_the_oldest_end(console: Console) -> None:
    for number in range(MOST):
        console.open(f"t{number}", console.user_id, "hash", START + 1 + number)
    assert console.at(START + MOST) is None
    assert all(console.at(START + MOST, f"t{number}") is not None for number in range(MOST))


def test_sessions_whose_time_is_over_are_removed(console: Console) -> None:
    console.open("later", console.user_id, "hash", START + 5)
    assert asyncio.run(forget_ended(console.store, START + LONGEST_MS)) == 1
    assert [row.id for row in console.state.console_sessions.page("key")] == ["later"]


def test_ten_failures_in_five_minutes_lock_for_five_minutes_from_the_last(console: Console) -> None:
    def count(now: int) -> bool:
        console.store.write_now(lambda transaction: attempts.count(transaction.state, "s", "a", now))
        return attempts.is_locked(console.state, "s", "a", now)

    window = attempts.WINDOW_MS
    assert [count(START + number * (window // 10)) for number in range(10)] == [False] * 9 + [True]
    last = START + 9 * (window // 10)
    assert attempts.is_locked(console.state, "s", "a", last + window - 1)
    assert not attempts.is_locked(console.state, "s", "a", last + window)
    assert not attempts.is_locked(console.state, "s", "b", last)
    assert not count(last + window)


def test_nine_failures_in_every_window_never_lock(console: Console) -> None:
    for number in range(36):
        now = START + (number // 9) * attempts.WINDOW_MS + number % 9
        console.store.write_now(lambda transaction, at=now: attempts.count(transaction.state, "s", "a", at))  # type: ignore[misc]  # bound now
        assert not attempts.is_locked(console.state, "s", "a", now)


@pytest.mark.parametrize(
    ("path", "query", "is_use"),
    [
        (b"/console/api/session", b"", True),
        (b"/console/api/events", b"user=after", True),
        (b"/console/api/events", b"user=alice&after=1-x", False),
    ],
)
def test_a_page_that_only_waits_for_events_does_not_keep_its_session_open(
    console: Console, path: bytes, query: bytes, is_use: bool
) -> None:
    later = START + IDLE_MS // 2
    console.kernel.clock = lambda: later
    console.kernel.facts = console.facts
    request = HttpRequest("GET", path, query, [(b"cookie", b"iamd-session=token")])
    asyncio.run(Api(console.kernel, "").answer(request, path.decode(), AsgiBody(request, _nothing)))
    row = console.state.console_sessions.get(hash_token("token"))
    assert row is not None
    assert row.seen_at == (later if is_use else START)


def test_who_is_signed_out_while_a_body_is_still_coming_is_told_nothing(console: Console) -> None:
    signed = console.at(START)
    assert signed is not None
    console.kernel.clock = lambda: START
    console.kernel.facts = console.facts
    headers = [
        (b"cookie", b"iamd-session=token"),
        (b"content-type", b"application/json"),
        (b"content-length", b"2"),
        (b"x-csrf-token", signed.csrf.encode()),
    ]
    request = HttpRequest("POST", b"/console/api/keys/unused", b"", headers)

    async def ending() -> dict[str, Any]:
        console.store.write_now(lambda transaction: transaction.state.console_sessions.delete(hash_token("token")))
        return {"type": "http.request", "body": b"{}"}

    answer = asyncio.run(Api(console.kernel, "").answer(request, "/console/api/keys/unused", AsgiBody(request, ending)))
    assert isinstance(answer.body, bytes)
    assert (answer.status, json.loads(answer.body)["code"]) == (401, "NotSignedIn")


def test_events_are_told_by_policies_no_older_than_they_are(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Deny is set, and something happens behind it, while the history is being read."""

    def read_meanwhile(*_: Any) -> Iterator[Any]:
        console.add(InlinePolicy(HERE, console.user_id, "deny", policy({**allow("*"), "Effect": "Deny"})))
        return iter(())

    console.add(InlinePolicy(HERE, console.user_id, "allow", policy(allow("cloudtrail:LookupEvents"))))
    console.kernel.facts, console.kernel.tools, console.kernel.region = console.facts, console.tools, "us-east-1"
    console.kernel.trail = SimpleNamespace(add=lambda *_: None)
    request = HttpRequest("GET", b"/console/api/events", b"", [(b"host", b"localhost")])
    signed = console.at(START)
    assert signed is not None
    assert history(console.kernel, request, signed, START) == {"events": [], "next": None}
    monkeypatch.setattr("iamd.console.history.newest_first", read_meanwhile)
    with pytest.raises(AwsError, match="explicit deny"):
        history(console.kernel, request, signed, START)


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request"}
