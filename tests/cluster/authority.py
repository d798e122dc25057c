"""A CA of the tests' own, made as the page on three machines makes one."""

import subprocess
from pathlib import Path
from typing import Final

from tests.cluster import recipe

_MAKE, _CERTIFY = [step for step in recipe.commands() if step.startswith("openssl ")]
CA: Final = "ca.crt"
Files = tuple[Path, Path]
"""A certificate and its key."""


class Authority:
    """In a new directory."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self.directory = directory
        self.certificate = directory / CA
        self._run(_MAKE)

    def certify(self, name: str) -> Files:
        """For NAME.example.org."""
        self._run(_CERTIFY.replace("pg1", name))
        return self.directory / f"{name}.crt", self.directory / f"{name}.key"

    def _run(self, command: str) -> None:
        subprocess.run(["sh", "-c", command], cwd=self.directory, check=True, capture_output=True)
