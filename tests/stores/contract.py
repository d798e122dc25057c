"""What every store does, over every kind of state. Each adapter's test module runs this suite unchanged."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from iamd.stores.ports.events import EVENTS
from iamd.stores.ports.identities import USERS, User
from iamd.stores.ports.policies import POLICIES
from iamd.stores.ports.records import AlreadyExists, Kind
from iamd.stores.ports.state import KINDS, State
from iamd.stores.ports.store import EpochEnded
from iamd.stores.sql.columns import columns_of
from tests.stores.samples import distinct, sample, seeded, values

ACCOUNT = "123456789012"
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def user(number: int, **changed: Any) -> User:
    name = f"user{number:04}"
    return replace(User(ACCOUNT, name, name, "/", f"AIDA{number:04}", number), **changed)


def records_of(state: State, kind: Kind[Any]) -> Any:
    return getattr(state, kind.name)


def rng_for(kind: Kind[Any]) -> random.Random:
    return seeded(kind.name)


def sort_key(record: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    """The order as the port states it: text by its UTF-8, bytes by value, what is absent first."""
    return tuple(_sortable(each) for each in values(record, names))


def _sortable(each: Any) -> tuple[Any, ...]:
    if each is None:
        return (0,)
    return (1, each.encode() if isinstance(each, str) else each)


def as_in_pages(kind: Kind[Any], record: Any) -> Any:
    return replace(record, **dict.fromkeys(kind.unread_in_pages)) if kind.unread_in_pages else record


class StoreContract:
    """Subclasses give the fixture `store`: an empty store."""

    @pytest.fixture(autouse=True)
    def _seen(self, store: Any) -> Iterator[None]:
        store.changes()
        yield
        store.changes()

    def fill(self, store: Any, kind: Kind[Any], count: int = 40) -> list[Any]:
        records = distinct(kind, rng_for(kind), count)

        def work(transaction: Any) -> None:
            for record in records:
                records_of(transaction.state, kind).insert(record)

        store.write_now(work)
        return records

    @each_kind
    def test_what_was_inserted_is_found_by_key_and_by_unique_columns(self, store: Any, kind: Kind[Any]) -> None:
        records = self.fill(store, kind)
        found = records_of(store.state, kind)
        assert len(records) > 5
        assert [found.get(*values(record, kind.key)) for record in records] == records
        for by, names in kind.unique.items():
            assert [found.find(by, *values(record, names)) for record in records] == records
        assert found.count("key") == len(records)

    @each_kind
    def test_what_is_not_there_is_none(self, store: Any, kind: Kind[Any]) -> None:
        record = sample(kind, rng_for(kind))
        found = records_of(store.state, kind)
        assert found.get(*values(record, kind.key)) is None
        for by, names in kind.unique.items():
            assert found.find(by, *values(record, names)) is None
        assert found.page("key") == []
        assert store.write_now(lambda tx: records_of(tx.state, kind).delete(*values(record, kind.key))) is None

    @each_kind
    def test_a_second_record_with_the_same_key_is_refused(self, store: Any, kind: Kind[Any]) -> None:
        first, *_ = self.fill(store, kind)
        rng = rng_for(kind)
        same_key = sample(kind, rng, **dict(zip(kind.key, values(first, kind.key), strict=True)))
        with pytest.raises(AlreadyExists):
            store.write_now(lambda tx: records_of(tx.state, kind).insert(same_key))
        assert records_of(store.state, kind).get(*values(first, kind.key)) == first

    @each_kind
    def test_unique_columns_are_unique(self, store: Any, kind: Kind[Any]) -> None:
        first, second, *_ = self.fill(store, kind)
        store.write_now(lambda tx: records_of(tx.state, kind).delete(*values(second, kind.key)))
        before = records_of(store.state, kind).page("key")
        for names in kind.unique.values():
            shared = {name: getattr(first, name) for name in names if name in kind.key}
            own = replace(second, **shared, **{kind.key[-1]: "its own"})
            clashing = replace(own, **{name: getattr(first, name) for name in names})
            for method in ("insert", "put", "replace"):
                with pytest.raises(AlreadyExists):
                    store.write_now(lambda tx, m=method, o=own, c=clashing: _clash(records_of(tx.state, kind), m, o, c))
        assert records_of(store.state, kind).page("key") == before

    @each_kind
    def test_replace_stores_a_new_state_and_refuses_an_unknown_key(self, store: Any, kind: Kind[Any]) -> None:
        first, *_ = self.fill(store, kind)
        others = [column.name for column in columns_of(kind) if column.name not in kind.key]
        fresh = distinct(kind, seeded(7), 60)
        new = replace(
            first, **dict(zip(others, values(_unlike(kind, first, fresh, store), tuple(others)), strict=True))
        )
        store.write_now(lambda tx: records_of(tx.state, kind).replace(new))
        assert records_of(store.state, kind).get(*values(first, kind.key)) == new
        store.write_now(lambda tx: records_of(tx.state, kind).delete(*values(first, kind.key)))
        with pytest.raises(KeyError):
            store.write_now(lambda tx: records_of(tx.state, kind).replace(new))

    @each_kind
    def test_put_inserts_and_replaces(self, store: Any, kind: Kind[Any]) -> None:
        first, *_ = self.fill(store, kind)
        rows = records_of(store.state, kind)
        store.write_now(lambda tx: records_of(tx.state, kind).put(first))
        assert rows.get(*values(first, kind.key)) == first
        store.write_now(lambda tx: records_of(tx.state, kind).delete(*values(first, kind.key)))
        store.write_now(lambda tx: records_of(tx.state, kind).put(first))
        assert rows.get(*values(first, kind.key)) == first

    @each_kind
    def test_delete_returns_what_was_there(self, store: Any, kind: Kind[Any]) -> None:
        first, *rest = self.fill(store, kind)
        rows = records_of(store.state, kind)
        assert store.write_now(lambda tx: records_of(tx.state, kind).delete(*values(first, kind.key))) == first
        assert rows.get(*values(first, kind.key)) is None
        assert rows.count("key") == len(rest)

    @each_kind
    def test_pages_hold_exactly_what_was_asked_for_in_order(self, store: Any, kind: Kind[Any]) -> None:
        records = self.fill(store, kind)
        rows = records_of(store.state, kind)
        asked = 0
        for by in ("key", *kind.unique, *kind.orders):
            order = kind.order(by)
            held = [record for record in records if kind.is_in(by, record)]
            ordered = sorted(held, key=partial(sort_key, names=order))
            for record, equal in itertools.product(records[:4], range(len(order))):
                for arguments in _page_arguments(record, order[equal:]):
                    expected = [
                        as_in_pages(kind, each)
                        for each in ordered
                        if values(each, order[:equal]) == values(record, order[:equal])
                        and _within(each, order[equal:], arguments)
                    ]
                    got = rows.page(by, *values(record, order[:equal]), **arguments)
                    assert got == expected[: arguments.get("limit")], (by, equal, arguments)
                    asked += 1
                assert rows.count(by, *values(record, order[:equal])) == sum(
                    values(each, order[:equal]) == values(record, order[:equal]) for each in held
                )
        assert asked > 10

    def test_paging_with_after_visits_every_record_once(self, store: Any) -> None:
        store.write_now(lambda tx: [tx.state.users.insert(user(n, path="/a/")) for n in range(25)])
        seen: list[User] = []
        while page := store.state.users.page("path", ACCOUNT, after=_cursor(seen), limit=4):
            seen += page
        assert seen == [user(n, path="/a/") for n in range(25)]

    def test_an_order_leaves_out_what_it_says_and_takes_it_in_when_it_changes(self, store: Any) -> None:
        at_root, below = user(1), user(1, path="/a/")

        def pages() -> list[list[User]]:
            users = store.state.users
            return [users.page("path", ACCOUNT, starts=start) for start in (None, "/", "/a/")]

        store.write_now(lambda tx: tx.state.users.insert(at_root))
        assert pages() == [[], [], []]
        assert store.state.users.count("path", ACCOUNT) == 0
        store.write_now(lambda tx: tx.state.users.replace(below))
        assert pages() == [[below]] * 3
        assert store.state.users.count("path", ACCOUNT, "/a/") == 1
        store.write_now(lambda tx: tx.state.users.replace(at_root))
        assert pages() == [[], [], []]

    def test_a_page_cannot_start_at_an_absent_value(self, store: Any) -> None:
        for bound in ("after", "since"):
            with pytest.raises(ValueError, match="absent"):
                store.state.instance_profiles.page("role", ACCOUNT, **{bound: (None,)})

    @each_kind
    def test_the_committed_state_is_read_only(self, store: Any, kind: Kind[Any]) -> None:
        record = sample(kind, rng_for(kind))
        rows = records_of(store.state, kind)
        for method in (rows.insert, rows.replace, rows.put):
            with pytest.raises(TypeError):
                method(record)
        with pytest.raises(TypeError):
            rows.delete(*values(record, kind.key))

    def test_a_failed_mutation_leaves_nothing_and_raises_its_own_error(self, store: Any) -> None:
        def work(transaction: Any) -> None:
            transaction.state.users.insert(user(1))
            transaction.record(sample(EVENTS, seeded(1)))
            raise LookupError("mine")

        with pytest.raises(LookupError, match="mine"):
            store.write_now(work)
        assert store.state.users.count("key") == 0
        assert store.state.events.count("key") == 0
        assert store.changes() == ()

    def test_mutations_of_one_turn_succeed_and_fail_each_for_itself(self, store: Any) -> None:
        def insert(number: int) -> Any:
            def work(transaction: Any) -> int:
                transaction.state.users.insert(user(number))
                if number % 3 == 0:
                    raise LookupError(number)
                return number

            return work

        async def all_at_once() -> list[Any]:
            return await asyncio.gather(*(store.write(insert(n % 100)) for n in range(150)), return_exceptions=True)

        outcomes = asyncio.run(store.attended(all_at_once()))
        for number, outcome in enumerate(outcomes):
            if number % 100 % 3 == 0:
                assert isinstance(outcome, LookupError)
            elif number >= 100:
                assert isinstance(outcome, AlreadyExists)
            else:
                assert outcome == number
        assert store.state.users.page("key") == [user(n) for n in range(100) if n % 3]

    def test_a_mutation_sees_its_own_writes_and_readers_do_not(self, store: Any) -> None:
        def work(transaction: Any) -> None:
            transaction.state.users.insert(user(1))
            assert transaction.state.users.get(ACCOUNT, "user0001") == user(1)
            assert transaction.state.users.page("key", ACCOUNT) == [user(1)]
            assert store.state.users.get(ACCOUNT, "user0001") is None
            assert store.state.users.count("key") == 0
            assert store.changes() == ()

        store.write_now(work)
        assert store.state.users.get(ACCOUNT, "user0001") == user(1)

    def test_what_write_has_returned_is_visible(self, store: Any) -> None:
        async def main() -> None:
            for number in range(20):
                await store.write(lambda tx, n=number: tx.state.users.put(user(n)))
                assert store.state.users.get(ACCOUNT, f"user{number:04}") == user(number)
                assert store.changes() == (f"id:{ACCOUNT}:AIDA{number:04}",)

        asyncio.run(store.attended(main()))

    def test_a_snapshot_stays_at_its_commit_while_others_move_on(self, store: Any) -> None:
        store.write_now(lambda tx: tx.state.users.insert(user(1)))
        with store.snapshot() as before:
            store.write_now(lambda tx: tx.state.users.insert(user(2)))
            assert before.users.page("key") == [user(1)]
            assert store.state.users.count("key") == 2
            with store.snapshot() as now:
                assert now.users.count("key") == 2
        with store.snapshot() as later:
            assert later.users.count("key") == 2

    def test_changes_name_each_touched_topic_once(self, store: Any) -> None:
        def work(transaction: Any) -> None:
            transaction.state.users.insert(user(1))
            transaction.state.users.replace(user(1, path="/x/"))
            transaction.state.users.insert(user(2))
            transaction.state.users.delete(ACCOUNT, "user0002")
            transaction.state.users.insert(user(3))

        store.write_now(work)
        store.write_now(lambda tx: tx.state.users.put(user(1)))
        assert store.changes() == (f"id:{ACCOUNT}:AIDA0001", f"id:{ACCOUNT}:AIDA0002")
        assert store.changes() == ()

    def test_a_change_touches_the_topics_of_the_old_and_of_the_new_state(self, store: Any) -> None:
        policy = replace(sample(POLICIES, seeded(1)), account=ACCOUNT, name="p", path="/old/")
        store.write_now(lambda tx: tx.state.policies.insert(policy))
        store.changes()
        moved = replace(policy, path="/new/")
        for method in ("replace", "put"):
            store.write_now(lambda tx, m=method: getattr(tx.state.policies, m)(moved))
            store.write_now(lambda tx, m=method: getattr(tx.state.policies, m)(policy))
            assert set(store.changes() or ()) == {f"policy:{policy.arn}", f"policy:{moved.arn}"}

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.unknown_when_new], ids=lambda kind: kind.name)
    def test_what_nobody_can_know_before_it_is_there_touches_nothing_until_it_changes(
        self, store: Any, kind: Kind[Any]
    ) -> None:
        record = sample(kind, seeded(1))
        store.write_now(lambda tx: records_of(tx.state, kind).insert(record))
        assert store.changes() == ()
        store.write_now(lambda tx: records_of(tx.state, kind).replace(record))
        assert store.changes() == kind.topics(record)
        store.write_now(lambda tx: records_of(tx.state, kind).delete(*(getattr(record, name) for name in kind.key)))
        assert store.changes() == kind.topics(record)

    def test_kinds_without_topics_take_no_revision(self, store: Any) -> None:
        store.write_now(lambda tx: tx.record(sample(EVENTS, seeded(1))))
        assert store.changes() == ()

    def test_a_topic_that_the_changelog_could_not_tell_apart_is_refused(self, store: Any) -> None:
        with pytest.raises(ValueError, match="line feed"):
            store.write_now(lambda tx: tx.state.users.put(user(1, id="a\nid:b")))
        assert store.state.users.count("key") == 0

    def test_many_events_are_recorded_at_once(self, store: Any) -> None:
        events = [sample(EVENTS, seeded(n), at=n) for n in range(300)]
        store.write_now(lambda tx: tx.record_many(events))
        assert store.state.events.page("key") == [replace(event, details=None) for event in events]
        assert [store.state.events.get(event.at, event.id) for event in events] == events

    def test_a_reset_empties_everything_and_is_a_gap_in_the_changes(self, store: Any) -> None:
        for kind in KINDS:
            self.fill(store, kind)
        assert asyncio.run(store.reset(lambda tx: tx.state.users.insert(user(1)))) is None
        assert store.state.users.page("key") == [user(1)]
        assert all(records_of(store.state, kind).count("key") == 0 for kind in KINDS if kind is not USERS)
        assert store.changes() is None
        assert store.changes() == ()
        store.write_now(lambda tx: tx.state.users.put(user(2)))
        assert store.changes() == (f"id:{ACCOUNT}:AIDA0002",)

    def test_a_reset_that_fails_changes_nothing(self, store: Any) -> None:
        store.write_now(lambda tx: tx.state.users.insert(user(1)))
        store.changes()

        def work(_: Any) -> None:
            raise LookupError

        with pytest.raises(LookupError):
            asyncio.run(store.reset(work))
        assert store.state.users.page("key") == [user(1)]
        assert store.changes() == ()

    def test_work_that_was_decided_before_a_reset_is_refused_after_it(self, store: Any) -> None:
        store.changes()
        before = store.epoch

        async def story() -> list[Any]:
            # In the very transaction of the reset, and in a later one.
            at_once = asyncio.gather(
                store.write(lambda tx: tx.state.users.insert(user(1)), epoch=before),
                store.reset(lambda tx: tx.state.users.insert(user(2))),
                store.write(lambda tx: tx.state.users.insert(user(3)), epoch=before),
                return_exceptions=True,
            )
            later = [store.write(lambda tx: tx.state.users.insert(user(4)), epoch=before)]
            return [*await at_once, *await asyncio.gather(*later, return_exceptions=True)]

        first, emptied, *others = asyncio.run(store.attended(story()))
        assert (first, emptied) == (None, None)
        assert [type(each) for each in others] == [EpochEnded, EpochEnded]
        assert not store.is_current(before)
        assert store.changes() is None
        assert store.is_current(store.epoch)
        asyncio.run(store.write(lambda tx: tx.state.users.insert(user(5)), epoch=store.epoch))
        assert store.state.users.page("key") == [user(2), user(5)]


def _clash(records: Any, method: str, own: Any, clashing: Any) -> None:
    if method == "replace":
        records.insert(own)
    getattr(records, method)(clashing)


def _cursor(seen: list[User]) -> tuple[str, str] | None:
    return (seen[-1].path, seen[-1].name) if seen else None


def _unlike(kind: Kind[Any], first: Any, candidates: list[Any], store: Any) -> Any:
    """A record whose unique columns nobody has once it takes the key of `first`."""
    rows = records_of(store.state, kind)
    for each in candidates:
        new = replace(
            first,
            **{column.name: getattr(each, column.name) for column in columns_of(kind) if column.name not in kind.key},
        )
        if all(rows.find(by, *values(new, names)) in {None, first} for by, names in kind.unique.items()):
            return each
    raise AssertionError("no candidate fits")


def _page_arguments(record: Any, remaining: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every combination of the arguments of a page, at the place of one record."""
    first = getattr(record, remaining[0])
    starts = [None, first, first[:1]] if isinstance(first, str | bytes) else [None]
    cursors: list[tuple[Any, ...] | None] = [None]
    for length in range(1, len(remaining) + 1):
        cursor = values(record, remaining[:length])
        if None not in cursor:
            cursors.append(cursor)
    for prefix, after, since, limit in itertools.product(starts, cursors, cursors, (None, 0, 2)):
        given = {"starts": prefix, "after": after, "since": since, "limit": limit}
        yield {name: each for name, each in given.items() if each is not None}


def _within(record: Any, remaining: tuple[str, ...], arguments: dict[str, Any]) -> bool:
    first = getattr(record, remaining[0])
    starts, after, since = (arguments.get(name) for name in ("starts", "after", "since"))
    if starts and not (first is not None and first.startswith(starts)):
        return False
    if after and not sort_key(record, remaining[: len(after)]) > tuple(map(_sortable, after)):
        return False
    return not (since and not sort_key(record, remaining[: len(since)]) >= tuple(map(_sortable, since)))
