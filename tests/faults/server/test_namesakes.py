"""What a name leads to may change between the decision and the change: nobody acts on what he was not decided on."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials

from iamd.authz.decide import Authorizer
from iamd.services.iam.service import service as iam
from iamd.services.sts.service import service as sts
from iamd.stores.ports.policies import InlinePolicy, ResourcePolicy
from tests.faults.server.interleaved import Road
from tests.unit.services.lab import HERE, Lab

Story = Callable[[Road], Awaitable[None]]
TEAM_A = {"StringEquals": {"aws:ResourceTag/team": "a"}}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def tell(directory: Path, story: Story) -> None:
    async def main() -> None:
        road = Road(directory)
        try:
            await story(road)
        finally:
            await road.close()

    asyncio.run(main())


async def limited(road: Road, action: str) -> Credentials:
    """Who may do this to what belongs to team a, and nothing else."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": TEAM_A}
    await road.made("iam", "CreateUser", UserName="limited")
    document = policy(statement)
    await road.made("iam", "PutUserPolicy", UserName="limited", PolicyName="p", PolicyDocument=document)
    text = await road.made("iam", "CreateAccessKey", UserName="limited")
    found = [re.search(f"<{name}>(.*?)</{name}>", text) for name in ("AccessKeyId", "SecretAccessKey")]
    return Credentials(*(match[1] for match in found if match))


async def bob(road: Road, team: str) -> None:
    tags = {"Tags.member.1.Key": "team", "Tags.member.1.Value": team}
    await road.made("iam", "CreateUser", UserName="bob", **tags)


def becomes(road: Road, **changed: Any) -> Callable[[Any], None]:
    """Bob is replaced by a namesake, or changed where `id` is not among what changes."""

    def work(transaction: Any) -> None:
        users = transaction.state.users
        old = users.delete(road.account, "bob")
        users.insert(replace(old, **changed))

    return work


def is_there(road: Road) -> bool:
    return road.store.state.users.get(road.account, "bob") is not None


@pytest.mark.parametrize(
    "changed",
    [{"id": "AIDANAMESAKEOFBOB0000", "tags": (("team", "b"),)}, {"tags": (("team", "b"),)}, {"tags": ()}],
    ids=["a namesake", "other tags", "no tags"],
)
def test_who_may_not_touch_what_the_name_leads_to_now_is_denied(tmp_path: Path, changed: dict[str, Any]) -> None:
    async def story(road: Road) -> None:
        key = await limited(road, "iam:DeleteUser")
        await bob(road, "a")
        road.between.changes.append(becomes(road, **changed))
        status, text = await road.call("iam", "DeleteUser", key, UserName="bob")
        assert (status, "<Code>AccessDenied</Code>" in text) == (403, True), text
        assert is_there(road)

    tell(tmp_path, story)


def test_who_may_touch_that_too_goes_on(tmp_path: Path) -> None:
    async def story(road: Road) -> None:
        key = await limited(road, "iam:DeleteUser")
        await bob(road, "a")
        road.between.changes.append(becomes(road, id="AIDANAMESAKEOFBOB0000"))
        await road.made("iam", "DeleteUser", key, UserName="bob")
        assert not is_there(road)

    tell(tmp_path, story)


def test_who_is_decided_on_anew_is_asked_about_as_it_is_now(tmp_path: Path) -> None:
    """A right that was taken before the name led elsewhere, and what it leads to now, never met."""

    async def story(road: Road) -> None:
        key = await limited(road, "iam:DeleteUser")
        await bob(road, "a")
        caller = road.store.state.users.get(road.account, "limited")
        assert caller is not None
        text = policy({"Effect": "Deny", "Action": "iam:DeleteUser", "Resource": "*"})
        changed = becomes(road, path="/elsewhere/")

        def denied(transaction: Any) -> None:
            transaction.state.inline_policies.insert(InlinePolicy(road.account, caller.id, "deny", text))
            changed(transaction)

        road.between.changes.append(denied)
        status, answer = await road.call("iam", "DeleteUser", key, UserName="bob")
        assert (status, "explicit deny" in answer) == (403, True), answer
        assert is_there(road)

    tell(tmp_path, story)


def test_a_read_tells_of_what_was_decided_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(road: Road) -> None:
        key = await limited(road, "iam:GetUser")
        await bob(road, "a")
        decide, changes = Authorizer.decide, [becomes(road, id="AIDANAMESAKEOFBOB0000", tags=(("team", "b"),))]

        def decided(self: Authorizer, *asked: Any) -> Any:
            verdicts = decide(self, *asked)
            while changes:
                road.store.write_now(changes.pop())
            return verdicts

        monkeypatch.setattr(Authorizer, "decide", decided)
        status, text = await road.call("iam", "GetUser", key, UserName="bob")
        assert (status, "<Code>AccessDenied</Code>" in text) == (403, True), text

    tell(tmp_path, story)


def test_a_name_that_led_nowhere_is_decided_on_when_it_leads_somewhere(tmp_path: Path) -> None:
    async def story(road: Road) -> None:
        statement = {"Effect": "Allow", "Action": "iam:DeleteUser", "Resource": f"arn:aws:iam::{road.account}:user/bob"}
        key = await limited(road, "iam:DeleteUser")
        document = policy(statement)
        await road.made("iam", "PutUserPolicy", UserName="limited", PolicyName="p", PolicyDocument=document)
        await bob(road, "b")
        old = road.store.state.users.get(road.account, "bob")
        assert old is not None
        await road.made("iam", "DeleteUser", UserName="bob")
        elsewhere = replace(old, path="/elsewhere/")
        road.between.changes.append(lambda transaction: transaction.state.users.insert(elsewhere))
        status, text = await road.call("iam", "DeleteUser", key, UserName="bob")
        assert (status, "<Code>AccessDenied</Code>" in text) == (403, True), text
        assert is_there(road)

    tell(tmp_path, story)


def test_what_is_gone_when_the_change_comes_is_not_there(tmp_path: Path) -> None:
    async def story(road: Road) -> None:
        await bob(road, "a")
        road.between.changes.append(lambda transaction: transaction.state.users.delete(road.account, "bob"))
        status, text = await road.call("iam", "DeleteUser", UserName="bob")
        assert (status, "<Code>NoSuchEntity</Code>" in text) == (404, True), text

    tell(tmp_path, story)


def test_what_changes_again_and_again_is_a_concurrent_modification(tmp_path: Path) -> None:
    async def story(road: Road) -> None:
        await bob(road, "a")
        road.between.changes.extend(becomes(road, path=f"/{number}/") for number in range(5))
        status, text = await road.call("iam", "DeleteUser", UserName="bob")
        assert (status, "<Code>ConcurrentModification</Code>" in text) == (409, True), text
        assert is_there(road)
        road.between.changes.extend(becomes(road, path=f"/{number}/") for number in range(4))
        await road.made("iam", "DeleteUser", UserName="bob")

    tell(tmp_path, story)


def test_a_role_of_the_same_name_asks_its_own_trust_policy(tmp_path: Path) -> None:
    async def story(road: Road) -> None:
        trust = policy({"Effect": "Allow", "Principal": {"AWS": road.account}, "Action": "sts:AssumeRole"})
        elsewhere = policy(
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        )
        await road.made("iam", "CreateRole", RoleName="r", AssumeRolePolicyDocument=trust)
        role = road.store.state.roles.get(road.account, "r")
        assert role is not None

        def recreate(transaction: Any) -> None:
            state = transaction.state
            state.roles.delete(road.account, "r")
            # Made in the very millisecond of the old one, so that no time tells them apart.
            state.roles.insert(replace(role, id="AROANAMESAKEOFR000000"))
            state.resource_policies.put(ResourcePolicy(role.arn, road.account, elsewhere))

        asked = {"RoleArn": role.arn, "RoleSessionName": "session"}
        assert "AROA" in await road.made("sts", "AssumeRole", **asked)
        road.between.changes.append(recreate)
        status, text = await road.call("sts", "AssumeRole", **asked)
        assert (status, "<Code>AccessDenied</Code>" in text) == (403, True), text

    tell(tmp_path, story)


NAMES = {
    "UserName": "thing",
    "GroupName": "thing",
    "RoleName": "thing",
    "InstanceProfileName": "thing",
    "PolicyArn": f"arn:aws:iam::{HERE}:policy/p",
    "SerialNumber": f"arn:aws:iam::{HERE}:mfa/m",
    "RoleArn": f"arn:aws:iam::{HERE}:role/r",
}
MORE = {"PermissionsBoundary": NAMES["PolicyArn"], "RoleSessionName": "session"}
MAKES = {f"Create{thing}" for thing in ("User", "Group", "Role", "InstanceProfile")}


def changes_of_named_things() -> list[tuple[str, tuple[str, ...]]]:
    """Operations that change what was there before, or rest on it, and the members that they require."""
    found = []
    for service in (iam, sts):
        for name, operation in service.operations.items():
            shape = operation.spec.input_shape
            named = () if shape is None else tuple(member for member in shape.members if member in NAMES)
            if shape is not None and named and operation.writes and name not in MAKES and not operation.open_to_all:
                required = tuple(member for member in shape.required if member in NAMES or member in MORE)
                found.append((name, required or named))
    return sorted(found)


@pytest.mark.parametrize(("name", "members"), changes_of_named_things())
def test_every_change_of_a_named_thing_says_what_it_was_decided_on(name: str, members: tuple[str, ...]) -> None:
    lab = Lab()
    known = {**NAMES, **MORE}
    checks = lab.checks(lab.add_user("someone"), name, **{member: known[member] for member in members})
    assert any(check.found is not None for check in checks)
