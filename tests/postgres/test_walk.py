"""The acceptance walk on PostgreSQL, contended: the guide and the road by the stock tools, the same tests."""

import pytest

from tests.clients import test_guide_people, test_guide_roles, test_guide_storage, test_road
from tests.postgres.taken import taken

pytestmark = pytest.mark.xdist_group("postgres")


for _module in (test_road, test_guide_people, test_guide_roles, test_guide_storage):
    globals().update(taken(_module))
