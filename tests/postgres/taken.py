"""Tests of elsewhere, to be run once more on another store."""

from types import ModuleType


def taken(module: ModuleType) -> dict[str, object]:
    """Its tests and fixtures."""
    return {name: each for name, each in vars(module).items() if name.startswith("test_") or hasattr(each, "name")}
