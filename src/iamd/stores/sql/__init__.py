"""The store on a SQL database."""

from iamd.stores.sql.lock import DirectoryInUse, DirectoryLock
from iamd.stores.sql.opening import NewerFormat
from iamd.stores.sql.store import SqlStore, open_store

__all__ = ["DirectoryInUse", "DirectoryLock", "NewerFormat", "SqlStore", "open_store"]
