"""A server on a data directory loads nothing of other databases."""

import subprocess
import sys

_LOADED = """
import sys
import iamd.bootstrap.server, iamd.bootstrap.worker, iamd.cli.serve
print(sorted(name for name in sys.modules if name.split(".")[0] in ("psycopg", "greenlet") or "postgres" in name))
"""


def test_a_server_without_a_database_url_loads_no_driver() -> None:
    done = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
