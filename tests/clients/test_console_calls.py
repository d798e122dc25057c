"""What the console's pages may ask for: every built operation as JSON, S3's bytes, the event history; no more than a
signed call."""

import json
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from iamd.bootstrap.compose import services
from tests.clients.console import Pages
from tests.clients.server import Iamd, running

PASSWORD = "Passw0rd!x"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(iamd: Iamd) -> Pages:
    pages = Pages(iamd)
    assert pages.sign_in_root().status == 200
    return pages


def user(iamd: Iamd, *statements: dict[str, Any]) -> Pages:
    """alice, with these rights, signed in."""
    iamd.user("alice", *({"Version": "2012-10-17", "Statement": [each]} for each in statements))
    iamd.client("iam").create_login_profile(UserName="alice", Password=PASSWORD)
    pages = Pages(iamd)
    assert pages.sign_in("alice", PASSWORD).status == 200
    return pages


def rows(pages: Pages, query: str, count: int) -> list[dict[str, Any]]:
    """The events, once there are `count`: those of reads and denials are written a moment later."""
    deadline = time.monotonic() + 10
    while True:
        found: list[dict[str, Any]] = pages.get(f"events?{query}").json["events"]
        if len(found) >= count or time.monotonic() > deadline:
            return found


def test_an_operation_answers_what_boto3_reads(iamd: Iamd, root: Pages) -> None:
    made = root.post("iam/CreateUser", {"UserName": "bob", "Tags": [{"Key": "k", "Value": "ü"}]}).json["User"]
    seen = iamd.client("iam").get_user(UserName="bob")["User"]
    assert made["CreateDate"] == seen["CreateDate"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert {**made, "CreateDate": seen["CreateDate"]} == seen
    assert root.post("iam/DeleteUser", {"UserName": "bob"}).json == {}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("iam/CreateUser", {"UserName": 1}, "SerializationException"),
        ("iam/CreateUser", {"UserName": "bob", "Nonsense": 1}, "SerializationException"),
        ("iam/CreateUser", {"UserName": "bob", "Tags": {"Key": "k"}}, "SerializationException"),
        ("iam/CreateUser", {"UserName": "bob", "Tags": [{"Key": "k"}]}, "ValidationError"),
        ("iam/CreateUser", ["UserName"], "SerializationException"),
        ("iam/CreateUser", {}, "ValidationError"),
        ("iam/CreateUser", {"UserName": "b/b"}, "ValidationError"),
        ("iam/ListUsers", {"MaxItems": True}, "SerializationException"),
        ("iam/ListUsers", {"MaxItems": 2**40}, "SerializationException"),
        ("iam/ListUsers", {"MaxItems": 1.5}, "SerializationException"),
        ("iam/Nonsense", {}, "InvalidAction"),
        ("iam/UploadServerCertificate", {}, "NotImplemented"),
        ("ec2/RunInstances", {}, "NotImplemented"),
        ("nonsense/Nonsense", {}, "NotImplemented"),
        ("s3/GetObject", {"Bucket": "b", "Key": "k"}, "InvalidRequest"),
        ("s3/PutObject", {"Bucket": "bkt", "Key": "k", "Body": "not base64!"}, "SerializationException"),
        ("s3/ListObjectsV2", {"Bucket": "missing-bucket"}, "NoSuchBucket"),
        ("sts/GetSessionToken", {}, "AccessDenied"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(iamd: Iamd, root: Pages, path: str, body: Any, code: str) -> None:
    answer = root.post(path, body)
    assert (answer.json["code"], answer.status >= 400, bool(answer.json["request_id"])) == (code, True, True)
    assert [each["UserName"] for each in iamd.client("iam").list_users()["Users"]] == ["admin"]


def test_text_that_is_no_json_is_refused(root: Pages) -> None:
    answer = root.send(
        "POST", "/console/api/iam/ListUsers", b"{", raw=True, headers={"Content-Type": "application/json"}
    )
    assert (answer.status, answer.json["code"]) == (400, "SerializationException")


def test_the_principal_has_exactly_its_rights(iamd: Iamd) -> None:
    pages = user(iamd, {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"})
    assert pages.post("iam/ListUsers").status == 200
    denied = pages.post("iam/CreateUser", {"UserName": "bob"})
    said = iamd.client("iam", iamd.client("iam").create_access_key(UserName="alice")["AccessKey"])
    with pytest.raises(said.exceptions.ClientError) as caught:
        said.create_user(UserName="bob")
    said_there = caught.value.response["Error"]["Message"]
    # What follows are ids of the one denial or the other.
    here, there = (each.partition(". Go to ")[0] for each in (denied.json["message"], said_there))
    assert (denied.status, here) == (403, there)
    explained = denied.json["explanation"]
    assert explained["fix"]["statement"] == {
        "Effect": "Allow",
        "Action": "iam:CreateUser",
        "Resource": f"arn:aws:iam::{iamd.account}:user/bob",
    }
    iamd.client("iam").put_user_policy(
        UserName="alice",
        PolicyName="more",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [explained["fix"]["statement"]]}),
    )
    assert pages.post("iam/CreateUser", {"UserName": "bob"}).status == 200


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, 200),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, 403),
        ({"Null": {"aws:TokenIssueTime": "false"}}, 200),
        ({"Null": {"aws:MultiFactorAuthAge": "true"}}, 200),
        ({"StringEquals": {"aws:username": "alice", "aws:PrincipalType": "User"}}, 200),
        ({"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}, 403),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.1"}}, 200),
    ],
)
def test_the_facts_of_the_session_reach_the_decision(iamd: Iamd, condition: Any, status: int) -> None:
    pages = user(iamd, {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": condition})
    assert pages.post("iam/ListUsers").status == status


def test_calls_are_in_the_trail_as_of_the_console(iamd: Iamd, root: Pages) -> None:
    root.post("iam/CreateUser", {"UserName": "bob"})
    (row,) = rows(root, "action=iam:CreateUser", 1)
    record = root.get(f"events/{row['id']}").json["record"]
    identity = record["userIdentity"]
    assert (record["sessionCredentialFromConsole"], record["requestParameters"]) == ("true", {"userName": "bob"})
    assert (identity["type"], identity["accessKeyId"][:4]) == ("Root", "ASIA")
    assert identity["sessionContext"]["attributes"]["mfaAuthenticated"] == "false"
    by_key = iamd.client("iam").create_user(UserName="carol")
    assert by_key
    assert "sessionCredentialFromConsole" not in json.dumps(
        [root.get(f"events/{each['id']}").json["record"] for each in rows(root, "user=admin&action=CreateUser", 1)]
    )


def test_s3_goes_by_json_and_its_bytes_by_the_consoles_own_paths(iamd: Iamd, root: Pages) -> None:
    assert root.post("s3/CreateBucket", {"Bucket": "bkt"}).status == 200
    assert root.post("s3/PutObject", {"Bucket": "bkt", "Key": "dir/"}).status == 200
    small = b64encode(b"small").decode()
    put = root.post("s3/PutObject", {"Bucket": "bkt", "Key": "é b", "Body": small, "ContentType": "text/x"})
    seen = iamd.client("s3").get_object(Bucket="bkt", Key="é b")
    assert (put.json["ETag"], seen["Body"].read(), seen["ContentType"]) == (seen["ETag"], b"small", "text/x")
    copy = {"Bucket": "bkt", "Key": "copy", "CopySource": "bkt/%C3%A9%20b"}
    assert root.post("s3/CopyObject", copy).json["CopyObjectResult"]["ETag"] == seen["ETag"]
    listed = root.post("s3/ListObjectsV2", {"Bucket": "bkt", "Delimiter": "/"}).json
    assert [each["Key"] for each in listed["Contents"]] == ["copy", "é b"]
    assert listed["CommonPrefixes"] == [{"Prefix": "dir/"}]
    block = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    put_block = root.post("s3/PutPublicAccessBlock", {"Bucket": "bkt", "PublicAccessBlockConfiguration": block})
    assert put_block.status == 200
    assert root.post("s3/GetPublicAccessBlock", {"Bucket": "bkt"}).json["PublicAccessBlockConfiguration"] == block
    gone = root.post("s3/DeleteObjects", {"Bucket": "bkt", "Delete": {"Objects": [{"Key": "copy"}, {"Key": "é b"}]}})
    assert sorted(each["Key"] for each in gone.json["Deleted"]) == ["copy", "é b"]


def test_presign_says_where_bytes_go_and_come_from(iamd: Iamd, root: Pages) -> None:
    iamd.client("s3").create_bucket(Bucket="bkt")
    content = b"\0bytes\xff" * 100_000
    where = {"bucket": "bkt", "key": "a/é ?&#%.bin"}
    up = root.post("presign", {"operation": "PutObject", **where, "ContentType": "image/png"}).json
    assert root.send(up["method"], up["url"], content, raw=True, headers=up["headers"]).status == 200
    seen = iamd.client("s3").get_object(Bucket="bkt", Key=where["key"])
    assert (seen["Body"].read() == content, seen["ContentType"]) == (True, "image/png")
    down = root.post("presign", {"operation": "GetObject", **where, "Range": "bytes=1-5"}).json
    got = root.send(down["method"], down["url"], headers=down["headers"])
    assert (got.status, got.body, got.headers["content-range"]) == (206, b"bytes", f"bytes 1-5/{len(content)}")
    started = root.post("s3/CreateMultipartUpload", {"Bucket": "bkt", "Key": "parts"}).json
    part = {"bucket": "bkt", "key": "parts", "UploadId": started["UploadId"], "PartNumber": 1}
    to = root.post("presign", {"operation": "UploadPart", **part}).json
    tag = root.send(to["method"], to["url"], content, raw=True, headers=to["headers"]).headers["etag"]
    done = {"Bucket": "bkt", "Key": "parts", "UploadId": started["UploadId"]}
    parts = {"MultipartUpload": {"Parts": [{"ETag": tag, "PartNumber": 1}]}}
    assert root.post("s3/CompleteMultipartUpload", {**done, **parts}).status == 200
    assert root.post("presign", {"operation": "DeleteObject", **where}).json["code"] == "ValidationError"


def test_bytes_are_denied_by_policies_and_the_denial_is_an_event(iamd: Iamd) -> None:
    iamd.client("s3").create_bucket(Bucket="bkt")
    iamd.client("s3").put_object(Bucket="bkt", Key="k", Body=b"x")
    pages = user(iamd, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})
    assert pages.send("PUT", "/console/s3/bkt/new", b"x", raw=True).status == 200
    denied = pages.send("GET", "/console/s3/bkt/k")
    assert (denied.status, b"<Code>AccessDenied</Code>" in denied.body) == (403, True)
    root = Pages(iamd)
    root.sign_in_root()
    (row,) = rows(root, "user=alice&outcome=denied&service=s3", 1)
    assert (row["name"], row["outcome"], row["from_console"]) == ("GetObject", "denied", True)
    told = root.get(f"events/{row['id']}").json["explanation"]
    assert told["fix"]["statement"]["Action"] == "s3:GetObject"


def test_the_history_is_filtered_paged_and_followed(iamd: Iamd, root: Pages) -> None:
    iam = iamd.client("iam")
    for number in range(7):
        iam.create_user(UserName=f"u{number}")
    everything = rows(root, "action=CreateUser&user=admin&limit=100", 7)
    seen: list[str] = []
    query = "events?action=CreateUser&limit=3"
    token: str | None = ""
    while token is not None:
        page = root.get(query + (f"&next={token}" if token else "")).json
        seen += [row["id"] for row in page["events"]]
        token = page["next"]
    assert seen == [row["id"] for row in everything]
    newest = everything[0]["id"]
    assert root.get(f"events?action=CreateUser&after={newest}").json["events"] == []
    iam.create_user(UserName="later")
    followed = root.get(f"events?action=CreateUser&after={newest}").json
    assert [row["name"] for row in followed["events"]] == ["CreateUser"]
    assert root.get(f"events?action=CreateUser&after={followed['latest']}").json["events"] == []
    middle = everything[3]["time"]
    assert len(root.get(f"events?action=CreateUser&since={middle}").json["events"]) >= 4
    one = everything[0]["request_id"]
    assert [row["id"] for row in root.get(f"events?request={one}").json["events"]] == [newest]
    for wrong in ("limit=0", "limit=x", "outcome=x", "since=x", "next=x", "after=-"):
        assert root.get(f"events?{wrong}").json["code"] == "ValidationError"


def test_the_history_needs_the_right_to_it_and_shows_the_own_account_alone(iamd: Iamd) -> None:
    pages = user(iamd)
    for path in ("events", "events?after=1-x", "events/1-x"):
        denied = pages.get(path)
        assert (denied.status, denied.json["explanation"]["fix"]["statement"]["Action"]) == (
            403,
            "cloudtrail:LookupEvents",
        )
    iamd.client("iam").attach_user_policy(
        UserName="alice", PolicyArn="arn:aws:iam::aws:policy/AWSCloudTrail_ReadOnlyAccess"
    )
    assert pages.get("events").status == 200
    assert pages.get("events/1-x").status == 404


def test_root_changes_its_password_and_its_other_sessions_end(iamd: Iamd, root: Pages) -> None:
    other = Pages(iamd)
    other.sign_in_root()
    assert root.post("password", {"old": "wrong", "new": "Another-Passw0rd"}).status == 403
    weak = root.post("password", {"old": iamd.root_password, "new": "short"})
    assert weak.json["code"] == "PasswordPolicyViolation"
    changed = root.post("password", {"old": iamd.root_password, "new": "Another-Passw0rd"})
    assert (changed.status, root.post("iam/ListUsers").status) == (200, 200)
    assert other.get("session").json == {"signed_in": False}
    assert Pages(iamd).sign_in_root().status == 401
    body = {"kind": "root", "email": "ROOT@localhost", "password": "Another-Passw0rd"}
    assert Pages(iamd).post("signin", body).status == 200
    assert [row["user"] for row in rows(root, "action=PasswordUpdated", 1)] == ["root"]


def test_a_reset_ends_every_session(iamd: Iamd, root: Pages) -> None:
    iamd.reset()
    assert root.get("session").json == {"signed_in": False}


def test_every_operation_that_the_pages_call_is_built() -> None:
    called = json.loads((ROOT / "web" / "operations.json").read_bytes())
    built = {service.name: service.operations.keys() for service in services()}
    assert {name: sorted(set(names) - built[name]) for name, names in called.items()} == {name: [] for name in called}


def test_workers_share_sessions_locks_and_ends(tmp_path: Path) -> None:
    with running(tmp_path, "--ephemeral", "--workers", "2") as (iamd, _):
        first = Pages(iamd)
        assert first.sign_in_root().status == 200
        # Each request is a connection of its own, which the kernel gives to either worker.
        assert {first.post("iam/ListUsers").status for _ in range(20)} == {200}
        first.post("signout")
        assert {first.post("iam/ListUsers").status for _ in range(20)} == {401}
        codes = [Pages(iamd).sign_in("admin", "wrong").json["code"] for _ in range(14)]
        assert codes == ["AuthenticationFailed"] * 10 + ["Throttled"] * 4


@pytest.mark.parametrize(
    "header",
    [
        {"Metadata": {"a": "x\r\nset-cookie: iamd-session=planted"}},
        {"Metadata": {"a\r\nset-cookie": "x"}},
        {"ContentType": "text/html\r\nset-cookie: a=b"},
        {"ContentDisposition": "\0"},
    ],
)
def test_what_no_header_can_carry_is_not_stored(iamd: Iamd, root: Pages, header: dict[str, Any]) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="bkt")
    refused = root.post("s3/PutObject", {"Bucket": "bkt", "Key": "k", "Body": "aGk=", **header})
    assert (refused.status, refused.json["code"]) == (400, "InvalidArgument")
    assert "Contents" not in s3.list_objects_v2(Bucket="bkt")


@pytest.mark.parametrize("query", ["a=1&" * 40, "limit=" + "1" * 5000])
def test_a_query_that_is_too_long_is_refused(root: Pages, query: str) -> None:
    answer = root.get(f"events?{query}")
    assert (answer.status, answer.json["code"]) == (400, "ValidationError")


@pytest.mark.parametrize(
    ("operation", "member", "name"),
    [("ListUsers", "Users", "UserName"), ("ListGroups", "Groups", "GroupName"), ("ListRoles", "Roles", "RoleName")],
)
def test_a_list_is_narrowed_to_names_that_begin_with_a_text(
    iamd: Iamd, root: Pages, operation: str, member: str, name: str
) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    iam = iamd.client("iam")
    for each in ("Anna", "anton", "bert"):
        iam.create_user(UserName=each)
        iam.create_group(GroupName=each)
        iam.create_role(RoleName=each, AssumeRolePolicyDocument=document)
    first = root.post(f"iam/{operation}", {"NamePrefix": "aN", "MaxItems": 1}).json
    assert [each[name] for each in first[member]] == ["Anna"]
    rest = root.post(f"iam/{operation}", {"NamePrefix": "aN", "Marker": first["Marker"]}).json
    assert [each[name] for each in rest[member]] == ["anton"]
    assert not rest["IsTruncated"]
    both = root.post(f"iam/{operation}", {"NamePrefix": "a", "PathPrefix": "/x/"})
    assert (both.status, both.json["code"]) == (400, "ValidationError")
    assert root.post(f"iam/{operation}", {"NamePrefix": 1}).json["code"] == "SerializationException"
    assert root.post("iam/ListPolicies", {"NamePrefix": "a"}).json["code"] == "SerializationException"


def test_unused_keys_are_those_that_nobody_has_used_since(iamd: Iamd, root: Pages) -> None:
    keys = {name: iamd.user(name) for name in ("idle", "busy", "off")}
    iamd.client("sts", keys["busy"]).get_caller_identity()
    iam = iamd.client("iam")
    iam.update_access_key(UserName="off", AccessKeyId=keys["off"].access_key, Status="Inactive")
    since = time.time_ns() // 1_000_000 - 1
    answer = root.post("keys/unused", {"since": since}).json
    found = {each["user"]: each for each in answer["keys"]}
    assert found["idle"]["id"] == keys["idle"].access_key
    assert found["idle"]["last_used"] is None
    assert "off" not in found
    assert answer["looked"] == answer["of"] >= 3
    assert answer["next"] is None
    assert root.post("keys/unused", {"since": 1}).json["keys"] == []
    iamd.client("sts", keys["busy"]).get_caller_identity()
    between = {each["user"] for each in root.post("keys/unused", {"since": since}).json["keys"]}
    assert "idle" in between
    assert "busy" not in between
    busy = root.post("keys/unused", {"since": since + 3_600_000}).json["keys"]
    assert next(each for each in busy if each["user"] == "busy")["last_used"] is not None


@pytest.mark.parametrize("body", [{}, {"since": -1}, {"since": "0"}, {"since": True}, {"since": 1, "next": ["a"]}, []])
def test_unused_keys_are_asked_for_with_a_time(root: Pages, body: Any) -> None:
    assert root.post("keys/unused", body).json["code"] == "ValidationError"


def test_unused_keys_need_what_the_calls_need_and_are_recorded(iamd: Iamd) -> None:
    since = {"since": time.time_ns() // 1_000_000 + 3_600_000}
    lists = {"Effect": "Allow", "Action": ["iam:ListUsers", "iam:ListAccessKeys"], "Resource": "*"}
    uses = {"Effect": "Allow", "Action": "iam:GetAccessKeyLastUsed", "Resource": "*"}
    refused = user(iamd, lists)
    answer = refused.post("keys/unused", since)
    assert (answer.status, answer.json["code"]) == (403, "AccessDenied")
    assert "iam:GetAccessKeyLastUsed" in answer.json["message"]
    assert answer.json["explanation"]["request"]["action"] == "iam:GetAccessKeyLastUsed"
    document = json.dumps({"Version": "2012-10-17", "Statement": [uses]})
    iamd.client("iam").put_user_policy(UserName="alice", PolicyName="uses", PolicyDocument=document)
    assert {each["user"] for each in refused.post("keys/unused", since).json["keys"]} >= {"alice"}
    root = Pages(iamd)
    root.sign_in_root()
    recorded = rows(root, "action=ListAccessKeys&user=alice", 2)
    assert [each["outcome"] for each in recorded] == ["ok", "denied"]
