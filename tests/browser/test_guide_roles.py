"""The guide's section on roles, as far as the console goes today: a role for a service, a role for an account."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.visitor import Visitor
from tests.clients.server import BIN

pytestmark = pytest.mark.xdist_group("browser-b")


def trust_of(visitor: Visitor, role: str) -> Any:
    return visitor.iamd.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"][0]


def test_g6_1_create_role_for_ec2_with_s3_read(root: Visitor) -> None:
    root.follow("Roles", "Roles")
    root.press("Create role")
    root.choose("AWS service")
    root.press("Next")
    root.search_and_tick("Search policies", "AmazonS3ReadOnlyAccess")
    root.press("Next")
    root.fill("Role name", "WebServer")
    root.press("Create role")
    root.told("Role WebServer created.")
    root.page.get_by_role("link", name="WebServer", exact=True).click()
    root.heading("WebServer")
    root.page.get_by_role("link", name="AmazonS3ReadOnlyAccess", exact=True).wait_for()

    iam = root.iamd.client("iam")
    assert trust_of(root, "WebServer")["Principal"] == {"Service": "ec2.amazonaws.com"}
    profile = iam.get_instance_profile(InstanceProfileName="WebServer")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["WebServer"]

    root.press("Delete")
    root.confirm("WebServer", "Delete")
    root.heading("Roles")
    assert iam.list_roles()["Roles"] == iam.list_instance_profiles()["InstanceProfiles"] == []


def test_a_role_for_this_account_asks_for_an_external_id_and_mfa(root: Visitor) -> None:
    root.go("/iam/roles/create", "Create role")
    root.choose("AWS account")
    root.tick("Require external ID")
    root.fill("External ID", "a-secret-word")
    root.tick("Require MFA")
    root.press("Next")
    root.press("Next")
    root.fill("Role name", "Auditor")
    root.press("Create role")
    root.told("Role Auditor created.")
    statement = trust_of(root, "Auditor")
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{root.iamd.account}:root"}
    assert statement["Condition"] == {
        "StringEquals": {"sts:ExternalId": "a-secret-word"},
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
    }


def test_what_is_shown_as_cli_and_as_boto3_does_what_the_form_does(root: Visitor) -> None:
    root.go("/iam/policies/create", "Create policy")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    root.write_policy("Policy editor", json.dumps(document, indent=1))
    root.press("Next")
    root.fill("Policy name", "AllOfS3")
    root.page.get_by_label(re.compile("^Description")).fill('It\'s "quoted", $HOME and `so on`')
    root.press("Show as CLI / boto3")
    iam = root.iamd.client("iam")

    def created() -> Any:
        (policy,) = iam.list_policies(Scope="Local")["Policies"]
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v1")["PolicyVersion"]
        described = iam.get_policy(PolicyArn=policy["Arn"])["Policy"]["Description"]
        iam.delete_policy(PolicyArn=policy["Arn"])
        return policy["PolicyName"], described, version["Document"]

    shell = root.page.get_by_label("AWS CLI", exact=True).last.inner_text()
    environment = root.iamd.environment() | {"PATH": f"{BIN}:/usr/bin:/bin"}
    subprocess.run(["sh", "-c", shell], env=environment, check=True, capture_output=True, timeout=60)
    by_cli = created()

    root.tab("boto3")
    program = root.page.get_by_label("boto3", exact=True).last.inner_text()
    subprocess.run([BIN / "python", "-c", program], env=environment, check=True, capture_output=True, timeout=60)
    assert by_cli == created() == ("AllOfS3", 'It\'s "quoted", $HOME and `so on`', document)

    root.press("Create policy")
    root.told("Policy AllOfS3 created.")
    assert created() == by_cli


def test_an_upload_and_a_password_show_the_calls_that_do_the_same(root: Visitor, tmp_path: Path) -> None:
    s3 = root.iamd.client("s3")
    s3.create_bucket(Bucket="photos")
    root.go("/s3/buckets/photos", "photos")
    file = tmp_path / "it's.txt"
    file.write_bytes(b"shown")
    root.press("Upload")
    root.page.locator("input[type=file]").set_input_files([file])
    root.press("Show as CLI / boto3")
    environment = root.iamd.environment() | {"PATH": f"{BIN}:/usr/bin:/bin"}
    shell = root.here.get_by_label("AWS CLI", exact=True).last.inner_text()
    subprocess.run(["sh", "-c", shell], env=environment, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert s3.get_object(Bucket="photos", Key="it's.txt")["Body"].read() == b"shown"
    s3.delete_object(Bucket="photos", Key="it's.txt")
    root.here.get_by_role("tab", name="boto3", exact=True).click()
    program = root.here.get_by_label("boto3", exact=True).last.inner_text()
    command = [str(BIN / "python"), "-c", program]
    subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert s3.get_object(Bucket="photos", Key="it's.txt")["Body"].read() == b"shown"


def test_the_version_of_a_policy_that_is_chosen_shows_its_calls(root: Visitor) -> None:
    iam = root.iamd.client("iam")
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = iam.create_policy(PolicyName="Versioned", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document)
    root.go(f"/iam/policies/detail?arn={quote(arn)}", "Versioned")
    root.tab("Policy versions")
    root.page.get_by_role("radio", name="Select v2").check(force=True)
    root.press("Show as CLI / boto3")
    shown = root.page.get_by_label("AWS CLI", exact=True).last.inner_text()
    assert "set-default-policy-version" in shown
    assert f"--policy-arn {arn}" in shown
    assert "--version-id v2" in shown


def test_a_deletion_shows_the_calls_that_undo_first_what_hangs_on_a_user(root: Visitor) -> None:
    iam = root.iamd.client("iam")
    root.iamd.user(
        "alice", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    iam.create_login_profile(UserName="alice", Password="Correct-1-Horse")
    iam.create_group(GroupName="Developers")
    iam.add_user_to_group(GroupName="Developers", UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    root.go("/iam/users/alice", "alice")
    root.press("Delete")
    root.press("Show as CLI / boto3")
    shell = root.here.get_by_label("AWS CLI", exact=True).last.inner_text()
    calls = re.findall(r"^aws iam ([a-z-]+)", shell, re.MULTILINE)
    assert calls == [
        "delete-access-key",
        "remove-user-from-group",
        "detach-user-policy",
        "delete-user-policy",
        "delete-login-profile",
        "delete-user",
    ]
    assert iam.get_user(UserName="alice")["User"]["UserName"] == "alice", "to show is not to do"
    environment = root.iamd.environment() | {"PATH": f"{BIN}:/usr/bin:/bin"}
    subprocess.run(["sh", "-ec", shell], env=environment, check=True, capture_output=True, timeout=60)
    assert "alice" not in {user["UserName"] for user in iam.list_users()["Users"]}
