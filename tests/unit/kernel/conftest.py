"""A kernel with one account, on the store that a test calls `parts`."""

import pytest

from iamd.bootstrap.accounts import NewAccount, plan_account
from iamd.bootstrap.compose import Parts, compose
from iamd.bootstrap.first_start import populate
from iamd.kernel.kernel import Kernel
from iamd.reference.quotas import Quotas


@pytest.fixture
def account(parts: Parts) -> NewAccount:
    plan = plan_account(parts.ids, None, "root")
    parts.store.write_now(lambda transaction: populate(transaction.state, parts, plan, "no hash"))
    return plan


@pytest.fixture
def kernel(parts: Parts) -> Kernel:
    return compose(parts, "us-east-1", Quotas())
