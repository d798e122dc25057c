"""An account with very many users, written into its store while no server runs."""

import asyncio
import json
import time
from pathlib import Path
from typing import Final

from iamd.bootstrap.compose import open_parts
from iamd.stores.ports.credentials import AccessKey
from iamd.stores.ports.identities import Group, Membership, User
from iamd.stores.ports.store import Transaction

GROUP: Final = "everybody"
_GROUP_ID: Final = "AGPAEVERYBODYEVERYBOD"
_DAY_MS: Final = 86_400_000


def name_of(number: int) -> str:
    return f"user-{number:06}"


def write_crowd(data_dir: Path, count: int) -> None:
    """`count` users, all in one group, each with an active key that is 200 days old and was never used."""
    account: str = json.loads((data_dir / "bootstrap.json").read_bytes())["account_id"]
    now = int(time.time() * 1000)

    def work(transaction: Transaction) -> None:
        state = transaction.state
        state.groups.insert(Group(account, GROUP, GROUP, "/", _GROUP_ID, now))
        for number in range(count):
            name, user_id = name_of(number), f"AIDA{number:017}"
            state.users.insert(User(account, name, name, "/", user_id, now))
            state.memberships.insert(Membership(account, _GROUP_ID, user_id))
            key_id, created = f"AKIA{number:016}", now - 200 * _DAY_MS
            state.access_keys.insert(AccessKey(key_id, account, user_id, True, created, b"-"))  # noqa: FBT003  # active

    store = open_parts(data_dir, None).store
    asyncio.run(store.write(work))
    store.close()
