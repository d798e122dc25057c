"""What the trail shows of a call: names and values as CloudTrail has them, and no secret, marked or not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from iamd.wire.models import Shape
from iamd.wire.redaction import HIDDEN, SECRET_MEMBERS
from iamd.wire.service import load_service
from tests.conformance.wire.models import SERVICES

MOMENT = datetime(2026, 11, 5, 15, 4, 9, tzinfo=UTC)


def test_names_begin_in_lower_case_at_every_depth() -> None:
    params = {"UserName": "bob", "Tags": [{"Key": "A", "Value": "B"}]}
    seen = load_service("iam").operation("CreateUser").redact(params)
    assert seen == {"userName": "bob", "tags": [{"key": "A", "value": "B"}]}


def test_passwords_are_hidden() -> None:
    params = {"OldPassword": "one", "NewPassword": "two"}
    seen = load_service("iam").operation("ChangePassword").redact(params)
    assert seen == {"oldPassword": HIDDEN, "newPassword": HIDDEN}


def test_a_new_key_is_shown_without_its_secret_and_dates_as_cloudtrail_prints_them() -> None:
    key = {"UserName": "bob", "AccessKeyId": "AKIA", "SecretAccessKey": "s", "Status": "Active", "CreateDate": MOMENT}
    seen = load_service("iam").operation("CreateAccessKey").redact_response({"AccessKey": key})
    assert seen["accessKey"] == {
        "userName": "bob",
        "accessKeyId": "AKIA",
        "secretAccessKey": HIDDEN,
        "status": "Active",
        "createDate": "Nov 5, 2026, 3:04:09 PM",
    }


def test_the_credentials_of_a_session_show_their_id_only() -> None:
    credentials = {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": MOMENT}
    seen = load_service("sts").operation("AssumeRole").redact_response({"Credentials": credentials})
    assert seen["credentials"]["accessKeyId"] == "ASIA"
    assert seen["credentials"]["secretAccessKey"] == seen["credentials"]["sessionToken"] == HIDDEN


def test_streams_and_nothing_are_absent_and_s3_says_bucket_name() -> None:
    seen = load_service("s3").operation("PutObject").redact({"Bucket": "b", "Key": "k", "Body": b"x", "ACL": None})
    assert seen == {"bucketName": "b", "key": "k"}


def test_an_operation_without_input_has_no_parameters() -> None:
    assert load_service("iam").operation("GetAccountSummary").redact({}) == {}


DEEPEST = 8


def filled(name: str, shape: Shape, *, secret: bool = False, depth: int = 0) -> Any:
    """A value for every member, to a depth; below a member that is marked, or named like a secret, it is SECRET."""
    secret = secret or name in SECRET_MEMBERS or (shape.sensitive and name != "AccessKeyId")
    match shape.type:
        case "structure":
            members = shape.members if depth < DEEPEST else {}
            return {name: filled(name, below, secret=secret, depth=depth + 1) for name, below in members.items()}
        case "list":
            return [filled("", shape.element, secret=secret, depth=depth)]
        case "map":
            return {"key": filled("", shape.value, secret=secret, depth=depth)}
        case _:
            return "SECRET" if secret else "shown"


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_that_a_model_marks_is_ever_shown(service: str) -> None:
    spec = load_service(service)
    for name in spec.operation_names:
        operation = spec.operation(name)
        if operation.input_shape is not None:
            assert "SECRET" not in str(operation.redact(filled("", operation.input_shape)))
        if operation.output_shape is not None:
            assert "SECRET" not in str(operation.redact_response(filled("", operation.output_shape)))
