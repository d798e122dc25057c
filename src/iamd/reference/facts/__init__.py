"""Committed facts about AWS: TOML files, each with its sources, read on first use."""

import tomllib
from pathlib import Path
from typing import Any

__all__ = ["read_facts"]


def read_facts(name: str) -> dict[str, Any]:
    """Parse `NAME.toml` of this folder."""
    with (Path(__file__).parent / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
