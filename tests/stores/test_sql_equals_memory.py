"""Random operations give the same answers in SQL and in memory."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from iamd.stores.memory import MemoryStore
from iamd.stores.ports.records import AlreadyExists, Kind
from iamd.stores.ports.state import KINDS
from iamd.stores.sql import SqlStore
from iamd.stores.sql.columns import columns_of
from tests.stores.samples import sample, seeded, value, values

SEEDS = range(12)
Operation = Callable[[Any], Any]


class RollBack(Exception):  # noqa: N818  # an instruction
    pass


@pytest.mark.parametrize("seed", SEEDS)
def test_random_mutations_and_reads_agree(shared_sql_store: SqlStore, seed: int) -> None:
    rng = seeded(seed)
    sql, memory = shared_sql_store, MemoryStore()
    asyncio.run(sql.reset(lambda _: None))
    sql.changes()
    kinds = rng.sample(KINDS, 4)
    answers: list[Any] = []
    for _ in range(60):
        operations = [_operation(rng, rng.choice(kinds)) for _ in range(rng.randint(1, 8))]
        fails = rng.random() < 0.2
        ours, theirs = (_perform(store, operations, fails=fails) for store in (sql, memory))
        assert ours == theirs
        reads = [_read(rng, rng.choice(kinds)) for _ in range(4)]
        assert [read(sql.state) for read in reads] == [read(memory.state) for read in reads]
        assert _as_set(sql.changes()) == _as_set(memory.changes())
        answers += ours
    for kind in kinds:
        assert getattr(sql.state, kind.name).page("key") == getattr(memory.state, kind.name).page("key")
    assert {"AlreadyExists", "KeyError", None} <= {each for each in answers if each is None or isinstance(each, str)}


def _as_set(topics: tuple[str, ...] | None) -> set[str]:
    assert topics is not None
    return set(topics)


def _perform(store: Any, operations: list[Operation], *, fails: bool) -> list[Any]:
    """What each operation answered, inside one mutation that is rolled back if it `fails`."""
    answers: list[Any] = []

    def work(transaction: Any) -> None:
        for operation in operations:
            try:
                answers.append(operation(transaction.state))
            except (AlreadyExists, KeyError) as error:
                answers.append(type(error).__name__)
        if fails:
            raise RollBack

    try:
        store.write_now(work)
    except RollBack:
        answers.append("rolled back")
    return answers


def _operation(rng: random.Random, kind: Kind[Any]) -> Operation:
    roll = rng.random()
    record = sample(kind, rng)
    if roll < 0.45:
        return lambda state: getattr(state, kind.name).insert(record)
    if roll < 0.6:
        return lambda state: getattr(state, kind.name).put(record)
    if roll < 0.75:
        return lambda state: getattr(state, kind.name).replace(record)
    if roll < 0.85:
        return lambda state: getattr(state, kind.name).delete(*values(record, kind.key))
    return _read(rng, kind)


def _read(rng: random.Random, kind: Kind[Any]) -> Operation:
    record = sample(kind, rng)
    by = rng.choice(("key", *kind.unique, *kind.orders))
    order = kind.order(by)
    equal = rng.randrange(len(order))
    columns = {column.name: column for column in columns_of(kind)}
    arguments: dict[str, Any] = {"limit": rng.choice((None, 1, 5))}
    for bound in ("after", "since"):
        cursor = tuple(value(columns[name], rng) for name in order[equal : equal + rng.randrange(3)])
        if None not in cursor and rng.random() < 0.5:
            arguments[bound] = cursor
    first = getattr(record, order[equal])
    if isinstance(first, str | bytes) and rng.random() < 0.3:
        arguments["starts"] = first
    equals = values(record, order[:equal])
    choice = rng.random()
    if choice < 0.2:
        return lambda state: getattr(state, kind.name).get(*values(record, kind.key))
    if choice < 0.3 and kind.unique:
        name, names = rng.choice(list(kind.unique.items()))
        return lambda state: getattr(state, kind.name).find(name, *values(record, names))
    if choice < 0.4:
        return lambda state: getattr(state, kind.name).count(by, *equals)
    return lambda state: getattr(state, kind.name).page(by, *equals, **arguments)
