"""What a call held is free when it has been answered: nothing of it leads back to it and waits for the collector."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from iamd.bootstrap.accounts import NewAccount
from iamd.bootstrap.compose import Parts, open_parts
from iamd.console.entry import Given
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import run
from iamd.stores.ports.policies import InlinePolicy
from tests.unit.kernel.signing import form, signed

_DENY = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "iam:GetGroup", "Resource": "*"}}'


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = open_parts(tmp_path, None, ephemeral=True)
    with closing(parts.store):
        yield parts


@pytest.fixture(autouse=True)
def denied(parts: Parts, account: NewAccount) -> None:
    policy = InlinePolicy(account.id, account.admin_id, "deny", _DENY)
    parts.store.write_now(lambda transaction: transaction.state.inline_policies.insert(policy))


@pytest.fixture(autouse=True)
def collector_at_rest() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


async def ringed(kernel: Kernel, account: NewAccount, body: bytes, secret: str, status: int) -> int:
    """How many objects of a call's are left to the collector."""
    http = signed(body, account.access_key_id, secret)
    gc.collect()
    response = await run(kernel, http, Given(body), host_is_trusted=True)
    assert response.status == status
    assert kernel.store.calls == 0
    del http, response
    return gc.collect()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form("ListUsers"), 200),
        (form("GetUser"), 200),
        (form("CreateGroup", GroupName="made"), 200),
        (form("GetGroup", GroupName="denied"), 403),
        (form("DeleteGroup", GroupName="missing"), 404),
        (form("CreateGroup", GroupName="*"), 400),
        (form("NoSuchAction"), 400),
    ],
    ids=lambda given: given.split(b"&")[0].decode() if isinstance(given, bytes) else "",
)
def test_a_call_leaves_nothing_to_the_collector(kernel: Kernel, account: NewAccount, body: bytes, status: int) -> None:
    async def story() -> int:
        # The first one compiles what all of them use.
        for name in (b"first", b"second"):
            left = await ringed(kernel, account, body.replace(b"made", name), account.secret_access_key, status)
        await kernel.trail.close()
        return left

    assert asyncio.run(story()) == 0


def test_a_stranger_leaves_nothing_to_the_collector(kernel: Kernel, account: NewAccount) -> None:
    async def story() -> int:
        for _ in range(2):
            left = await ringed(kernel, account, form("ListUsers"), "no secret", 403)
        await kernel.trail.close()
        return left

    assert asyncio.run(story()) == 0
