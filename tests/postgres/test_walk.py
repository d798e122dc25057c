"""The acceptance walk on PostgreSQL, contended: the guide and the road by the stock tools, the same tests."""

from types import ModuleType

import pytest

from tests.clients import test_guide_people, test_guide_roles, test_guide_storage, test_road

pytestmark = pytest.mark.xdist_group("postgres")


def _taken(module: ModuleType) -> dict[str, object]:
    """Its tests and fixtures."""
    return {name: each for name, each in vars(module).items() if name.startswith("test_") or hasattr(each, "name")}


for _module in (test_road, test_guide_people, test_guide_roles, test_guide_storage):
    globals().update(_taken(_module))
