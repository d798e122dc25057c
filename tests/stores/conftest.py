from collections.abc import Iterator

import pytest

from iamd.stores.sql import SqlStore, open_store


@pytest.fixture(scope="session")
def shared_sql_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """One database for tests that begin with a reset."""
    store = open_store(tmp_path_factory.mktemp("store"), ephemeral=True)
    yield store
    store.close()
