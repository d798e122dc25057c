"""What a failure of the database means for whoever asked."""

from typing import Final

import psycopg

from iamd.stores.ports.store import DiskFull, StoreUnavailable

_CONTENDED: Final = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected: the transaction left nothing and may be run again."""
_FULL: Final = frozenset({"53100"})
_OURS: Final = (psycopg.ProgrammingError, psycopg.DataError, psycopg.IntegrityError, psycopg.NotSupportedError)


class Contended(StoreUnavailable):
    """Other transactions were in the way; nothing was written, and the same again may well succeed."""


class Unreachable(StoreUnavailable):
    """The database does not answer, or no longer on this connection."""


def meaning(error: psycopg.Error, *, lost: bool) -> Exception:
    """StoreUnavailable of some kind; what is our own mistake is left as it is."""
    text = " ".join(str(error).split())
    if error.sqlstate in _CONTENDED:
        return Contended(text)
    if error.sqlstate in _FULL:
        return DiskFull(text)
    if lost:
        return Unreachable(text)
    if isinstance(error, _OURS):
        return error
    return StoreUnavailable(f"{text} ({error.sqlstate})" if error.sqlstate else text)
