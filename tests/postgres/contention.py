"""A database in which transactions fail for serialization, as they do where many nodes or replicas share it."""

from collections.abc import Iterable

from tests.postgres.cluster import Cluster

_SQL = """
CREATE SEQUENCE contentions;
CREATE FUNCTION contend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF random() < {share} THEN
        -- A sequence keeps its count through the rollback.
        PERFORM nextval('contentions');
        RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
    END IF;
    RETURN NULL;
END $$;
"""
_AT_ONCE = "CREATE TRIGGER contend_now AFTER INSERT OR UPDATE OR DELETE ON {table} EXECUTE FUNCTION contend();"
_AT_COMMIT = """
CREATE CONSTRAINT TRIGGER contend_later AFTER INSERT OR UPDATE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contend();
"""


def make_contended(cluster: Cluster, database: str, tables: Iterable[str], share: float = 0.02) -> None:
    """From now on this share of the statements that write fails at once, and of the revisions at their commit."""
    statements = [_SQL.format(share=share), _AT_COMMIT.format(table="store_revision")]
    statements += [_AT_ONCE.format(table=table) for table in tables]
    cluster.execute("".join(statements), database)
