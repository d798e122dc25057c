"""The console on PostgreSQL, contended: signing in, MFA, what pages call, what ends a session; the same tests."""

import pytest

from tests.clients import test_console_calls, test_console_signin, test_mfa
from tests.postgres.taken import taken

pytestmark = pytest.mark.xdist_group("postgres")


for _module in (test_console_calls, test_console_signin, test_mfa):
    globals().update(taken(_module))

# These start servers of their own, on data directories, or empty one that is ephemeral.
test_a_reset_ends_every_session = None
test_workers_share_sessions_locks_and_ends = None
test_who_lost_roots_device_gets_back_in_beside_the_running_server = None
