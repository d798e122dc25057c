import json
from functools import cache

import pytest
from botocore.loaders import Loader

from iamd.reference.facts import read_facts
from iamd.reference.operations import OperationActions
from iamd.reference.services import ServiceReference

REFERENCE = ServiceReference()
ACTIONS = OperationActions(REFERENCE)
SERVICES = ("iam", "sts", "s3", "s3control")


@cache
def operations(service: str) -> tuple[str, ...]:
    return tuple(Loader().load_service_model(service, "service-2")["operations"])


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_an_action_of_the_reference_or_is_listed_as_unmapped(service: str) -> None:
    unmapped = [name for name in operations(service) if ACTIONS.operation_action(service, name) is None]
    assert unmapped == read_facts("operations")[service].get("unmapped", [])
    for name in operations(service):
        for versioned in (False, True):
            action = ACTIONS.operation_action(service, name, versioned=versioned)
            if action:
                known = REFERENCE.action(action)
                assert known is not None, action
                assert action.endswith(f":{known.name}"), action


@pytest.mark.parametrize("service", SERVICES)
def test_no_entry_is_stale(service: str) -> None:
    facts = read_facts("operations")[service]
    named = [*facts.get("actions", {}), *facts.get("versioned", {}), *facts.get("unmapped", [])]
    assert set(named) <= set(operations(service)), json.dumps(sorted(set(named) - set(operations(service))))


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("iam", "CreateUser", "iam:CreateUser"),
        ("sts", "AssumeRole", "sts:AssumeRole"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3", "HeadBucket", "s3:ListBucket"),
        ("s3", "ListObjectsV2", "s3:ListBucket"),
        ("s3", "HeadObject", "s3:GetObject"),
        ("s3", "GetBucketCors", "s3:GetBucketCORS"),
        ("s3", "DeleteObjects", "s3:DeleteObject"),
        ("s3", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
        ("s3", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        ("s3control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
        ("s3control", "CreateBucket", "s3-outposts:CreateBucket"),
        ("s3control", "ListAccessPoints", "s3:ListAccessPoints"),
        ("s3", "NoSuchOperation", None),
        ("nothing", "CreateUser", None),
        ("date", "CreateUser", None),
    ],
)
def test_operation_action(service: str, operation: str, action: str | None) -> None:
    assert ACTIONS.operation_action(service, operation) == action


def test_a_version_in_the_request_asks_for_the_version_action() -> None:
    assert ACTIONS.operation_action("s3", "GetObject", versioned=True) == "s3:GetObjectVersion"
    assert ACTIONS.operation_action("s3", "HeadObject", versioned=True) == "s3:GetObjectVersion"
    assert ACTIONS.operation_action("s3", "PutObject", versioned=True) == "s3:PutObject"
