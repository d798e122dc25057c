"""Bucket policies: what is accepted, in S3's words; who is meant; what is public."""

import json
from typing import Any

import pytest

from tests.unit.services.lab import THERE
from tests.unit.services.s3.s3_lab import FULL, HERE, S3Lab, statement

GOOD: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{HERE}:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::bucket/*",
}


def document(**changes: Any) -> str:
    changed = {**GOOD, **changes}
    return json.dumps({"Version": "2012-10-17", "Statement": [{k: v for k, v in changed.items() if v is not None}]})


INVALID_RESOURCE = "Policy has invalid resource"
NOT_APPLICABLE = "Action does not apply to any resource(s) in statement"
REFUSED = [
    (
        document(Action="s3:" + "?*" * 200 + "#"),
        "Policy has invalid action",
    ),  # at once, not after a backtracking search
    ("", "Policies must be valid JSON and the first byte must be '{'"),
    ("[]", "Policies must be valid JSON and the first byte must be '{'"),
    (" {}", "Policies must be valid JSON and the first byte must be '{'"),
    ("{", "This policy contains invalid Json"),
    ("{}", "Missing required field Statement"),
    ('{"Version":"2011-10-17","Statement":[]}', "The policy must contain a valid version string"),
    (document(Principal=None), "Missing required field Principal"),
    (document(Effect=None), "Missing required field Effect"),
    (document(Action=None), "Missing required field Action"),
    (document(Resource=None), "Missing required field Resource"),
    (document(Principal={"AWS": f"arn:aws:iam::{HERE}:user/nobody"}), "Invalid principal in policy"),
    (document(Principal={"AWS": "999999999999"}), "Invalid principal in policy"),
    (document(Principal={"AWS": "arn:aws:iam::*:root"}), "Invalid principal in policy"),
    (document(Resource="*"), INVALID_RESOURCE),
    (document(Resource="arn:aws:s3:::*"), INVALID_RESOURCE),
    (document(Resource="arn:aws:s3:::other/*"), INVALID_RESOURCE),
    (document(Resource="arn:aws:s3:::bucket-2/*"), INVALID_RESOURCE),
    (document(Resource="arn:aws:s3:::bucket*/*"), INVALID_RESOURCE),
    (document(Resource="arn:aws:iam:::bucket/*"), INVALID_RESOURCE),
    (document(Resource=["arn:aws:s3:::bucket/*", "arn:aws:s3:::other"]), INVALID_RESOURCE),
    (document(Action="s3:GetNothing"), "Policy has invalid action"),
    (document(Action="ec2:RunInstances"), "Policy has invalid action"),
    (document(Action="s3:X*"), "Policy has invalid action"),
    (document(Action="s3:ListBucket"), NOT_APPLICABLE),
    (document(Resource="arn:aws:s3:::bucket"), NOT_APPLICABLE),
    (document(Action=["s3:GetObject", "s3:ListBucket"]), NOT_APPLICABLE),
    (document(Action="s3:ListAllMyBuckets", Resource="arn:aws:s3:::bucket"), NOT_APPLICABLE),
    (document(Condition={"StringEquals": {"s3:nothing": "x"}}), "Policy has an invalid condition key"),
    (
        document(Condition={"StringEquals": {"s3:prefix": "x"}}),
        "Conditions do not apply to combination of actions and resources in statement",
    ),
]


@pytest.mark.parametrize(("text", "told"), REFUSED)
def test_a_policy_is_refused_in_s3s_words(bucket: S3Lab, text: str, told: str) -> None:
    answer = bucket("PUT", "/bucket", "policy", body=text.encode() or b" ")
    assert (answer.status, answer.fault, answer.told) == (400, "MalformedPolicy", told)
    assert bucket("GET", "/bucket", "policy").fault == "NoSuchBucketPolicy"


ACCEPTED = [
    document(),
    document(Action="*", Resource=["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]),
    document(Action="S3:get*"),
    document(Action=None, NotAction="s3:DeleteObject", Effect="Deny"),
    document(Resource=None, NotResource="arn:aws:s3:::bucket/public/*", Effect="Deny"),
    document(Action=["s3:ListBucket", "s3:GetObject"], Resource=["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]),
    document(Resource="arn:aws:s3:::bucket/home/${aws:username}/*"),
    document(Action="s3:ListBucket", Resource="arn:aws:s3:::bucket", Condition={"StringLike": {"S3:Prefix": "a*"}}),
    document(Condition={"StringEquals": {"s3:ExistingObjectTag/team": "x", "aws:PrincipalOrgID": "o-1"}}),
    document(Principal={"Service": "cloudtrail.amazonaws.com"}, Sid="with spaces"),
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_a_policy_is_kept_as_it_was_written(bucket: S3Lab, text: str) -> None:
    assert bucket("PUT", "/bucket", "policy", body=text.encode()).status == 204
    answer = bucket("GET", "/bucket", "policy")
    assert json.loads(answer.body) == json.loads(text)
    assert answer.headers["content-type"] == "application/json"


def test_the_size_limit(bucket: S3Lab) -> None:
    def sized(size: int) -> bytes:
        compact = len(json.dumps(json.loads(document(Sid="")), separators=(",", ":")))
        return document(Sid="x" * (size - compact)).encode()

    assert bucket("PUT", "/bucket", "policy", body=sized(20480)).status == 204
    answer = bucket("PUT", "/bucket", "policy", body=sized(20481))
    assert answer.told == "Normalized policy document exceeds the maximum allowed size of 20480 bytes"


def test_a_namesake_of_a_deleted_user_is_not_meant(bucket: S3Lab) -> None:
    bucket.put("key")
    alice = bucket.add_user("alice")
    arn = f"arn:aws:iam::{HERE}:user/alice"
    assert bucket.set_policy(statement("s3:GetObject", principal={"AWS": arn})).status == 204
    assert bucket("GET", "/bucket/key", by=alice).status == 200
    assert arn in bucket("GET", "/bucket", "policy").text
    old = bucket.store.write_now(lambda transaction: transaction.state.users.delete(HERE, "alice"))
    assert old is not None
    namesake = bucket.add_user("alice")
    assert bucket("GET", "/bucket/key", by=namesake).fault == "AccessDenied"
    assert old.id in bucket("GET", "/bucket", "policy").text


def test_a_public_policy_is_blocked_until_the_block_is_lifted(bucket: S3Lab) -> None:
    answer = bucket.set_policy(statement("s3:GetObject"))
    assert (answer.status, answer.fault) == (403, "AccessDenied")
    assert answer.told == (
        f"User: arn:aws:iam::{HERE}:user/owner is not authorized to perform: s3:PutBucketPolicy on resource: "
        '"arn:aws:s3:::bucket" because public policies are prevented by the BlockPublicPolicy setting in S3 Block '
        "Public Access."
    )
    bucket("DELETE", "/bucket", "publicAccessBlock")
    assert bucket("GET", "/bucket", "publicAccessBlock").fault == "NoSuchPublicAccessBlockConfiguration"
    assert bucket.set_policy(statement("s3:GetObject")).status == 204
    assert bucket("GET", "/bucket", "policyStatus").all("IsPublic") == ["true"]
    assert bucket.set_policy(GOOD).status == 204
    assert bucket("GET", "/bucket", "policyStatus").all("IsPublic") == ["false"]
    bucket("DELETE", "/bucket", "policy")
    assert bucket("GET", "/bucket", "policyStatus").fault == "NoSuchBucketPolicy"


def test_an_outsider_with_the_permission_is_told_405(bucket: S3Lab) -> None:
    stranger = bucket.add_user("stranger", FULL, account=THERE)
    actions = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]
    invited = statement(actions, "bucket", principal={"AWS": f"arn:aws:iam::{THERE}:root"})
    assert bucket.set_policy(invited).status == 204
    for method in ("GET", "DELETE"):
        answer = bucket(method, "/bucket", "policy", by=stranger)
        assert (answer.status, answer.fault) == (405, "MethodNotAllowed")
    assert bucket.set_policy(invited, by=stranger).status == 405
    assert bucket("GET", "/bucket", "policy").status == 200


def test_deleting_a_policy_is_idempotent(bucket: S3Lab) -> None:
    assert bucket("DELETE", "/bucket", "policy").status == 204
    assert bucket("DELETE", "/bucket", "policy").status == 204


def test_settings_not_named_are_off(bucket: S3Lab) -> None:
    body = b"<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
    assert bucket("PUT", "/bucket", "publicAccessBlock", body=body).fault == "InvalidRequest"
    assert bucket.put_settings(body).status == 200
    answer = bucket("GET", "/bucket", "publicAccessBlock")
    assert (answer.all("BlockPublicAcls"), answer.all("BlockPublicPolicy")) == (["true"], ["false"])


def test_a_canonical_user_is_an_account(bucket: S3Lab) -> None:
    bucket.put("key")
    stranger = bucket.add_user("stranger", FULL, account=THERE)
    named = {"CanonicalUser": f"canonical-{THERE}"}
    assert bucket.set_policy(statement("s3:GetObject", principal=named)).status == 204
    assert bucket("GET", "/bucket/key", by=stranger).status == 200
    assert bucket.set_policy(statement("s3:GetObject", principal=named, Effect="Deny")).status == 204
    assert bucket("GET", "/bucket/key", by=stranger).fault == "AccessDenied"
    nobody = statement("s3:GetObject", principal={"CanonicalUser": "nobody"})
    assert bucket.set_policy(nobody).told == "Invalid principal in policy"
