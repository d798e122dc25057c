"""Everything survives a restart (issue 4, point 10): what was answered before is answered again, word for word."""

import json
from pathlib import Path
from typing import Any

from tests.clients.generated import build_scene
from tests.clients.server import Iamd, as_credentials, running
from tests.clients.test_events import events
from tests.clients.test_guide_people import works
from tests.clients.test_guide_roles import ALL_S3, make_role, trust


def whole(iamd: Iamd) -> dict[str, Any]:
    """Every list and setting that the administrator can ask for."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    users = [user["UserName"] for user in iam.list_users()["Users"]]
    answers = {
        "details": iam.get_account_authorization_details(),
        "summary": iam.get_account_summary(),
        "aliases": iam.list_account_aliases(),
        "passwords": iam.get_account_password_policy(),
        "profile": iam.get_login_profile(UserName="target"),
        "profiles": iam.list_instance_profiles(),
        "keys": [iam.list_access_keys(UserName=name) for name in users],
        "tags": [iam.list_user_tags(UserName=name) for name in users],
        "buckets": s3.list_buckets(),
        "policy": s3.get_bucket_policy(Bucket="target"),
        "block": s3.get_public_access_block(Bucket="target"),
        "objects": s3.list_objects_v2(Bucket="target"),
        "head": s3.head_object(Bucket="target", Key="key"),
        "object tags": s3.get_object_tagging(Bucket="target", Key="key"),
    }
    bodies = {
        each["Key"]: s3.get_object(Bucket="target", Key=each["Key"])["Body"].read()
        for each in answers["objects"]["Contents"]
    }
    return {**json.loads(json.dumps(answers, default=str, sort_keys=True), object_hook=stable), "bodies": bodies}


def stable(value: dict[str, Any]) -> dict[str, Any]:
    """Without what each answer has of its own."""
    return {name: part for name, part in value.items() if name not in {"ResponseMetadata", "RoleLastUsed"}}


def furnish(iamd: Iamd) -> None:
    build_scene(iamd)
    s3 = iamd.client("s3")
    for key, body in (("a//b", b""), ("../x", b"1" * 1024), ("😀", b"2" * 300_000)):
        s3.put_object(Bucket="target", Key=key, Body=body, Metadata={"who": "me"})
    s3.put_public_access_block(
        Bucket="target", PublicAccessBlockConfiguration={"BlockPublicPolicy": False, "RestrictPublicBuckets": False}
    )
    grant = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::target/*"}
    s3.put_bucket_policy(Bucket="target", Policy=json.dumps({"Version": "2012-10-17", "Statement": [grant]}))


def test_everything_is_as_it_was_and_old_credentials_are_worth_what_they_were(tmp_path: Path) -> None:
    with running(tmp_path) as (iamd, _):
        furnish(iamd)
        alice, sleeper = iamd.user("alice", ALL_S3), iamd.user("sleeper", ALL_S3)
        iamd.client("iam").update_access_key(UserName="sleeper", AccessKeyId=sleeper.access_key, Status="Inactive")
        arn = make_role(iamd, "R", trust(f"arn:aws:iam::{iamd.account}:user/alice"))
        session, revoked = (
            as_credentials(iamd.client("sts", alice).assume_role(RoleArn=role, RoleSessionName="me")["Credentials"])
            for role in (arn, make_role(iamd, "gone", trust(f"arn:aws:iam::{iamd.account}:user/alice")))
        )
        iamd.client("iam").delete_role_policy(RoleName="gone", PolicyName="s3")
        iamd.client("iam").delete_role(RoleName="gone")
        before = whole(iamd)
        made = [each["eventID"] for each in events(tmp_path) if not each["readOnly"]]
    with running(tmp_path) as (again, _):
        assert (again.account, again.key.access_key) == (iamd.account, iamd.key.access_key)
        assert whole(again) == before
        assert works(again.client("s3", alice).list_buckets) == ""
        assert works(again.client("s3", session).list_buckets) == ""
        assert works(again.client("s3", revoked).list_buckets) == "InvalidToken"
        assert works(again.client("s3", sleeper).list_buckets) == "InvalidAccessKeyId"
        assert works(again.client("iam", alice).list_users) == "AccessDenied"
        kept = [each["eventID"] for each in events(tmp_path) if not each["readOnly"]]
        assert kept[: len(made)] == made
        assert len(made) > 30
