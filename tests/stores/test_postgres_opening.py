"""What a node finds in its database when it starts, and what it says of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine

from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql import NewerFormat
from iamd.stores.sql.migrations.run import upgrade
from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.dialect import Types
from iamd.stores.sql.postgres.opening import UnfitDatabase
from iamd.stores.sql.postgres.store import open_store
from tests.postgres.cluster import Cluster
from tests.stores.contract import user

pytestmark = pytest.mark.xdist_group("postgres")
_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, collation_name, column_default
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
_INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"


@pytest.fixture
def database(postgres: Cluster, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A new database: its name and its URL."""
    name = f"opening_{abs(hash(request.node.name)):x}"
    url = postgres.database(name)
    yield name, url
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_migrations_lead_to_the_schema_that_is_made_at_once(postgres: Cluster, database: tuple[str, str]) -> None:
    name, url = database
    open_store(url).close()
    made = [sorted(postgres.execute(query, name)) for query in (_COLUMNS, _INDEXES)]
    postgres.execute("DROP SCHEMA public CASCADE", name)
    postgres.execute("CREATE SCHEMA public", name)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    engine.dialect.type_compiler_instance = Types(engine.dialect)
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    assert [sorted(postgres.execute(query, name)) for query in (_COLUMNS, _INDEXES)] == made
    texts = [column for column in made[0] if column[2] == "text"]
    assert texts
    assert {column[4] for column in texts} == {"C"}
    assert not [column for column in made[0] if column[2] == "integer" or column[5]]


def test_nodes_that_begin_at_once_share_one_schema(database: tuple[str, str]) -> None:
    _, url = database
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_store, [url] * 4))
    try:
        for number, store in enumerate(stores):
            store.write_now(lambda tx, n=number: tx.state.users.insert(user(n)))  # type: ignore[misc]  # a default
        assert [store.state.users.count("key") for store in stores] == [4] * 4
    finally:
        for store in stores:
            store.close()


def test_a_database_of_a_newer_iamd_is_refused(postgres: Cluster, database: tuple[str, str]) -> None:
    name, url = database
    open_store(url).close()
    postgres.execute("UPDATE alembic_version SET version_num = '9999'", name)
    with pytest.raises(NewerFormat, match="the database has schema 9999; this iamd knows schemas up to"):
        open_store(url)


def test_a_database_that_cannot_hold_every_character_is_refused(postgres: Cluster) -> None:
    postgres.execute("CREATE DATABASE narrow TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(UnfitDatabase, match="ENCODING 'UTF8'"):
        open_store(postgres.url("narrow"))


@pytest.mark.parametrize("url", ["mysql://u@h/d", "postgresql://h/d?nothing=1", "host=h"])
def test_what_is_no_url_of_a_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"postgresql|nothing"):
        Address(url)


def test_a_database_that_is_not_there_is_told_without_its_password(postgres: Cluster) -> None:
    url = postgres.url("absent").replace("postgres@", "postgres:secret@")
    with pytest.raises(StoreUnavailable, match='database "absent" does not exist') as refusal:
        open_store(url)
    assert "secret" not in str(refusal.value)
    assert "secret" not in str(Address(url))


def test_what_sorts_otherwise_elsewhere_sorts_by_code_point(postgres: Cluster) -> None:
    postgres.execute(
        "CREATE DATABASE german TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'"
    )
    with closing(open_store(postgres.url("german"))) as store:
        names = ["a", "B", "ä", "Z", "z", "_", "\0", "\1", "\0\1", "\1a"]
        for name in names:
            store.write_now(lambda tx, n=name: tx.state.users.insert(user(1, name=n, id=n, folded_name=n)))  # type: ignore[misc]  # as above
        found: list[Any] = store.state.users.page("key", "123456789012")
        assert [each.name for each in found] == sorted(names)
        assert [each.name for each in store.state.users.page("key", "123456789012", starts="\0")] == ["\0", "\0\1"]


def test_commits_wait_for_the_disk_whatever_the_server_is_set_to(postgres: Cluster, database: tuple[str, str]) -> None:
    name, url = database
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with closing(open_store(url)) as store:
        assert store.write_now(lambda tx: _shown(tx, "synchronous_commit")) == "on"
    with psycopg.connect(url) as plain:
        assert plain.execute("SHOW synchronous_commit").fetchone() == ("off",)


def _shown(transaction: Any, setting: str) -> Any:
    return transaction._session.execute(f"SELECT current_setting('{setting}')").fetchone()[0]
