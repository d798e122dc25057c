"""Every page, count and look-up is answered from an index: nothing is scanned or sorted."""

import itertools
from typing import Any

import pytest

from iamd.stores.ports.records import Kind
from iamd.stores.ports.state import KINDS
from iamd.stores.sql import SqlStore
from iamd.stores.sql.schema import schema
from iamd.stores.sql.statements import PageShape, Statements


def plan(store: SqlStore, sql: str) -> list[str]:
    rows = store._follower._execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).fetchall()
    return [row[3] for row in rows]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_pages_and_lookups_use_an_index(shared_sql_store: SqlStore, kind: Kind[Any]) -> None:
    statements = Statements(kind, schema())
    for sql in (statements.get, *statements.find.values(), statements.delete):
        (step,) = plan(shared_sql_store, sql)
        assert step.startswith("SEARCH"), (sql, step)
    asked = 0
    for by in ("key", *kind.unique, *kind.orders):
        order = kind.order(by)
        for equal in range(len(order)):
            bounds = range(len(order) - equal + 1)
            for below, after, since, limited in itertools.product((False, True), bounds, bounds, (False, True)):
                shape = PageShape(by, equal, below, after, since, limited)
                steps = plan(shared_sql_store, statements.page(shape))
                constrained = equal or below or after or since
                assert [step for step in steps if "TEMP B-TREE" in step] == [], (shape, steps)
                assert len(steps) == 1, (shape, steps)
                assert steps[0].startswith("SEARCH" if constrained else "SCAN"), (shape, steps)
                asked += 1
            if equal:
                (step,) = plan(shared_sql_store, statements.count(by, equal))
                assert step.startswith("SEARCH"), (by, equal, step)
    assert asked >= 4
