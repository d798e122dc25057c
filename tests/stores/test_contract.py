import asyncio

import pytest

from iamd.stores.memory import MemoryStore
from iamd.stores.sql import SqlStore
from tests.stores.contract import StoreContract


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, shared_sql_store: SqlStore) -> SqlStore:
        asyncio.run(shared_sql_store.reset(lambda _: None))
        return shared_sql_store


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()
