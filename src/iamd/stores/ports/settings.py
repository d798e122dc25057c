"""What is true of the whole store, and must be found the same by whoever opens it."""

from iamd.model.values import value
from iamd.stores.ports.records import Kind

BLOB_STORE = "blob-store"
"""Which blobs the rows refer to: the id that lies beside them."""


@value
class Setting:
    name: str
    value: str


SETTINGS = Kind("settings", Setting, key=("name",))
