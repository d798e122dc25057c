"""What the guide's pages tell people to type works as it stands."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.clients.server import Iamd

PAGES: Final = Path(__file__).parents[2] / "docs" / "guide"
SNIPPETS: Final = [
    pytest.param(snippet, id=f"{page.name}-{number}")
    for page in sorted(PAGES.glob("*.md"))
    for number, snippet in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))
]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_g4_2_a_snippet_of_a_page_runs(iamd: Iamd, tmp_path: Path, snippet: str) -> None:
    """In a process of its own, with the environment that the page asks for."""
    bootstrap = {
        "access_key_id": iamd.key.access_key,
        "secret_access_key": iamd.key.secret_key,
        "endpoint_url": iamd.endpoint,
        "region": iamd.region,
    }
    (tmp_path / "bootstrap.json").write_text(json.dumps(bootstrap))
    env = iamd.environment() | {"BOOTSTRAP": str(tmp_path / "bootstrap.json")}
    done = subprocess.run(
        [sys.executable, "-c", snippet], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
