"""What S3's requests must be allowed: actions, resources, condition keys."""

from typing import Any

import pytest

from iamd.reference.services import ServiceReference
from iamd.services.s3.authorization import CHECKS
from iamd.services.s3.service import service as s3
from tests.unit.services.lab import THERE, allow
from tests.unit.services.s3.s3_lab import FULL, HERE, NOBODY, S3Lab, statement

REFERENCE = ServiceReference()
# aws:TagKeys and its kin are filled from the check's own fields, not by these tables.
EVERY_HEADER: dict[str, Any] = {
    "x_amz_grant_read": "id=x",
    "x_amz_grant_full_control": "id=x",
    "x_amz_grant_write_acp": "id=x",
    "x_amz_tagging": "team=red",
    "x_amz_server_side_encryption": "AES256",
    "x_amz_storage_class": "STANDARD_IA",
    "x_amz_website_redirect_location": "/x",
    "x_amz_metadata_directive": "REPLACE",
    "x_amz_tagging_directive": "REPLACE",
    "x_amz_content_sha256": "UNSIGNED-PAYLOAD",
    "x_amz_object_lock_mode": "GOVERNANCE",
    "x_amz_bypass_governance_retention": "true",
    "x_amz_object_ownership": "BucketOwnerEnforced",
    "if_match": "*",
    "if_none_match": "*",
}
CONFIGURED = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
BLOCK = "<PublicAccessBlockConfiguration>{}</PublicAccessBlockConfiguration>"
REQUESTS: list[tuple[str, str, str, str]] = [
    ("GET", "/", "", ""),
    ("PUT", "/other", "", CONFIGURED),
    ("HEAD", "/bucket", "", ""),
    ("DELETE", "/bucket", "", ""),
    ("GET", "/bucket", "list-type=2&prefix=a&delimiter=/&max-keys=3", ""),
    ("GET", "/bucket", "prefix=a&delimiter=/&max-keys=3", ""),
    ("GET", "/bucket", "acl", ""),
    ("PUT", "/bucket", "acl", ""),
    ("GET", "/bucket", "location", ""),
    ("GET", "/bucket", "policy", ""),
    ("PUT", "/bucket", "policy", "{}"),
    ("GET", "/bucket", "object-lock", ""),
    ("GET", "/bucket", "encryption", ""),
    ("GET", "/bucket/key", "", ""),
    ("HEAD", "/bucket/key", "", ""),
    ("GET", "/bucket/key", "versionId=null", ""),
    ("GET", "/bucket/key", "attributes", ""),
    ("GET", "/bucket/key", "attributes&versionId=null", ""),
    ("GET", "/bucket/key", "tagging&versionId=null", ""),
    ("GET", "/bucket/key", "acl&versionId=null", ""),
    ("GET", "/bucket/key", "retention&versionId=null", ""),
    ("GET", "/bucket/key", "legal-hold&versionId=null", ""),
    ("PUT", "/bucket/key", "", ""),
    ("PUT", "/bucket/key", "acl", ""),
    ("PUT", "/bucket/key", "tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"),
    ("POST", "/bucket/key", "uploads", ""),
    ("PUT", "/bucket/key", "partNumber=1&uploadId=x", ""),
    ("POST", "/bucket/key", "uploadId=x", "<CompleteMultipartUpload/>"),
    ("DELETE", "/bucket/key", "uploadId=x", ""),
    ("GET", "/bucket/key", "uploadId=x", ""),
    ("GET", "/bucket", "uploads", ""),
    ("PUT", "/bucket", "tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"),
    ("DELETE", "/bucket", "tagging", ""),
    ("DELETE", "/bucket/key", "", ""),
    ("DELETE", "/bucket/key", "versionId=null", ""),
    ("DELETE", "/bucket/key", "tagging&versionId=null", ""),
    ("POST", "/bucket", "delete", "<Delete><Object><Key>key</Key><VersionId>null</VersionId></Object></Delete>"),
]


@pytest.mark.parametrize(("method", "path", "query", "body"), REQUESTS)
def test_only_documented_keys_are_present(bucket: S3Lab, method: str, path: str, query: str, body: str) -> None:
    bucket.put("key", x_amz_tagging="team=blue")
    more: dict[str, Any] = {"x_amz_object_attributes": "ETag"} if "attributes" in query else {}
    bucket.asked = []
    acl = "bucket-owner-full-control" if path.count("/") == 2 else "private"
    bucket(method, path, query, body=body.encode(), scheme="https", x_amz_acl=acl, **EVERY_HEADER, **more)
    assert bucket.asked
    for check in bucket.asked:
        action = REFERENCE.action(check.action)
        assert action is not None, check.action
        documented = {key.lower().partition("<")[0] for key in action.condition_keys}
        if action.name.endswith("ObjectLockConfiguration"):
            # ~ The reference names s3:signatureversion twice there and this one not at all: a slip, it seems.
            documented.add("s3:x-amz-content-sha256")
        for name in check.keys:
            assert name == name.lower()
            assert name in documented or name.partition("/")[0] + "/" in documented, (check.action, name)
        common = {"s3:authtype", "s3:signatureversion", "s3:signatureage", "s3:resourceaccount", "s3:tlsversion"}
        assert common <= check.keys.keys()


def test_a_copy_shows_the_documented_keys(bucket: S3Lab) -> None:
    bucket.put("key", x_amz_tagging="team=blue")
    bucket("PUT", "/bucket/new", x_amz_copy_source="/bucket/key", x_amz_metadata_directive="REPLACE")
    asked = [(check.action, check.resource.removeprefix("arn:aws:s3:::")) for check in bucket.asked]
    assert asked == [
        ("s3:GetObject", "bucket/key"),
        ("s3:GetObjectTagging", "bucket/key"),
        ("s3:PutObject", "bucket/new"),
        ("s3:PutObjectTagging", "bucket/new"),
    ]
    put = bucket.asked[2].keys
    assert put["s3:x-amz-copy-source"] == "bucket/key"
    assert put["s3:x-amz-metadata-directive"] == "REPLACE"
    assert bucket.asked[0].keys["s3:existingobjecttag/team"] == "blue"


def test_every_built_operation_has_checks_and_none_is_left_over() -> None:
    assert {name for name, operation in s3.operations.items() if operation.checks is None} == set()
    assert CHECKS.keys() == s3.operations.keys()


KEYS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("list-type=2&prefix=&max-keys=7", {}, {"s3:prefix": "", "s3:max-keys": "7"}),
    ("list-type=2", {}, {"s3:prefix": None, "s3:delimiter": None, "s3:max-keys": None}),
    ("", {"x_amz_content_sha256": "abc"}, {"s3:x-amz-content-sha256": "abc"}),
    ("", {"x_amz_content_sha256": "UNSIGNED-PAYLOAD "}, {"s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD"}),
    ("", {"auth": "REST-QUERY-STRING"}, {"s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD"}),
    ("", {}, {"s3:authtype": "REST-HEADER", "s3:signatureage": "1500", "s3:tlsversion": None}),
    ("", {"by": NOBODY}, {"s3:authtype": None, "s3:signatureversion": None}),
    ("", {"scheme": "https"}, {"s3:tlsversion": "1.2"}),
    ("", {}, {"s3:resourceaccount": HERE}),
]


@pytest.mark.parametrize(("query", "more", "keys"), KEYS)
def test_values_of_keys(bucket: S3Lab, query: str, more: dict[str, Any], keys: dict[str, Any]) -> None:
    bucket("GET", "/bucket", query, **more)
    (check,) = bucket.asked
    assert check.action == "s3:ListBucket"
    assert {name: check.keys.get(name) for name in keys} == keys


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {"x_amz_storage_class": "STANDARD_IA \t"}),
        ("x-amz-storage-class=%20STANDARD_IA", {}),
        ("x-amz-storage-class=STANDARD_IA%0A", {}),
    ],
)
def test_a_deny_sees_the_value_that_the_operation_reads(bucket: S3Lab, query: str, headers: dict[str, Any]) -> None:
    condition = {"StringEquals": {"s3:x-amz-storage-class": "STANDARD_IA"}}
    assert bucket.set_policy(statement("s3:PutObject", Effect="Deny", Condition=condition)).status == 204
    assert bucket("PUT", "/bucket/key", query, **headers).fault == "AccessDenied"


def test_a_header_beyond_ascii_is_the_text_that_policies_write(bucket: S3Lab) -> None:
    bucket("PUT", "/bucket/key", x_amz_website_redirect_location="/\u00fc".encode().decode("latin-1"))
    assert bucket.asked[0].keys["s3:x-amz-website-redirect-location"] == "/\u00fc"


def test_a_put_names_what_its_headers_ask_for(bucket: S3Lab) -> None:
    bucket.put("key", x_amz_tagging="team=blue")
    bucket("PUT", "/bucket/key", x_amz_tagging="team=red&x=y", x_amz_acl="private", if_match="*")
    actions = [check.action for check in bucket.asked]
    assert actions == ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectAcl", "s3:GetObject"]
    put, tagging, acl, _ = (check.keys for check in bucket.asked)
    assert put["s3:requestobjecttag/team"] == "red"
    assert put["s3:requestobjecttagkeys"] == ("team", "x")
    assert "s3:existingobjecttag/team" not in put
    assert tagging["s3:existingobjecttag/team"] == "blue"
    assert (put["s3:x-amz-acl"], acl["s3:x-amz-acl"]) == ("private", "private")


def test_a_version_is_another_action(bucket: S3Lab) -> None:
    bucket.put("key")
    alice = bucket.add_user("alice", allow(["s3:GetObject", "s3:DeleteObject"], "arn:aws:s3:::bucket/*"))
    assert bucket("GET", "/bucket/key", by=alice).status == 200
    for method in ("GET", "HEAD", "DELETE"):
        assert bucket(method, "/bucket/key", "versionId=null", by=alice).fault == "AccessDenied"


def test_a_missing_key_is_told_to_those_only_who_may_list(bucket: S3Lab) -> None:
    alice = bucket.add_user("alice", allow("s3:GetObject", "arn:aws:s3:::bucket/*"))
    answer = bucket("GET", "/bucket/none", by=alice)
    assert (answer.status, answer.fault) == (403, "AccessDenied")
    assert answer.told == (
        f"User: arn:aws:iam::{HERE}:user/alice is not authorized to perform: s3:ListBucket on resource: "
        '"arn:aws:s3:::bucket" because no identity-based policy allows the s3:ListBucket action'
    )
    assert bucket("HEAD", "/bucket/none", by=alice).status == 403
    bucket.put("there")
    assert bucket("GET", "/bucket/there", by=alice).status == 200
    bob = bucket.add_user("bob", allow(["s3:GetObject", "s3:ListBucket"]))
    assert bucket("GET", "/bucket/none", by=bob).fault == "NoSuchKey"


def test_a_copy_needs_both_sides(bucket: S3Lab) -> None:
    bucket.put("secret", b"s")
    writer = bucket.add_user("writer", allow("s3:PutObject", "arn:aws:s3:::bucket/*"))
    reader = bucket.add_user("reader", allow("s3:GetObject", "arn:aws:s3:::bucket/*"))
    assert bucket("PUT", "/bucket/copy", x_amz_copy_source="bucket/secret", by=writer).fault == "AccessDenied"
    assert bucket("PUT", "/bucket/copy", x_amz_copy_source="bucket/secret", by=reader).fault == "AccessDenied"
    assert bucket("GET", "/bucket/copy").fault == "NoSuchKey"


def test_the_tag_count_is_shown_to_those_only_who_may_read_tags(bucket: S3Lab) -> None:
    bucket.put("key", x_amz_tagging="a=b")
    alice = bucket.add_user("alice", allow("s3:GetObject"))
    assert "x-amz-tagging-count" not in bucket("GET", "/bucket/key", by=alice).headers
    assert bucket("GET", "/bucket/key").headers["x-amz-tagging-count"] == "1"


def test_conditions_on_existing_tags_decide(bucket: S3Lab) -> None:
    for colour in ("red", "blue"):
        bucket.put(colour, x_amz_tagging=f"Colour={colour}")
    condition = {"StringEquals": {"s3:ExistingObjectTag/colour": "red"}}
    alice = bucket.add_user("alice", allow("s3:GetObject", Condition=condition))
    assert bucket("GET", "/bucket/red", by=alice).status == 200
    assert bucket("GET", "/bucket/blue", by=alice).fault == "AccessDenied"


def test_list_buckets_is_granted_on_either_resource(bucket: S3Lab) -> None:
    for number, resource in enumerate(("*", "arn:aws:s3:::*")):
        user = bucket.add_user(f"u{number}", allow("s3:ListAllMyBuckets", resource))
        assert bucket("GET", "/", by=user).all("Name") == ["bucket"]
    nothing = bucket.add_user("nothing")
    assert bucket("GET", "/", by=nothing).told == (
        f"User: arn:aws:iam::{HERE}:user/nothing is not authorized to perform: s3:ListAllMyBuckets "
        "because no identity-based policy allows the s3:ListAllMyBuckets action"
    )
    assert bucket("GET", "/", by=NOBODY).told == "Access Denied"


def test_nobody_creates_a_bucket(lab: S3Lab) -> None:
    assert lab("PUT", "/bucket", by=NOBODY).fault == "AccessDenied"
    assert lab.state.buckets.get("bucket") is None


def test_across_accounts_both_sides_must_allow(bucket: S3Lab) -> None:
    bucket.put("key")
    stranger = bucket.add_user("stranger", FULL, account=THERE)
    poor = bucket.add_user("poor", account=THERE)
    assert bucket("GET", "/bucket/key", by=stranger).told == "Access Denied"
    bucket.set_policy(statement("s3:GetObject", principal={"AWS": f"arn:aws:iam::{THERE}:root"}))
    assert bucket("GET", "/bucket/key", by=stranger).status == 200
    assert bucket("GET", "/bucket/key", by=poor).fault == "AccessDenied"
    assert bucket("GET", "/bucket/none", by=stranger).fault == "AccessDenied"


def test_restrict_public_buckets_bars_everyone_from_outside(bucket: S3Lab) -> None:
    bucket.put("key")
    stranger = bucket.add_user("stranger", FULL, account=THERE)
    named = {"AWS": f"arn:aws:iam::{THERE}:root"}
    bucket("DELETE", "/bucket", "publicAccessBlock")
    named_statement = statement("s3:GetObject", principal=named)
    assert bucket.set_policy(statement("s3:GetObjectAcl"), named_statement).status == 204
    assert bucket("GET", "/bucket/key", by=stranger).status == 200
    assert (
        bucket.put_settings(BLOCK.format("<RestrictPublicBuckets>true</RestrictPublicBuckets>").encode()).status == 200
    )
    assert bucket("GET", "/bucket/key", by=stranger).told == "Access Denied"
    assert bucket("GET", "/bucket/key", "acl", by=NOBODY).fault == "AccessDenied"
    assert bucket("GET", "/bucket/key").status == 200
    assert bucket.set_policy(named_statement).status == 204
    assert bucket("GET", "/bucket/key", by=stranger).status == 200


def test_the_owners_root_is_not_locked_out_of_the_policy(bucket: S3Lab) -> None:
    root = bucket.root()
    deny = statement("s3:*", "bucket", Effect="Deny")
    assert bucket.set_policy(deny).status == 204
    assert bucket("GET", "/bucket", "policy").fault == "AccessDenied"
    assert bucket("GET", "/bucket", by=root).fault == "AccessDenied"
    assert bucket("GET", "/bucket", "policy", by=root).status == 200
    assert bucket("DELETE", "/bucket", "policy", by=root).status == 204
    assert bucket("GET", "/bucket", by=root).status == 200


def test_unknown_bucket_before_any_decision_is_no_oracle_for_keys(bucket: S3Lab) -> None:
    nothing = bucket.add_user("nothing")
    bucket.put("key")
    there, missing = (bucket("GET", f"/bucket/{key}", by=nothing) for key in ("key", "none"))
    assert (there.fault, there.status) == (missing.fault, missing.status) == ("AccessDenied", 403)
