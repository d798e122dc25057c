"""PostgreSQL's side of `Dialect`: integers are wide, text sorts by its bytes."""

from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.base import PGDialect, PGTypeCompiler

from iamd.stores.sql.dialects import Dialect


class Types(PGTypeCompiler):
    """What the migrations, written once, call their columns' types."""

    def visit_INTEGER(self, type_: Any, **_: Any) -> str:  # noqa: N802  # SQLAlchemy's name
        """SQLite's integers have 64 bits."""
        del type_
        return "BIGINT"

    def visit_TEXT(self, type_: Any, **kw: Any) -> str:  # noqa: N802  # as above
        """By code point, whatever the database's own collation is."""
        return f'{super().visit_TEXT(type_, **kw)} COLLATE "C"'


POSTGRESQL: Final = Dialect(
    compiling=PGDialect(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
    insert=insert,
    numbered=True,
    absent_first=False,
    seeks_absent=False,
    duplicates_raise=False,
)
