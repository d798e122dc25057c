"""In what the databases differ, as data: the statements are written once."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect as Compiling


@dataclass(frozen=True, slots=True)
class Dialect:
    """`numbered`: arguments are `$1`, `$2`, …, not `?`. `insert` makes a statement that knows ON CONFLICT.

    `absent_first`: NULL sorts before every value without a word said. `seeks_absent`: `IS NOT DISTINCT FROM` uses an
    index. `duplicates_raise`: an insert that meets its like fails and harms nothing; elsewhere a failed statement ends
    its transaction, so inserts say by an empty answer that they met one, and other statements look before.
    """

    compiling: Compiling
    insert: Callable[[Any], Any]
    numbered: bool
    absent_first: bool
    seeks_absent: bool
    duplicates_raise: bool

    def text(self, sql: str) -> str:
        """Hand-written SQL, with `?` for its arguments."""
        if not self.numbered:
            return sql
        numbers = itertools.count(1)
        head, *rest = sql.split("?")
        return head + "".join(f"${next(numbers)}{part}" for part in rest)


SQLITE: Final = Dialect(
    compiling=SQLiteDialect_pysqlite(paramstyle="qmark"),
    insert=sqlite_insert,
    numbered=False,
    absent_first=True,
    seeks_absent=True,
    duplicates_raise=True,
)
