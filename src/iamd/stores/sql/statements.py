"""Statements authored in SQLAlchemy Core, compiled once to SQL text and run on the raw cursor.

Compiling costs ten times what running does (docs: performance), so each statement is compiled when first needed, and
its argument order is checked against the order in which the caller passes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Table, bindparam, func, literal_column, or_, select, tuple_
from sqlalchemy.sql.expression import ClauseElement, delete, update

from iamd.stores.ports.records import Kind
from iamd.stores.sql.columns import Row, columns_of, decoder, encoder
from iamd.stores.sql.dialects import SQLITE, Dialect
from iamd.stores.sql.schema import TALLIES, held_by


def compile_statement(statement: ClauseElement, arguments: Sequence[str], dialect: Dialect = SQLITE) -> str:
    """The SQL text of a statement with places in the order of `arguments`; ValueError if it orders them otherwise."""
    compiled: Any = statement.compile(dialect=dialect.compiling)
    if list(compiled.positiontup) != list(arguments):
        raise ValueError(f"arguments {compiled.positiontup} of {compiled} are not in the order {arguments}")
    return str(compiled)


@dataclass(frozen=True, slots=True)
class PageShape:
    """What distinguishes one page statement from another; arguments follow in this order.

    `equal` columns compared, `below`: an upper bound on the next one, `after` and `since`: how many columns they bound.
    """

    by: str
    equal: int
    below: bool
    after: int
    since: int
    limited: bool


class Tallies:
    """How many records of a kind share the first column of their key. Arguments: kind, owner, and what is added."""

    def __init__(self, metadata: MetaData, dialect: Dialect) -> None:
        table = metadata.tables[TALLIES]
        names = ("kind", "owner", "number")
        added = dialect.insert(table).values({name: bindparam(name) for name in names})
        sums = {"number": table.c.number + added.excluded.number}
        self.add = compile_statement(added.on_conflict_do_update(index_elements=names[:2], set_=sums), names, dialect)
        keyed = (table.c.kind == bindparam("kind"), table.c.owner == bindparam("owner"))
        self.read = compile_statement(select(table.c.number).where(*keyed), names[:2], dialect)


class Statements:
    """The statements of one kind, with what turns its records into rows and rows into records."""

    def __init__(self, kind: Kind[Any], metadata: MetaData, dialect: Dialect = SQLITE) -> None:
        self.kind = kind
        self.dialect = dialect
        self._table: Table = metadata.tables[kind.name]
        columns = columns_of(kind)
        self._names = [column.name for column in columns]
        self.encode: Callable[[Any], Row] = encoder(columns)
        self.decode = decoder(kind.record, columns)
        self.decode_in_page = decoder(kind.record, columns, len(kind.unread_in_pages))
        rest = [column for column in columns if column.name not in kind.key]
        by_name = {column.name: column for column in columns}
        self.encode_replacement = encoder([*rest, *(by_name[name] for name in kind.key)])
        self._rest = [column.name for column in rest]
        self._pages: dict[PageShape, str] = {}
        self._counts: dict[tuple[str, int], str] = {}
        self.get = self._select_one(kind.key)
        self.find = {name: self._select_one(names) for name, names in kind.unique.items()}
        self.insert = self._compile_insert()
        self.put = self._compile_put()
        # A record that is all key has nothing to replace.
        self.replace = self._compile_replace() if rest else None
        self.delete = self._compile(
            delete(self._table).where(*self._equal(kind.key)).returning(*self._table.columns), self._binds(kind.key)
        )

        if kind.tallied:
            tallies = Tallies(metadata, dialect)
            self.tally, self.tally_of = tallies.add, tallies.read

    def page(self, shape: PageShape) -> str:
        text = self._pages.get(shape)
        if text is None:
            text = self._pages[shape] = self._compile_page(shape)
        return text

    def count(self, by: str, equal: int) -> str:
        text = self._counts.get((by, equal))
        if text is None:
            names = self.kind.order(by)[:equal]
            statement = (
                select(func.count())
                .select_from(self._table)
                .where(*self._equal(names), *held_by(self.kind, self._table, by))
            )
            text = self._counts[by, equal] = self._compile(statement, self._binds(names))
        return text

    def _compile(self, statement: ClauseElement, arguments: Sequence[str]) -> str:
        return compile_statement(statement, arguments, self.dialect)

    def _binds(self, names: Sequence[str], prefix: str = "is") -> list[str]:
        return [f"{prefix}_{name}" for name in names]

    def _equal(self, names: Sequence[str]) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        for name in names:
            column = self._table.c[name]
            value: ColumnElement[Any] = bindparam(f"is_{name}")
            if not column.nullable:
                conditions.append(column == value)
            elif self.dialect.seeks_absent:
                # `IS` finds NULL and uses indexes as `=` does.
                conditions.append(column.is_not_distinct_from(value))
            else:
                # Planned with its arguments known, one half of it vanishes.
                conditions.append(or_(column == value, column.is_(None) & value.is_(None)))
        return conditions

    def _select_one(self, names: Sequence[str]) -> str:
        return self._compile(select(self._table).where(*self._equal(names)), self._binds(names))

    def _values(self, names: Sequence[str]) -> dict[str, Any]:
        return {name: bindparam(f"new_{name}") for name in names}

    def _compile_insert(self) -> str:
        statement = self.dialect.insert(self._table).values(self._values(self._names))
        if not self.dialect.duplicates_raise:
            statement = statement.on_conflict_do_nothing().returning(literal_column("1"))
        return self._compile(statement, self._binds(self._names, "new"))

    def _compile_put(self) -> str:
        statement = self.dialect.insert(self._table).values(self._values(self._names))
        if self._rest:
            changed = {name: statement.excluded[name] for name in self._rest}
            statement = statement.on_conflict_do_update(index_elements=list(self.kind.key), set_=changed)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=list(self.kind.key))
        return self._compile(statement, self._binds(self._names, "new"))

    def _compile_replace(self) -> str:
        key = self.kind.key
        statement = update(self._table).where(*self._equal(key)).values(self._values(self._rest))
        return self._compile(statement, self._binds(self._rest, "new") + self._binds(key))

    def _compile_page(self, shape: PageShape) -> str:
        order = self.kind.order(shape.by)
        remaining = order[shape.equal :]
        conditions = self._equal(order[: shape.equal]) + held_by(self.kind, self._table, shape.by)
        arguments = self._binds(order[: shape.equal])
        if shape.below:
            conditions.append(self._table.c[remaining[0]] < bindparam("below"))
            arguments.append("below")
        for bound, length in (("after", shape.after), ("since", shape.since)):
            if length:
                names = remaining[:length]
                conditions.append(self._bound(bound, names))
                arguments += self._binds(names, bound)
        read = self._names[: len(self._names) - len(self.kind.unread_in_pages)]
        statement = (
            select(*(self._table.c[name] for name in read)).where(*conditions).order_by(*map(self._ordered, remaining))
        )
        if shape.limited:
            # Without an offset SQLite's compiler adds one as an argument of its own.
            statement = statement.limit(bindparam("limit")).offset(literal_column("0"))
            arguments.append("limit")
        return self._compile(statement, arguments)

    def _ordered(self, name: str) -> ColumnElement[Any]:
        column = self._table.c[name]
        return column if self.dialect.absent_first or not column.nullable else column.nulls_first()

    def _bound(self, bound: str, names: Sequence[str]) -> ColumnElement[bool]:
        values = [bindparam(f"{bound}_{name}", type_=self._table.c[name].type) for name in names]
        columns = [self._table.c[name] for name in names]
        left: Any = columns[0] if len(names) == 1 else tuple_(*columns)
        right: Any = values[0] if len(names) == 1 else tuple_(*values)
        condition: ColumnElement[bool] = left > right if bound == "after" else left >= right
        return condition
