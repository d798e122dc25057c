"""A server on a data directory loads nothing of other databases."""

import subprocess
import sys
from pathlib import Path

_LOADED = """
import pathlib, sys
import iamd.bootstrap.server, iamd.bootstrap.worker, iamd.cli.serve
from iamd.stores.sql.store import open_store
open_store(pathlib.Path(sys.argv[1]), ephemeral=False).close()
print(sorted(name for name in sys.modules if name.split(".")[0] in ("psycopg", "greenlet") or "postgres" in name))
"""


def test_a_server_without_a_database_url_loads_no_driver(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _LOADED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
