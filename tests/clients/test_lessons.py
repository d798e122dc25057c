"""The rules of security-lessons that today's road meets, each by real requests to a real server.

This file has rules 1 to 19, `test_lessons_more` 20 to 29, `test_lessons_last` 31 to 36, `test_lessons_services` 32
again, `test_lessons_expect` what an early answer leaves behind, `test_lessons_revoked` law 3.
Rules that meet nothing yet:

| rule | why it has no test here |
|---|---|
| 6 (imports) | nothing is imported; every change is a signed call |
| 8 (sign-in) | there is no sign-in page; passwords are compared only in ChangePassword, behind a decision |
| 10 (POST policy) | forms are refused with 501, which is tested; routing has no second reader of the bucket |
| 15 (internal RPC) | one process; that it listens on its two doors alone is tested |
| 21 (console scripts) | test_console_security: the policy of every page, and stored bytes are never one |
| 7 (algorithms of tokens) | no provider can be registered: every web identity token is refused, which is tested |
| 30 (each operation unchecked) | `test_no_rights` walks every operation of the models |
| 34 (full disk) | `tests/faults` fills disks; a kill is tested here |
"""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.clients.forging import FORM, Answer, host_of, presigned, send, signed, stamp
from tests.clients.raw import Line
from tests.clients.server import Iamd, running
from tests.clients.ways import WAYS, Way


def policy(effect: str, action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def a_bucket(iamd: Iamd, name: str = "bucket", **objects: bytes) -> Any:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket=name)
    for key, body in objects.items():
        s3.put_object(Bucket=name, Key=key, Body=body)
    return s3


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def keys_in(s3: Any, bucket: str = "bucket") -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]


def nothing_was_written(iamd: Iamd) -> None:
    assert [user["UserName"] for user in iamd.client("iam").list_users()["Users"]] == ["admin"]
    assert keys_in(iamd.client("s3")) == []


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_lesson_01_every_way_of_signing_is_verified(iamd: Iamd, way: Way) -> None:
    a_bucket(iamd)
    wrong = Credentials(iamd.key.access_key, "x" * 40)
    with Line(iamd.endpoint) as line:
        status, _, body = way.sign(iamd.endpoint, wrong).over(line)
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)
    nothing_was_written(iamd)


@pytest.mark.parametrize(
    "scheme", ["Basic YWRtaW46YWRtaW4=", "Bearer token", "AWS AKIA:sig", "AWS4-ECDSA-P256-SHA256 x"]
)
def test_lesson_01_what_is_no_known_scheme_is_refused_not_anonymous(iamd: Iamd, scheme: str) -> None:
    a_bucket(iamd)
    status, _, _ = send(iamd, "PUT /bucket/forged", [("authorization", scheme)], b"stolen")
    assert status in (400, 403)
    nothing_was_written(iamd)


def test_lesson_02_identity_only_from_verified_material(iamd: Iamd) -> None:
    """A header signed by one and a query that names another: neither is chosen."""
    s3 = a_bucket(iamd, key=b"secret")
    nobody = iamd.user("nobody")
    named = presigned(iamd.key, "GET /bucket/key", {}, host=host_of(iamd))
    target = f"GET /bucket/key?{named}"
    status, _, body = send(iamd, target, signed(nobody, target, host=host_of(iamd)))
    assert (status, b"Only one auth mechanism allowed" in body) == (400, True)
    version_2 = f"GET /bucket/key?AWSAccessKeyId={iamd.key.access_key}&Signature=x&Expires=99999999999"
    assert send(iamd, version_2, signed(nobody, version_2, host=host_of(iamd)))[0] == 400
    token = "GET /bucket/key?X-Amz-Security-Token=x"
    assert send(iamd, token, signed(iamd.key, token, host=host_of(iamd)))[0] == 400
    assert s3.get_object(Bucket="bucket", Key="key")["Body"].read() == b"secret"


def put_in_chunks(
    iamd: Iamd, key: Credentials, mode: str, *, body: bytes, trailer: str = "", length: int = 6
) -> Answer:
    extra = [("x-amz-decoded-content-length", str(length)), ("content-encoding", "aws-chunked")]
    if trailer:
        extra.append(("x-amz-trailer", trailer))
    headers = signed(key, "PUT /bucket/chunks", extra, host=host_of(iamd), payload=mode)
    return send(iamd, "PUT /bucket/chunks", headers, body)


def test_lesson_03_an_unsigned_trailer_needs_the_right_secret_and_checksum(iamd: Iamd) -> None:
    s3 = a_bucket(iamd)
    mode, body = "STREAMING-UNSIGNED-PAYLOAD-TRAILER", b"6\r\nstolen\r\n0\r\n\r\n"
    wrong = Credentials(iamd.key.access_key, "x" * 40)
    assert put_in_chunks(iamd, wrong, mode, body=body)[0] == 403
    lying = b"6\r\nstolen\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    status, _, answer = put_in_chunks(iamd, iamd.key, mode, body=lying, trailer="x-amz-checksum-crc32")
    assert (status, b"BadDigest" in answer) == (400, True)
    assert keys_in(s3) == []


def test_lesson_03_every_chunk_and_trailer_is_verified(iamd: Iamd) -> None:
    s3 = a_bucket(iamd)
    forged = b"6;chunk-signature=" + b"0" * 64 + b"\r\nstolen\r\n0;chunk-signature=" + b"0" * 64 + b"\r\n\r\n"
    for mode in ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"):
        status, _, body = put_in_chunks(iamd, iamd.key, mode, body=forged)
        assert (status, b"SignatureDoesNotMatch" in body) == (403, True)
        unsigned = put_in_chunks(iamd, iamd.key, mode, body=b"6\r\nstolen\r\n0\r\n\r\n")
        assert unsigned[0] == 400
    assert keys_in(s3) == []


def test_lesson_04_a_session_has_no_more_than_parent_and_session_policy(iamd: Iamd) -> None:
    a_bucket(iamd, key=b"x")
    iam, sts = iamd.client("iam"), iamd.client("sts")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": iamd.account}, "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}))
    document = json.dumps(policy("Allow", ["s3:GetObject", "s3:ListBucket"]))
    iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document)
    arn = f"arn:aws:iam::{iamd.account}:role/reader"

    def session(text: dict[str, Any]) -> Any:
        answer = sts.assume_role(RoleArn=arn, RoleSessionName="run", Policy=json.dumps(text))
        return iamd.client("s3", answer["Credentials"])

    wide = session(policy("Allow", "*"))
    assert wide.get_object(Bucket="bucket", Key="key")["Body"].read() == b"x"
    with pytest.raises(ClientError, match="no identity-based policy allows the s3:PutObject"):
        wide.put_object(Bucket="bucket", Key="new", Body=b"")
    with pytest.raises(ClientError, match="no session policy allows the s3:ListBucket"):
        session(policy("Allow", "s3:GetObject")).list_objects_v2(Bucket="bucket")
    denying = {"Statement": [*policy("Allow", "*")["Statement"], *policy("Deny", "s3:GetObject")["Statement"]]}
    with pytest.raises(ClientError, match="with an explicit deny in a session policy"):
        session({"Version": "2012-10-17", **denying}).get_object(Bucket="bucket", Key="key")


def test_lesson_05_a_key_is_only_reached_through_its_owner(iamd: Iamd) -> None:
    own = {"Resource": f"arn:aws:iam::{iamd.account}:user/mallory"}
    mallory = iamd.client("iam", iamd.user("mallory", policy("Allow", "iam:*AccessKey*", own["Resource"])))
    for name in ("admin", "root", iamd.account):
        with pytest.raises(ClientError) as refused:
            mallory.create_access_key(UserName=name)
        assert code_of(refused) == "AccessDenied"
    with pytest.raises(ClientError) as hidden:
        mallory.update_access_key(UserName="mallory", AccessKeyId=iamd.key.access_key, Status="Inactive")
    assert code_of(hidden) == "NoSuchEntity"
    with pytest.raises(ClientError):
        mallory.delete_access_key(UserName="mallory", AccessKeyId=iamd.key.access_key)
    assert iamd.client("sts").get_caller_identity()["Account"] == iamd.account


@pytest.mark.parametrize(
    "token", ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EifQ.c2ln", "xxxx"]
)
def test_lesson_07_no_token_is_believed(iamd: Iamd, token: str) -> None:
    role = f"arn:aws:iam::{iamd.account}:role/r"
    fields = f"RoleArn={role}&RoleSessionName=run&WebIdentityToken={token}"
    form = f"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&{fields}".encode()
    status, _, body = send(iamd, "POST /", [FORM], form)
    assert (status, b"InvalidIdentityToken" in body) == (400, True)


def test_lesson_09_unauthenticated_doors_reveal_nothing(iamd: Iamd) -> None:
    status, _, body = send(iamd, "GET /_iamd/health")
    assert (status, set(json.loads(body))) == (200, {"status", "version"})
    for path in ("", "metrics", "env", "bootstrap.json", "health/", "../bootstrap.json", "reset", "debug/vars"):
        status, _, body = send(iamd, f"GET /_iamd/{path}")
        assert (status, body) == (404, b'{"error":"not found"}')
    assert send(iamd, "POST /_iamd/reset")[0] == 403


def test_lesson_10_a_form_upload_is_refused_whole(iamd: Iamd) -> None:
    s3 = a_bucket(iamd)
    form = b'--b\r\ncontent-disposition: form-data; name="key"\r\n\r\nforged\r\n--b--\r\n'
    status, _, body = send(iamd, "POST /bucket", [("content-type", "multipart/form-data; boundary=b")], form)
    assert (status, b"NotImplemented" in body) == (501, True)
    assert keys_in(s3) == []


def test_lesson_11_a_header_that_changes_meaning_is_an_action_to_authorize(iamd: Iamd) -> None:
    s3 = a_bucket(iamd, key=b"x")
    key = iamd.user("deleter", policy("Allow", ["s3:DeleteObject", "s3:PutObject"]))
    client = iamd.client("s3", key)
    with pytest.raises(ClientError, match="s3:BypassGovernanceRetention"):
        client.delete_object(Bucket="bucket", Key="key", BypassGovernanceRetention=True)
    for asked in ({"Tagging": "a=b"}, {"ACL": "public-read"}, {"IfMatch": "*"}):
        with pytest.raises(ClientError) as denied:
            client.put_object(Bucket="bucket", Key="key", Body=b"y", **asked)
        assert code_of(denied) == "AccessDenied"
    assert s3.get_object(Bucket="bucket", Key="key")["Body"].read() == b"x"


def test_lesson_11_a_parameter_that_means_a_header_is_authorized_as_one(iamd: Iamd) -> None:
    s3 = a_bucket(iamd)
    key = iamd.user("writer", policy("Allow", "s3:PutObject"))
    query = presigned(key, "PUT /bucket/key", {"x-amz-tagging": "a=b"}, host=host_of(iamd))
    status, _, body = send(iamd, f"PUT /bucket/key?{query}", (), b"x")
    assert (status, b"s3:PutObjectTagging" in body) == (403, True)
    assert keys_in(s3) == []


@pytest.mark.parametrize("action", ["ListUsers", "CreateAccessKey", "GetAccountAuthorizationDetails", "CreateUser"])
def test_lesson_12_no_route_without_a_signature(iamd: Iamd, action: str) -> None:
    form = f"Action={action}&Version=2010-05-08&UserName=forged&AccessKeyId={iamd.key.access_key}".encode()
    for extra in ([], [("x-amz-security-token", "x")], [("authorization", f"Credential={iamd.key.access_key}")]):
        status, _, body = send(iamd, "POST /", [FORM, *extra], form)
        assert status in (400, 403)
        assert b"forged" not in body
    assert len(iamd.client("iam").list_users()["Users"]) == 1


def test_lesson_13_keys_are_opaque_and_authorized_as_they_are(iamd: Iamd) -> None:
    s3 = a_bucket(iamd)
    a_bucket(iamd, "other", secret=b"secret")
    key = iamd.user("writer", policy("Allow", ["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::bucket/mine/*"))
    client = iamd.client("s3", key)
    for name in ("mine/../x", "mine//x", "mine/./x", "mine/%2e%2e/x", "mine/../../other/secret"):
        client.put_object(Bucket="bucket", Key=name, Body=name.encode())
        assert client.get_object(Bucket="bucket", Key=name)["Body"].read() == name.encode()
    for name in ("x", "../mine/x", "./mine/x", "Mine/x", "/mine/x"):
        with pytest.raises(ClientError):
            client.put_object(Bucket="bucket", Key=name, Body=b"x")
    client.copy_object(Bucket="bucket", Key="mine/copy", CopySource="bucket/mine/../../other/secret")
    assert client.get_object(Bucket="bucket", Key="mine/copy")["Body"].read() == b"mine/../../other/secret"
    for source in ("other/secret", "/other/secret", "bucket/..%2Fother/secret"):
        with pytest.raises(ClientError):
            client.copy_object(Bucket="bucket", Key="mine/stolen", CopySource=source)
    assert "mine/stolen" not in keys_in(s3)


def test_lesson_14_nobody_has_an_account_by_default(iamd: Iamd) -> None:
    for line in ("GET /", "PUT /anybody", "GET /?Action=GetCallerIdentity&Version=2011-06-15", "DELETE /bucket"):
        status, _, body = send(iamd, line)
        assert status in (403, 404)
        assert iamd.account.encode() not in body
    assert iamd.client("s3").list_buckets()["Buckets"] == []


def test_lesson_15_two_doors_and_no_other(tmp_path: Path) -> None:
    with running(tmp_path, "--ephemeral") as (iamd, process):
        sockets = {
            str(link.readlink()).removeprefix("socket:[").removesuffix("]")
            for link in Path(f"/proc/{process.pid}/fd").iterdir()
            if link.is_symlink() and str(link.readlink()).startswith("socket:")
        }
        listening = []
        for table in ("tcp", "tcp6", "udp", "udp6"):
            for row in Path(f"/proc/{process.pid}/net/{table}").read_text().splitlines()[1:]:
                fields = row.split()
                if fields[9] in sockets and (fields[3] == "0A" or table.startswith("udp")):
                    listening.append(int(fields[1].rpartition(":")[2], 16))
        doors = {int(url.rpartition(":")[2]) for url in (iamd.endpoint, iamd.console)}
        assert set(listening) == doors


def test_lesson_16_without_policies_nothing_is_allowed(iamd: Iamd) -> None:
    a_bucket(iamd, key=b"x")
    key = iamd.user("nobody")
    iam, s3 = iamd.client("iam", key), iamd.client("s3", key)
    iamd.client("iam").create_group(GroupName="empty")
    iamd.client("iam").add_user_to_group(GroupName="empty", UserName="nobody")
    calls: tuple[tuple[Any, str, dict[str, str]], ...] = (
        (iam, "list_users", {}),
        (iam, "get_user", {}),
        (iam, "create_access_key", {}),
        (s3, "list_buckets", {}),
        (s3, "get_object", {"Bucket": "bucket", "Key": "key"}),
        (s3, "head_bucket", {"Bucket": "bucket"}),
    )
    for client, operation, arguments in calls:
        with pytest.raises(ClientError) as denied:
            getattr(client, operation)(**arguments)
        assert denied.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_lesson_17_every_mode_of_upload_is_authorized(iamd: Iamd, way: Way) -> None:
    a_bucket(iamd)
    nobody = iamd.user("admin2")
    with Line(iamd.endpoint) as line:
        status, _, body = way.sign(iamd.endpoint, nobody).over(line)
    assert (status, b"AccessDenied" in body) == (403, True)
    iamd.client("iam").delete_access_key(UserName="admin2", AccessKeyId=nobody.access_key)
    iamd.client("iam").delete_user(UserName="admin2")
    nothing_was_written(iamd)


@pytest.mark.parametrize(
    "header",
    [
        ("x-amz-copy-source", "other/secret"),
        ("x-amz-acl", "public-read"),
        ("x-amz-tagging", "a=b"),
        ("x-amz-meta-a", "b"),
        ("x-amz-security-token", "x"),
        ("x-amz-expected-bucket-owner", "1" * 12),
        ("x-amz-bypass-governance-retention", "true"),
        ("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
    ],
    ids=lambda header: header[0],
)
def test_lesson_18_an_unsigned_header_that_changes_meaning_is_refused(iamd: Iamd, header: tuple[str, str]) -> None:
    s3 = a_bucket(iamd)
    a_bucket(iamd, "other", secret=b"secret")
    query = presigned(iamd.key, "PUT /bucket/key", {}, host=host_of(iamd))
    status, _, _ = send(iamd, f"PUT /bucket/key?{query}", [header], b"x")
    assert status in (400, 403)
    url = iamd.client("s3", signature_version="s3").generate_presigned_url(
        "put_object", Params={"Bucket": "bucket", "Key": "key"}
    )
    assert "AWSAccessKeyId=" in url
    status, _, _ = send(iamd, f"PUT {url.removeprefix(iamd.endpoint)}", [header], b"x")
    assert status in (400, 403)
    assert keys_in(s3) == []


def test_lesson_19_every_named_resource_is_authorized(iamd: Iamd) -> None:
    s3 = a_bucket(iamd, key=b"x", kept=b"y")
    a_bucket(iamd, "other", secret=b"secret")
    own = ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket"]
    client = iamd.client("s3", iamd.user("copier", policy("Allow", "s3:*", own)))
    with pytest.raises(ClientError) as denied:
        client.copy_object(Bucket="bucket", Key="copy", CopySource="other/secret")
    assert code_of(denied) == "AccessDenied"
    with pytest.raises(ClientError) as denied:
        client.copy_object(Bucket="other", Key="copy", CopySource="bucket/key")
    assert code_of(denied) == "AccessDenied"
    some = iamd.client("s3", iamd.user("deleter", policy("Allow", "s3:DeleteObject", "arn:aws:s3:::bucket/key")))
    answer = some.delete_objects(
        Bucket="bucket", Delete={"Objects": [{"Key": "key"}, {"Key": "kept"}, {"Key": "copy"}]}
    )
    assert [each["Key"] for each in answer["Deleted"]] == ["key"]
    assert {each["Key"]: each["Code"] for each in answer["Errors"]} == {"kept": "AccessDenied", "copy": "AccessDenied"}
    assert keys_in(s3) == ["kept"]


def test_lesson_24_a_stamp_is_needed(iamd: Iamd) -> None:
    """The window itself is in `test_lessons_more`; here: no time, no entry."""
    headers = [pair for pair in signed(iamd.key, "GET /", host=host_of(iamd)) if pair[0] != "x-amz-date"]
    assert send(iamd, "GET /", headers)[0] in (400, 403)
    assert send(iamd, "GET /", [*headers, ("date", stamp())])[0] in (400, 403)
