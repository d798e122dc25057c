"""A decision is of one moment, also where others change things between one fact and the next."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from iamd.authz.decide import Authorizer
from iamd.bootstrap.accounts import NewAccount
from iamd.bootstrap.compose import Parts, open_parts
from iamd.console.entry import Given
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import SIGNED, run
from iamd.model.http import NOW, HttpResponse
from iamd.stores.ports.policies import InlinePolicy
from iamd.stores.ports.store import Transaction
from iamd.stores.sql import open_store
from iamd.stores.sql.store import SqlStore
from tests.unit.kernel.signing import form, signed

_BODY = form("ListUsers")


def deny(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": action, "Resource": "*"}})


class Waiting(SqlStore):
    """As one that others run beside while someone reads."""

    reads_wait = True


@pytest.fixture(params=[SqlStore, Waiting])
def parts(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Parts]:
    parts = open_parts(tmp_path, None, ephemeral=True)
    parts.store.__class__ = request.param
    with closing(parts.store):
        yield parts


class Meanwhile:
    """Another process, which denies something to the administrator and takes that back, in turns."""

    def __init__(self, directory: Path, account: NewAccount, times: int, action: str = "*") -> None:
        self.text = deny(action)
        self._directory = directory
        self._account = account
        self.left = times

    def __call__(self) -> None:
        if self.left == 0:
            return
        self.left -= 1
        policy = InlinePolicy(self._account.id, self._account.admin_id, "deny", self.text)
        with closing(open_store(self._directory, ephemeral=True)) as other:
            other.write_now(lambda transaction: _toggle(transaction, policy))


def _toggle(transaction: Transaction, policy: InlinePolicy) -> None:
    policies = transaction.state.inline_policies
    if policies.delete(policy.account, policy.owner_id, policy.name) is None:
        policies.insert(policy)


def ask(kernel: Kernel, account: NewAccount, meanwhile: Meanwhile) -> HttpResponse:
    """ListUsers by the administrator, with something happening after it was known who asks."""
    http = signed(_BODY, account.access_key_id, account.secret_access_key)

    def step(_: Kernel, __: Call) -> None:
        meanwhile()

    async def story() -> HttpResponse:
        response = await run(kernel, http, Given(_BODY), host_is_trusted=True, entry=(*SIGNED, step))
        await kernel.trail.close()
        return response

    return asyncio.run(story())


def test_what_was_denied_before_the_decision_was_made_is_denied(
    tmp_path: Path, account: NewAccount, kernel: Kernel
) -> None:
    meanwhile = Meanwhile(tmp_path, account, 0)
    assert ask(kernel, account, meanwhile).status == 200
    meanwhile.left = 1
    response = ask(kernel, account, meanwhile)
    assert response.status == 403
    assert isinstance(response.body, bytes)
    assert b"explicit deny" in response.body


def test_what_was_stored_behind_its_deny_is_not_told_by_the_policies_before_it(
    tmp_path: Path, account: NewAccount, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Deny and what it protects come between the decision and the reading."""
    meanwhile = Meanwhile(tmp_path, account, 0)
    assert ask(kernel, account, meanwhile).status == 200
    later, decide = Meanwhile(tmp_path, account, 1, "iam:ListUsers"), Authorizer.decide

    def deciding(*asked: Any) -> Any:
        verdicts = decide(*asked)
        later()
        return verdicts

    monkeypatch.setattr(Authorizer, "decide", deciding)
    assert ask(kernel, account, meanwhile).status == 403


def test_what_changes_again_and_again_is_not_decided(
    tmp_path: Path, account: NewAccount, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile = Meanwhile(tmp_path, account, 1000, "s3:*")
    refresh = kernel.facts.refresh

    def refreshing(came: float = NOW) -> None:
        meanwhile()
        refresh(came)

    monkeypatch.setattr(kernel.facts, "refresh", refreshing)
    assert ask(kernel, account, meanwhile).status == 503


@pytest.mark.parametrize("parts", [Waiting], indirect=True)
def test_nothing_is_decided_while_no_event_can_be_kept(
    tmp_path: Path, account: NewAccount, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(kernel.trail), "is_full", True)
    assert ask(kernel, account, Meanwhile(tmp_path, account, 0)).status == 503
