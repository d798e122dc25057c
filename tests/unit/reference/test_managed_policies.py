import json
from pathlib import Path

import pytest

from iamd.reference.managed_policies import ARN_PREFIX, ManagedPolicies, ManagedPolicy

POLICIES = ManagedPolicies()


def test_the_policies_that_guides_name_are_there_under_their_real_arns() -> None:
    for name in (
        "/AdministratorAccess",
        "/AmazonS3ReadOnlyAccess",
        "/AmazonEC2FullAccess",
        "/job-function/ViewOnlyAccess",
    ):
        assert POLICIES.get(ARN_PREFIX + name) is not None
    assert POLICIES.get(f"{ARN_PREFIX}/ViewOnlyAccess") is None
    assert POLICIES.get("arn:aws:iam::123456789012:policy/AdministratorAccess") is None
    assert len(POLICIES) > 1500


def test_administrator_access_reads_as_aws_prints_it() -> None:
    policy = POLICIES.get(f"{ARN_PREFIX}/AdministratorAccess")
    assert policy is not None
    expected = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    assert json.loads(policy.document()) == expected
    assert (policy.name, policy.path, policy.default_version_id) == ("AdministratorAccess", "/", "v1")
    assert policy.create_date.isoformat() == "2015-02-06T18:39:46+00:00"


def test_every_document_is_whole_and_every_id_is_its_own() -> None:
    everything = POLICIES.page(None, 10_000)
    assert len(everything) == len(POLICIES)
    assert all(json.loads(policy.document())["Statement"] for policy in everything)
    assert len({policy.policy_id for policy in everything}) == len(POLICIES)
    assert all(p.policy_id.startswith("ANPA") and len(p.policy_id) == 21 for p in everything)
    assert all(policy.arn == ARN_PREFIX + policy.path + policy.name for policy in everything)


@pytest.mark.parametrize("prefix", ["/", "/service-role/", "/job-function/", "/aws-service-role/"])
def test_pages_of_a_path_join_without_gap_or_overlap(prefix: str) -> None:
    whole = POLICIES.page(None, 10_000, prefix)
    assert {policy.arn for policy in whole} == {p.arn for p in POLICIES.page(None, 10_000) if p.path.startswith(prefix)}
    paged: list[ManagedPolicy] = []
    after: str | None = None
    while page := POLICIES.page(after, 100, prefix):
        paged += page
        after = page[-1].arn
    assert [policy.arn for policy in paged] == [policy.arn for policy in whole]


def test_a_path_prefix_does_not_find_names_that_begin_like_it() -> None:
    assert POLICIES.page(None, 10, "/Administrator") == []
    assert POLICIES.page(None, 0) == []


def test_nothing_is_read_before_the_first_question(tmp_path: Path) -> None:
    policies = ManagedPolicies(tmp_path / "absent")
    with pytest.raises(FileNotFoundError):
        policies.get(f"{ARN_PREFIX}/AdministratorAccess")
