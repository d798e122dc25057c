"""Buckets: names, regions, owners, lists."""

from dataclasses import replace

import pytest

from iamd.services.s3.acting import current
from iamd.services.s3.authorization.finding import Found
from tests.unit.services.lab import THERE
from tests.unit.services.s3.s3_lab import FULL, NOBODY, S3Lab

BAD_CHARACTERS = ["Upper", "a_b", "-ab", "ab-", "a..b", "192.168.5.4", "b\u00fccket"]
RESERVED = ["xn--ab", "sthree-x", "amzn-s3-demo-x", "x-s3alias", "x--ol-s3", "x.mrap", "x--x-s3", "x--table-s3"]
XML = '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{}</CreateBucketConfiguration>'


def located(region: str) -> bytes:
    return XML.format(f"<LocationConstraint>{region}</LocationConstraint>").encode()


@pytest.mark.parametrize(
    "name",
    [*BAD_CHARACTERS, *RESERVED, "ab", "a" * 64],
)
def test_a_name_against_the_rules_is_refused(lab: S3Lab, name: str) -> None:
    answer = lab("PUT", f"/{name}")
    assert (answer.fault, answer.told) == ("InvalidBucketName", "The specified bucket is not valid.")
    assert answer.status == 400


@pytest.mark.parametrize("name", ["abc", "a.b-c.9", "a" * 63, "1.2.3", "xn-a"])
def test_names_within_the_rules(lab: S3Lab, name: str) -> None:
    answer = lab("PUT", f"/{name}")
    assert (answer.status, answer.headers["location"]) == (200, f"/{name}")


def test_a_new_bucket_blocks_public_access(bucket: S3Lab) -> None:
    answer = bucket("GET", "/bucket", "publicAccessBlock")
    settings = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    assert [answer.all(name) for name in settings] == [["true"]] * 4


def test_creating_ones_own_bucket_again_is_idempotent_in_us_east_1_only(bucket: S3Lab) -> None:
    assert bucket("PUT", "/bucket").status == 200
    assert bucket("PUT", "/europe", body=located("eu-west-1")).headers["location"] == "http://europe.s3.amazonaws.com/"
    again = bucket("PUT", "/europe", body=located("eu-west-1"), region="eu-west-1")
    assert (again.status, again.fault) == (409, "BucketAlreadyOwnedByYou")
    assert bucket("PUT", "/europe").fault == "BucketAlreadyOwnedByYou"


def test_a_name_that_another_account_has_is_taken(bucket: S3Lab) -> None:
    stranger = bucket.add_user("stranger", FULL, account=THERE)
    answer = bucket("PUT", "/bucket", by=stranger)
    assert (answer.status, answer.fault) == (409, "BucketAlreadyExists")
    assert bucket.state.buckets.get("bucket").account == bucket.owner.account  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("signed", "constraint", "fault"),
    [
        ("us-east-1", "us-east-1", "InvalidLocationConstraint"),
        ("us-east-1", "nowhere", "InvalidLocationConstraint"),
        ("eu-west-1", "", "IllegalLocationConstraintException"),
        ("eu-west-1", "eu-central-1", "IllegalLocationConstraintException"),
        ("eu-west-1", "eu-west-1", ""),
        ("eu-west-1", "EU", ""),
        ("us-east-1", "ap-southeast-2", ""),
    ],
)
def test_location_constraints(lab: S3Lab, signed: str, constraint: str, fault: str) -> None:
    answer = lab("PUT", "/bucket", body=located(constraint) if constraint else b"", region=signed)
    assert answer.fault == fault


def test_a_request_signed_for_another_region_learns_the_right_one(lab: S3Lab) -> None:
    lab("PUT", "/bucket", body=located("eu-west-1"))
    answer = lab("GET", "/bucket")
    assert (answer.status, answer.fault) == (400, "AuthorizationHeaderMalformed")
    assert (
        answer.told == "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'"
    )
    assert (answer.headers["Region"], answer.headers["x-amz-bucket-region"]) == ("eu-west-1", "eu-west-1")
    assert lab("GET", "/bucket", auth="REST-QUERY-STRING").fault == "AuthorizationQueryParametersError"
    assert lab("GET", "/bucket", region="eu-west-1").status == 200
    assert lab("GET", "/bucket", "location").text.endswith(">eu-west-1</LocationConstraint>")


def test_acls_and_foreign_ownership_are_not_created(lab: S3Lab) -> None:
    assert lab("PUT", "/bucket", x_amz_acl="public-read").fault == "InvalidBucketAclWithObjectOwnership"
    assert lab("PUT", "/bucket", x_amz_object_ownership="ObjectWriter").status == 501
    assert lab("PUT", "/bucket", x_amz_acl="private", x_amz_object_ownership="BucketOwnerEnforced").status == 200


def test_a_bucket_with_objects_is_not_deleted(bucket: S3Lab) -> None:
    bucket.put("a")
    assert (bucket("DELETE", "/bucket").fault, bucket("DELETE", "/bucket").status) == ("BucketNotEmpty", 409)
    bucket("DELETE", "/bucket/a")
    assert bucket("DELETE", "/bucket").status == 204
    assert bucket("HEAD", "/bucket").fault == "NoSuchBucket"


def test_a_namesake_of_a_deleted_bucket_has_no_policy_and_no_objects(bucket: S3Lab) -> None:
    bucket("DELETE", "/bucket", "publicAccessBlock")
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket"}
    assert bucket.set_policy(allow).status == 204
    bucket("DELETE", "/bucket")
    bucket.bucket()
    assert bucket("GET", "/bucket", "policy").fault == "NoSuchBucketPolicy"
    assert bucket("GET", "/bucket", by=NOBODY).fault == "AccessDenied"


def test_an_operation_does_not_act_on_a_namesake_that_came_between(bucket: S3Lab) -> None:
    old = bucket.state.buckets.get("bucket")
    assert old is not None
    found = Found(None, replace(old, id="another"), {})  # type: ignore[arg-type]  # nothing is asked
    with pytest.raises(Exception, match="OperationAborted"):
        current(bucket.state, found)


def test_buckets_in_pages_by_prefix_and_region(lab: S3Lab) -> None:
    for name in ("b-3", "b-1", "a-1", "b-2"):
        lab("PUT", f"/{name}")
    lab("PUT", "/b-4", body=located("eu-west-1"))
    assert lab("GET", "/").all("Name") == ["a-1", "b-1", "b-2", "b-3", "b-4"]
    assert lab("GET", "/").all("BucketRegion") == []
    page = lab("GET", "/", {"prefix": "b-", "max-buckets": "2"})
    assert (page.all("Name"), page.all("BucketRegion")) == (["b-1", "b-2"], ["us-east-1", "us-east-1"])
    (token,) = page.all("ContinuationToken")
    rest = lab("GET", "/", {"prefix": "b-", "max-buckets": "2", "continuation-token": token})
    assert (rest.all("Name"), rest.all("ContinuationToken")) == (["b-3", "b-4"], [])
    assert lab("GET", "/", {"bucket-region": "eu-west-1"}).all("Name") == ["b-4"]
    assert lab("GET", "/", {"max-buckets": "0"}).fault == "InvalidArgument"
    assert lab("GET", "/", {"continuation-token": "%%"}).fault == "InvalidArgument"


def test_an_account_sees_its_own_buckets_only(bucket: S3Lab) -> None:
    stranger = bucket.add_user("stranger", FULL, account=THERE)
    assert bucket("GET", "/", by=stranger).all("Name") == []
    assert bucket("GET", "/", by=stranger).all("ID") == [f"canonical-{THERE}"]


def test_the_expected_owner_is_held(bucket: S3Lab) -> None:
    assert bucket("HEAD", "/bucket", x_amz_expected_bucket_owner=bucket.owner.account).status == 200
    answer = bucket("HEAD", "/bucket", x_amz_expected_bucket_owner=THERE)
    assert (answer.status, answer.fault, answer.told) == (403, "AccessDenied", "Access Denied")
    assert bucket("HEAD", "/bucket", x_amz_expected_bucket_owner="me").fault == "InvalidBucketOwnerAWSAccountID"


def test_missing_buckets(lab: S3Lab) -> None:
    answer = lab("GET", "/none")
    assert (answer.status, answer.fault, answer.told) == (404, "NoSuchBucket", "The specified bucket does not exist")
    assert lab("GET", "/none/key", by=NOBODY).fault == "NoSuchBucket"
    assert lab("GET", "/NONE").fault == "InvalidBucketName"


SETTINGS = [
    ("acl", "", "FULL_CONTROL"),
    ("abac", "", "Disabled"),
    ("accelerate", "", "<AccelerateConfiguration"),
    ("analytics&id=x", "NoSuchConfiguration", "The specified configuration does not exist."),
    ("analytics", "", "<IsTruncated>false</IsTruncated>"),
    ("cors", "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    ("encryption", "", "<SSEAlgorithm>AES256</SSEAlgorithm>"),
    ("intelligent-tiering&id=x", "NoSuchConfiguration", "The specified configuration does not exist."),
    ("intelligent-tiering", "", "<IsTruncated>false</IsTruncated>"),
    ("inventory&id=x", "NoSuchConfiguration", "The specified configuration does not exist."),
    ("inventory", "", "<IsTruncated>false</IsTruncated>"),
    ("lifecycle", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    ("logging", "", "<BucketLoggingStatus"),
    ("metrics&id=x", "NoSuchConfiguration", "The specified configuration does not exist."),
    ("metrics", "", "<IsTruncated>false</IsTruncated>"),
    ("notification", "", "<NotificationConfiguration"),
    ("object-lock", "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
    ("ownershipControls", "", "<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>"),
    ("policy", "NoSuchBucketPolicy", "The bucket policy does not exist"),
    ("policyStatus", "NoSuchBucketPolicy", "The bucket policy does not exist"),
    ("replication", "ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    ("requestPayment", "", "<Payer>BucketOwner</Payer>"),
    ("tagging", "NoSuchTagSet", "The TagSet does not exist"),
    ("versioning", "", "<VersioningConfiguration"),
    ("website", "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
]


@pytest.mark.parametrize(("query", "fault", "told"), SETTINGS)
def test_a_setting_answers_as_one_never_set(bucket: S3Lab, query: str, fault: str, told: str) -> None:
    answer = bucket("GET", "/bucket", query)
    assert answer.fault == fault
    assert answer.status == (404 if fault else 200)
    assert told in (answer.told or answer.text)


def test_tags_given_at_creation_are_kept(lab: S3Lab) -> None:
    body = XML.format("<Tags><Tag><Key>team</Key><Value>red</Value></Tag></Tags>").encode()
    assert lab("PUT", "/bucket", body=body).status == 200
    assert [check.action for check in lab.asked] == ["s3:CreateBucket", "s3:TagResource"]
    assert lab("GET", "/bucket", "tagging").all("Key") == ["team"]


def test_acls_cannot_be_set(bucket: S3Lab) -> None:
    answer = bucket("PUT", "/bucket", "acl", x_amz_acl="private")
    assert (answer.status, answer.fault) == (400, "AccessControlListNotSupported")
    assert answer.told == "The bucket does not allow ACLs"
