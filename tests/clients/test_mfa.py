"""Virtual MFA devices: made, assigned, used and taken away by boto3, and what they open in both doors."""

import json
import struct
import subprocess
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.codes import Authenticator, assigned
from tests.clients.console import Pages
from tests.clients.server import BIN, Iamd, running

PASSWORD = "Passw0rd!x"
WRONG = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
UNKNOWN = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
SETTING_UP = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:GetMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
]
DOCUMENTED = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Work", "Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "iam:ListUsers"], "Resource": "*"},
        {
            "Sid": "AllowManageOwnVirtualMFADevice",
            "Effect": "Allow",
            "Action": ["iam:CreateVirtualMFADevice"],
            "Resource": "arn:aws:iam::*:mfa/*",
        },
        {
            "Sid": "AllowManageOwnUserMFA",
            "Effect": "Allow",
            "Action": [
                "iam:DeactivateMFADevice",
                "iam:EnableMFADevice",
                "iam:GetUser",
                "iam:GetMFADevice",
                "iam:ListMFADevices",
                "iam:ResyncMFADevice",
            ],
            "Resource": "arn:aws:iam::*:user/${aws:username}",
        },
        {
            "Sid": "DenyAllExceptListedIfNoMFA",
            "Effect": "Deny",
            "NotAction": SETTING_UP,
            "Resource": "*",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        },
    ],
}
"""IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own MFA device on the Security credentials
page", with some work to do."""


def refused(call: Any, **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def given(app: Authenticator, serial: str) -> dict[str, str]:
    return {"SerialNumber": serial, "TokenCode": app.next()}


def with_password(iamd: Iamd, *policies: dict[str, Any]) -> Any:
    key = iamd.user("alice", *policies)
    iamd.client("iam").create_login_profile(UserName="alice", Password=PASSWORD)
    return key


def test_a_new_device_shows_its_seed_and_picture_once(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone", Path="/x/", Tags=[{"Key": "k", "Value": "v"}])
    device = made["VirtualMFADevice"]
    serial = f"arn:aws:iam::{iamd.account}:mfa/x/phone"
    assert (device["SerialNumber"], len(device["Base32StringSeed"])) == (serial, 64)
    assert device["QRCodePNG"].startswith(b"\x89PNG")
    assert struct.unpack(">I", device["QRCodePNG"][16:20])[0] > 100
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == [{"SerialNumber": serial}]
    assert iam.list_mfa_device_tags(SerialNumber=serial)["Tags"] == [{"Key": "k", "Value": "v"}]
    again = refused(iam.create_virtual_mfa_device, VirtualMFADeviceName="phone", Path="/x/")
    assert again == ("EntityAlreadyExists", "MFADevice entity at the same path and name already exists.")


def test_a_device_is_assigned_listed_counted_and_taken_away(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName="alice")
    serial, _ = assigned(iam, "alice")
    (listed,) = iam.list_mfa_devices(UserName="alice")["MFADevices"]
    got = iam.get_mfa_device(UserName="alice", SerialNumber=serial)
    assert (listed["UserName"], listed["SerialNumber"], listed["EnableDate"]) == ("alice", serial, got["EnableDate"])
    iam.create_virtual_mfa_device(VirtualMFADeviceName="spare")
    by_status = {
        status: [
            each["SerialNumber"].rpartition("/")[2]
            for each in iam.list_virtual_mfa_devices(AssignmentStatus=status)["VirtualMFADevices"]
        ]
        for status in ("Any", "Assigned", "Unassigned")
    }
    assert by_status == {"Any": ["phone", "spare"], "Assigned": ["phone"], "Unassigned": ["spare"]}
    summary = iam.get_account_summary()["SummaryMap"]
    assert [summary[name] for name in ("MFADevices", "MFADevicesInUse", "AccountMFAEnabled")] == [2, 1, 0]

    assert refused(iam.delete_user, UserName="alice")[1] == "Cannot delete entity, must delete MFA device first."
    assert refused(iam.delete_virtual_mfa_device, SerialNumber=serial)[0] == "DeleteConflict"
    other = refused(iam.deactivate_mfa_device, UserName="admin", SerialNumber=serial)
    assert other == ("NoSuchEntity", "MFA Device invalid for user.")
    iam.deactivate_mfa_device(UserName="alice", SerialNumber=serial)
    assert iam.list_mfa_devices(UserName="alice")["MFADevices"] == []
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    iam.delete_user(UserName="alice")
    missing = refused(iam.delete_virtual_mfa_device, SerialNumber=serial)
    assert missing == ("NoSuchEntity", f"VirtualMFADevice with serial number {serial} doesn't exist.")


def test_codes_that_do_not_follow_each_other_assign_nothing(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName="alice")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    app = Authenticator(made["Base32StringSeed"])
    first = app.next()
    for codes in [(first, first), (app.next(), first), (first, app.wrong())]:
        params = dict(zip(("AuthenticationCode1", "AuthenticationCode2"), codes, strict=True))
        answer = refused(iam.enable_mfa_device, UserName="alice", SerialNumber=made["SerialNumber"], **params)
        assert answer == ("InvalidAuthenticationCode", "Authentication code for device is not valid.")
    assert iam.list_mfa_devices(UserName="alice")["MFADevices"] == []


def test_a_session_token_with_a_code_has_mfa_and_one_without_has_not(iamd: Iamd) -> None:
    key = iamd.user(
        "alice", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    serial, app = assigned(iamd.client("iam"), "alice")
    sts = iamd.client("sts", key)
    with_code = sts.get_session_token(**given(app, serial))["Credentials"]
    without = sts.get_session_token()["Credentials"]
    # IAM is closed to session tokens that were made without MFA.
    assert iamd.client("iam", with_code).get_user()["User"]["UserName"] == "alice"
    assert refused(iamd.client("iam", without).get_user)[0] == "InvalidClientTokenId"


def test_a_code_is_taken_once_and_wrong_ones_say_what_aws_says(iamd: Iamd) -> None:
    key = iamd.user("alice")
    iam, sts = iamd.client("iam"), iamd.client("sts", key)
    serial, app = assigned(iam, "alice")
    code = app.next()
    sts.get_session_token(SerialNumber=serial, TokenCode=code)
    assert refused(sts.get_session_token, SerialNumber=serial, TokenCode=code) == ("AccessDenied", WRONG)
    assert refused(sts.get_session_token, SerialNumber=serial, TokenCode=app.wrong()) == ("AccessDenied", WRONG)
    others, theirs = assigned(iam, "admin", "other")
    assert refused(sts.get_session_token, **given(theirs, others)) == ("AccessDenied", UNKNOWN)
    assert refused(sts.get_session_token, TokenCode="123456")[0] == "AccessDenied"


def test_of_many_calls_with_one_code_one_succeeds(iamd: Iamd) -> None:
    key = iamd.user("alice")
    serial, app = assigned(iamd.client("iam"), "alice")
    code = app.next()

    def call(_: int) -> bool:
        try:
            iamd.client("sts", key).get_session_token(SerialNumber=serial, TokenCode=code)
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(call, range(8))) == [False] * 7 + [True]


def test_ten_wrong_codes_lock_the_device_in_both_doors(iamd: Iamd) -> None:
    key = with_password(iamd)
    serial, app = assigned(iamd.client("iam"), "alice")
    sts, wrong = iamd.client("sts", key), app.wrong()
    for _ in range(10):
        assert refused(sts.get_session_token, SerialNumber=serial, TokenCode=wrong)[1] == WRONG
    assert refused(sts.get_session_token, **given(app, serial))[1] == WRONG
    assert Pages(iamd).sign_in("alice", PASSWORD, mfa_code=app.next()).json["code"] == "AuthenticationFailed"


def test_a_role_that_asks_for_mfa_is_assumed_with_a_code_only(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
    key = iamd.user("alice", allow)
    trust = {"Effect": "Allow", "Principal": {"AWS": iamd.account}, "Action": "sts:AssumeRole"}
    trust["Condition"] = {
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
        "NumericLessThan": {"aws:MultiFactorAuthAge": "60"},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    serial, app = assigned(iam, "alice")
    sts = iamd.client("sts", key)
    assume = {"RoleArn": role, "RoleSessionName": "session"}
    assert refused(sts.assume_role, **assume)[0] == "AccessDenied"
    assert refused(sts.assume_role, **assume, SerialNumber=serial, TokenCode=app.wrong()) == ("AccessDenied", WRONG)
    code = given(app, serial)
    session = sts.assume_role(**assume, **code)["Credentials"]
    assert refused(sts.assume_role, **assume, **code) == ("AccessDenied", WRONG)
    # The session itself carries no MFA (IAM User Guide, "Secure API access with MFA").
    assert refused(iamd.client("sts", session).assume_role, **assume)[0] == "AccessDenied"
    token = sts.get_session_token(**given(app, serial))["Credentials"]
    assert iamd.client("sts", token).assume_role(**assume)["Credentials"]


def test_the_documented_policy_opens_everything_once_mfa_is_set_up(iamd: Iamd) -> None:
    key = with_password(iamd, DOCUMENTED)
    own, s3 = iamd.client("iam", key), iamd.client("s3", key)
    assert refused(s3.list_buckets)[0] == "AccessDenied"
    serial, app = assigned(own, "alice")
    assert refused(s3.list_buckets)[0] == "AccessDenied"
    session = iamd.client("sts", key).get_session_token(**given(app, serial))["Credentials"]
    assert iamd.client("s3", session).list_buckets()["Buckets"] == []
    assert refused(own.deactivate_mfa_device, UserName="alice", SerialNumber=serial)[0] == "AccessDenied"
    iamd.client("iam", session).deactivate_mfa_device(UserName="alice", SerialNumber=serial)


def test_the_documented_policy_opens_the_console_once_a_code_is_given(iamd: Iamd) -> None:
    with_password(iamd, DOCUMENTED)
    pages = Pages(iamd)
    assert pages.sign_in("alice", PASSWORD).json["mfa"] is False
    denied = pages.post("iam/ListUsers")
    assert (denied.status, denied.json["explanation"]["decision"]) == (403, "ExplicitlyDenied")
    made = pages.post("iam/CreateVirtualMFADevice", {"VirtualMFADeviceName": "alice"}).json["VirtualMFADevice"]
    app = Authenticator(b64decode(made["Base32StringSeed"]))
    codes = {"AuthenticationCode1": app.next(), "AuthenticationCode2": app.next()}
    enabled = pages.post("iam/EnableMFADevice", {"UserName": "alice", "SerialNumber": made["SerialNumber"], **codes})
    assert enabled.status == 200, enabled.body
    again = Pages(iamd)
    asked = again.sign_in("alice", PASSWORD)
    assert (asked.status, asked.json["code"], again.cookie) == (401, "MfaRequired", "")
    assert again.sign_in("alice", "wrong").json["code"] == "AuthenticationFailed"
    assert again.sign_in("alice", PASSWORD, mfa_code=app.wrong()).json["code"] == "AuthenticationFailed"
    code = app.next()
    assert again.sign_in("alice", PASSWORD, mfa_code=code).json["mfa"] is True
    assert again.post("iam/ListUsers").status == 200
    assert Pages(iamd).sign_in("alice", PASSWORD, mfa_code=code).json["code"] == "AuthenticationFailed"


def test_root_sets_up_its_own_device_and_needs_it_from_then_on(iamd: Iamd) -> None:
    pages = Pages(iamd)
    pages.sign_in_root()
    made = pages.post("iam/CreateVirtualMFADevice", {"VirtualMFADeviceName": "root-account-mfa-device"}).json
    device = made["VirtualMFADevice"]
    app = Authenticator(b64decode(device["Base32StringSeed"]))
    codes = {"AuthenticationCode1": app.next(), "AuthenticationCode2": app.next()}
    body = {"UserName": iamd.account, "SerialNumber": device["SerialNumber"], **codes}
    assert pages.post("iam/EnableMFADevice", body).status == 200
    assert pages.post("iam/GetAccountSummary").json["SummaryMap"]["AccountMFAEnabled"] == 1
    assert [each["SerialNumber"] for each in pages.post("iam/ListMFADevices").json["MFADevices"]] == [
        device["SerialNumber"]
    ]
    again = Pages(iamd)
    assert again.sign_in_root().json["code"] == "MfaRequired"
    assert again.sign_in_root(mfa_code=app.next()).json["mfa"] is True


def test_a_device_that_drifts_is_found_again_by_two_codes(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice")
    serial, app = assigned(iam, "alice")
    sts = iamd.client("sts", key)
    app.step += 200
    assert refused(sts.get_session_token, **given(app, serial))[1] == WRONG
    codes = {"AuthenticationCode1": app.next(), "AuthenticationCode2": app.next()}
    iam.resync_mfa_device(UserName="alice", SerialNumber=serial, **codes)
    assert sts.get_session_token(**given(app, serial))["Credentials"]
    assert refused(iam.resync_mfa_device, UserName="alice", SerialNumber=serial, **codes)[0] == (
        "InvalidAuthenticationCode"
    )


def test_who_lost_roots_device_gets_back_in_beside_the_running_server(tmp_path: Path) -> None:
    with running(tmp_path / "data") as (iamd, _):
        pages = Pages(iamd)
        pages.sign_in_root()
        made = pages.post("iam/CreateVirtualMFADevice", {"VirtualMFADeviceName": "lost"}).json["VirtualMFADevice"]
        app = Authenticator(b64decode(made["Base32StringSeed"]))
        codes = {"AuthenticationCode1": app.next(), "AuthenticationCode2": app.next()}
        body = {"UserName": iamd.account, "SerialNumber": made["SerialNumber"], **codes}
        assert pages.post("iam/EnableMFADevice", body).status == 200
        command: list[Any] = [BIN / "iamd", "recover", "root", "--json", "--data-dir", tmp_path / "data"]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        assert pages.get("session").json == {"signed_in": False}
        again = {"kind": "root", "email": told["root_email"], "password": told["root_password"]}
        assert Pages(iamd).post("signin", again).json["mfa"] is False


def test_a_user_has_eight_devices_and_tags_need_a_right_of_their_own(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName="alice")
    for number in range(8):
        assigned(iam, "alice", f"d{number}")
    pages = iam.get_paginator("list_mfa_devices").paginate(UserName="alice", PaginationConfig={"PageSize": 3})
    assert [len(page["MFADevices"]) for page in pages] == [3, 3, 2]
    with pytest.raises(iam.exceptions.LimitExceededException):
        assigned(iam, "alice", "ninth")
    create = {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "*"}
    own = iamd.client("iam", iamd.user("bob", {"Version": "2012-10-17", "Statement": [create]}))
    own.create_virtual_mfa_device(VirtualMFADeviceName="plain")
    denied = refused(own.create_virtual_mfa_device, VirtualMFADeviceName="t", Tags=[{"Key": "k", "Value": "v"}])
    assert "iam:TagMFADevice" in denied[1]


def test_g2_1_an_app_is_set_up_by_the_cli_and_its_code_opens_a_session(iamd: Iamd, tmp_path: Path) -> None:
    iamd.user("alice")
    picture, seed = tmp_path / "qr.png", tmp_path / "seed"
    for path, method in ((picture, "QRCodePNG"), (seed, "Base32StringSeed")):
        words = ["--virtual-mfa-device-name", method, "--outfile", str(path), "--bootstrap-method", method]
        made = iamd.cli("iam", "create-virtual-mfa-device", *words)
        assert made.returncode == 0, made.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    serial = json.loads(made.stdout)["VirtualMFADevice"]["SerialNumber"]
    app = Authenticator(seed.read_text())
    enable = ["--user-name", "alice", "--serial-number", serial]
    codes = ["--authentication-code1", app.next(), "--authentication-code2", app.next()]
    enabled = iamd.cli("iam", "enable-mfa-device", *enable, *codes)
    assert (enabled.returncode, enabled.stdout) == (0, "")
    key = iamd.client("iam").create_access_key(UserName="alice")["AccessKey"]
    words = ["--serial-number", serial, "--token-code", app.next()]
    session = iamd.cli("sts", "get-session-token", *words, key=key)
    assert json.loads(session.stdout)["Credentials"]["AccessKeyId"].startswith("ASIA")


def test_ten_wrong_pairs_of_codes_lock_the_search_for_a_drifted_clock_and_nothing_else(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice")
    serial, app = assigned(iam, "alice")
    wrong = app.wrong()
    for _ in range(10):
        with pytest.raises(ClientError, match="InvalidAuthenticationCode"):
            iam.resync_mfa_device(
                UserName="alice", SerialNumber=serial, AuthenticationCode1=wrong, AuthenticationCode2=wrong
            )
    assert iamd.client("sts", key).get_session_token(SerialNumber=serial, TokenCode=app.next())["Credentials"]
    drifted = Authenticator(app.base32, ahead=40)
    with pytest.raises(ClientError, match="InvalidAuthenticationCode"):
        iam.resync_mfa_device(
            UserName="alice",
            SerialNumber=serial,
            AuthenticationCode1=drifted.next(),
            AuthenticationCode2=drifted.next(),
        )
