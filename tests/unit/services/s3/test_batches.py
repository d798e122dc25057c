"""DeleteObjects: each item is decided and answered on its own."""

from tests.unit.services.lab import allow
from tests.unit.services.s3.s3_lab import S3Lab


def items(*keys: str) -> str:
    return "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)


def test_each_key_is_decided_on_its_own(bucket: S3Lab) -> None:
    for key in ("mine/a", "theirs/b"):
        bucket.put(key)
    alice = bucket.add_user("alice", allow("s3:DeleteObject", "arn:aws:s3:::bucket/mine/*"))
    answer = bucket.delete_many(items("mine/a", "theirs/b", "mine/none"), by=alice)
    assert answer.status == 200
    assert answer.all("Deleted") == ["<Key>mine/a</Key>", "<Key>mine/none</Key>"]
    assert (answer.all("Code"), "theirs/b" in answer.all("Error")[0]) == (["AccessDenied"], True)
    assert bucket("GET", "/bucket").all("Key") == ["theirs/b"]


def test_a_denied_bypass_denies_the_item(bucket: S3Lab) -> None:
    bucket.put("a")
    bucket.put("b")
    alice = bucket.add_user(
        "alice",
        allow("s3:DeleteObject", "arn:aws:s3:::bucket/*"),
        allow("s3:BypassGovernanceRetention", "arn:aws:s3:::bucket/b"),
    )
    answer = bucket.delete_many(items("a", "b"), by=alice, x_amz_bypass_governance_retention="true")
    assert (answer.all("Code"), bucket("GET", "/bucket").all("Key")) == (["AccessDenied"], ["a"])
    single = bucket("DELETE", "/bucket/a", by=alice, x_amz_bypass_governance_retention="true")
    assert single.fault == "AccessDenied"


def test_quiet_answers_with_errors_only(bucket: S3Lab) -> None:
    bucket.put("a")
    answer = bucket.delete_many("<Quiet>true</Quiet>" + items("a"))
    assert (answer.all("Deleted"), answer.all("Error"), bucket("GET", "/bucket").all("Key")) == ([], [], [])


def test_limits_and_integrity(bucket: S3Lab) -> None:
    assert bucket.delete_many(items(*(f"k{n}" for n in range(1000)))).status == 200
    assert bucket.delete_many(items(*(f"k{n}" for n in range(1001)))).fault == "MalformedXML"
    assert bucket.delete_many("").fault == "MalformedXML"
    assert bucket.delete_many(items("a"), content_md5="1B2M2Y8AsgTpgAmY7PhCfg==").fault == "BadDigest"
    assert bucket.delete_many(items("a"), content_md5="x").fault == "InvalidDigest"
    assert bucket("POST", "/bucket", "delete", body=b"<Delete><Object><Key>a</Key></Object></Delete>").fault == (
        "InvalidRequest"
    )


def test_items_that_cannot_be_deleted_say_so(bucket: S3Lab) -> None:
    bucket.put("a")
    xml = "<Object><Key>a</Key><ETag>x</ETag></Object><Object><Key>b</Key><VersionId>y</VersionId></Object>"
    answer = bucket.delete_many(xml + items("x" * 1025))
    assert answer.all("Code") == ["NotImplemented", "NoSuchVersion", "KeyTooLongError"]
    assert bucket("GET", "/bucket").all("Key") == ["a"]
