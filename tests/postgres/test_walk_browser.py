"""A person's first steps in the console, by a real browser, where everything lies in a contended PostgreSQL."""

import pytest

from tests.browser.conftest import chromium, root, visitor
from tests.browser.test_guide_mfa import alice, test_g2_4_the_code_is_asked_for_and_a_password_alone_lets_nobody_in
from tests.browser.test_guide_users import test_g1_1_create_user_with_password_and_access_key

__all__ = [
    "alice",
    "chromium",
    "root",
    "test_g1_1_create_user_with_password_and_access_key",
    "test_g2_4_the_code_is_asked_for_and_a_password_alone_lets_nobody_in",
    "visitor",
]
pytestmark = pytest.mark.xdist_group("postgres")
