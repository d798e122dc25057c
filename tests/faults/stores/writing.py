"""Run as a program: writes users one after the other and prints each number once its write has returned.

Arguments: the data directory, the first number, how many (0: until killed), how many at once.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from iamd.stores.ports.events import Event
from iamd.stores.ports.identities import User
from iamd.stores.ports.store import Transaction
from iamd.stores.sql import SqlStore, open_store

ACCOUNT = "123456789012"


def user(number: int) -> User:
    name = f"user{number:08}"
    return User(ACCOUNT, name, name, "/", f"AIDA{number:08}", number)


def event(number: int) -> Event:
    return Event(
        id=f"{number:08}",
        at=number,
        account=ACCOUNT,
        principal="",
        source="iam.amazonaws.com",
        name="CreateUser",
        actions="iam:CreateUser",
        error_code="",
        request_id=f"{number:08}",
        read_only=False,
        record="{}",
    )


async def write(store: SqlStore, number: int) -> None:
    def work(transaction: Transaction) -> None:
        transaction.state.users.put(user(number))
        transaction.record(event(number))

    await store.write(work)
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


async def main(directory: str, first: int, count: int, at_once: int) -> None:
    store = open_store(Path(directory), ephemeral=False)
    numbers = iter(range(first, first + count)) if count else itertools.count(first)

    async def client() -> None:
        for number in numbers:
            await write(store, number)

    async with store.following():
        await asyncio.gather(*(client() for _ in range(at_once)))
    store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *(int(argument) for argument in sys.argv[2:])))
