"""Events, facts and stores to test the trail with."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from iamd.audit.record import Facts
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.credentials import AccessKey
from iamd.stores.ports.events import Event
from iamd.stores.ports.identities import Role
from iamd.stores.ports.store import StoreUnavailable, Transaction

T = TypeVar("T")
ACCOUNT, OTHER = "111111111111", "222222222222"
AT = 1_700_000_000_123
ALICE = f"arn:aws:iam::{ACCOUNT}:user/team/alice"

FACTS = Facts(
    request_id="r1",
    at=AT,
    account=ACCOUNT,
    principal=ALICE,
    user_identity={"type": "IAMUser", "accountId": ACCOUNT},
    foreign_identity={"type": "AWSAccount", "accountId": ACCOUNT},
    service="s3",
    operation="GetObject",
    region="us-east-1",
    read_only=True,
    source_ip="192.0.2.1",
    user_agent="test",
    secure=False,
    host="localhost:4566",
    parameters={"bucketName": "b"},
    actions=("s3:GetObject",),
    resources=(("arn:aws:s3:::b/k", ACCOUNT),),
    data_event=True,
    droppable=True,
)


def event(at: int, **changes: Any) -> Event:
    base = Event(
        id=f"e{at}",
        at=at,
        account=ACCOUNT,
        principal=ALICE,
        source="iam.amazonaws.com",
        name="GetUser",
        actions="iam:GetUser",
        error_code="",
        request_id=f"r{at}",
        read_only=True,
        record="{}",
        droppable=True,
    )
    return replace(base, **changes)


class Store(MemoryStore):
    """Fails while `down`; waits for `gate` before it writes, if there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.writes = 0
        self.gate: asyncio.Event | None = None
        self.writing = asyncio.Event()

    async def write(self, work: Callable[[Transaction], T], *, epoch: int | None = None, urgent: bool = False) -> T:
        self.writing.set()
        self.writes += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise StoreUnavailable("disk full")
        return await super().write(work, epoch=epoch, urgent=urgent)

    def events(self) -> list[Event]:
        return self.state.events.page("key")


def add_key(store: MemoryStore, key_id: str) -> None:
    key = AccessKey(key_id, ACCOUNT, "AIDA1", active=True, created_at=1, sealed_secret=b"")
    store.write_now(lambda transaction: transaction.state.access_keys.insert(key))


def add_role(store: MemoryStore, role_id: str) -> None:
    role = Role(ACCOUNT, role_id, role_id.lower(), "/", role_id, 1)
    store.write_now(lambda transaction: transaction.state.roles.insert(role))
