"""Write a migration: `python tools/migration.py NUMBER [slug]`.

The migration is what leads from the schema of the one before it to the schema derived from the kinds of state. One that
exists under that number is written anew: allowed as long as it has not been released. Read what was written before you
commit it: a renamed column looks like one dropped and one added.
"""

import re
import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from iamd.stores.sql import migrations
from iamd.stores.sql.migrations.run import configuration
from iamd.stores.sql.schema import EVERYWHERE, schema

_TEMPLATE = '''"""{title}, written by `tools/migration.py` from the kinds of state; do not edit."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {before}


def upgrade() -> None:
    {upgrade}
'''


def write(number: str, slug: str) -> Path:
    folder = Path(migrations.__file__).parent
    for old in (folder / "versions").glob(f"{number}_*.py"):
        old.unlink()
    before = f"{int(number) - 1:04}" if int(number) > 1 else None
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
    with engine.connect() as connection:
        if before:
            _upgrade_to(connection, before)
        context = MigrationContext.configure(connection, opts={"render_as_batch": before is not None})
        code = render_python_code(_upgrade_operations(context), render_as_batch=before is not None)
    body = "\n".join(line for line in code.splitlines() if "# ###" not in line).strip()
    path = folder / "versions" / f"{number}_{slug}.py"
    title = slug.replace("_", " ").capitalize()
    before_text = f'"{before}"' if before else None
    path.write_text(_TEMPLATE.format(title=title, number=number, before=before_text, upgrade=body), encoding="utf-8")
    package = folder / "__init__.py"
    package.write_text(re.sub(r'HEAD = "\d+"', f'HEAD = "{number}"', package.read_text(encoding="utf-8")), "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)
    return path


def _upgrade_to(connection: Connection, version: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _upgrade_operations(context: MigrationContext) -> UpgradeOps:
    operations = produce_migrations(context, schema(EVERYWHERE)).upgrade_ops
    if operations is None or operations.is_empty():
        raise SystemExit("the schema has not changed")
    return operations


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3} or not re.fullmatch(r"\d{4}", sys.argv[1]):
        raise SystemExit(__doc__)
    print(write(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "schema"))
