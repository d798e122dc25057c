"""Whether a transaction was committed whose connection was lost at its commit.

Plain SQL tells: what has changed anything has left a row that nobody else can have written. Before it is looked for,
the lock is taken that every writing transaction holds to its end: who has it knows that the lost one has ended.
"""

import asyncio
from typing import Any, Final, NamedTuple

from iamd.stores.ports.store import OutcomeUnknown, StoreUnavailable
from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.bridge import is_bridged, wait
from iamd.stores.sql.postgres.dialect import POSTGRESQL
from iamd.stores.sql.postgres.lines import LoopLine

LOCK: Final = ("BEGIN ISOLATION LEVEL READ COMMITTED", "SELECT 1 FROM store_revision FOR UPDATE")
_APART_SECONDS: Final = 0.1
_CHANGELOG: Final = POSTGRESQL.text("SELECT topics FROM changelog WHERE revision = ?")
_EVENT: Final = POSTGRESQL.text("SELECT id FROM events WHERE at = ? AND id = ?")


class Witness(NamedTuple):
    """A row of a transaction: `sql` with `key` answers `value`, if and only if the transaction was committed."""

    sql: str
    key: tuple[Any, ...]
    value: str


def of_changelog(revision: int, text: str) -> Witness:
    """`text` ends with the transaction's mark."""
    return Witness(_CHANGELOG, (revision,), text)


def of_event(at: int, event_id: str) -> Witness:
    return Witness(_EVENT, (at, event_id), event_id)


def was_committed(address: Address, witness: Witness, seconds: float) -> bool:
    """Asked on a connection of its own, again and again while the database is away.

    Raises OutcomeUnknown where nobody could say within that time.
    """
    asking = _ask(address, witness, seconds)
    return wait(asking) if is_bridged() else asyncio.run(asking)


async def _ask(address: Address, witness: Witness, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    return await _look(address, witness)
                except StoreUnavailable:
                    await asyncio.sleep(_APART_SECONDS)
    except TimeoutError:
        raise OutcomeUnknown("the database was lost during a commit, and has not come back to tell of it") from None


async def _look(address: Address, witness: Witness) -> bool:
    """Raises StoreUnavailable."""
    line = await LoopLine.open(address)
    try:
        for statement in LOCK:
            await line.fetch(statement)
        row = (await line.fetch(witness.sql, witness.key)).fetchone()
        is_there = row is not None and row[0] == witness.value
        if is_there:
            # The lost commit may have been waiting for a standby. This one waits as well, and comes after it.
            await line.fetch("COMMIT")
    finally:
        line.close()
    return is_there
