"""Secrets are shown once: none that was ever issued or sent is in a log, an event, a metric or any file but its own."""

import io
import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from urllib.request import urlopen

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from tests.clients.console import Pages
from tests.clients.scraping import metrics_url
from tests.clients.server import BIN, Iamd, as_credentials, running
from tests.clients.workers import document

OWN_FILES = {"bootstrap.json", "master.key"}
CUSTOMER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
PASSWORDS = ("Firs7-Password!", "Secon4-Password!", "Thir9-Password!")


def issued(iamd: Iamd, data_dir: Path) -> Iterator[str]:
    """Every kind of secret that the server makes or is told, used in calls that work and in some that do not."""
    yield iamd.root_password
    yield iamd.key.secret_key
    yield (data_dir / "master.key").read_text().strip()
    yield from PASSWORDS
    iam = iamd.client("iam")
    alice = iamd.user("alice", json.loads(document("*")))
    yield alice.secret_key
    iam.create_login_profile(UserName="alice", Password=PASSWORDS[0])
    iam.update_login_profile(UserName="alice", Password=PASSWORDS[1])
    refused(iam.create_login_profile, UserName="nobody", Password=PASSWORDS[0])
    refused(iamd.client("iam", alice).change_password, OldPassword="wrong", NewPassword=PASSWORDS[2])
    iamd.client("iam", alice).change_password(OldPassword=PASSWORDS[1], NewPassword=PASSWORDS[2])
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    yield device["Base32StringSeed"].decode()
    named = {"UserName": "admin", "SerialNumber": device["SerialNumber"]}
    refused(iam.enable_mfa_device, **named, AuthenticationCode1="000000", AuthenticationCode2="000001")
    yield from pages(iamd)
    yield from sessions(iamd, alice)


def pages(iamd: Iamd) -> Iterator[str]:
    """What a browser holds, and what is typed into it."""
    console = Pages(iamd)
    for password in ("Typed-1n-Vain!", PASSWORDS[2]):
        console.sign_in("alice", password)
    yield "Typed-1n-Vain!"
    yield console.cookie
    yield console.csrf
    assert console.post("iam/CreateUser", {"UserName": "bob"}).status == 200
    made = console.post("iam/CreateAccessKey", {"UserName": "bob"}).json["AccessKey"]
    yield made["SecretAccessKey"]
    console.post("iam/CreateLoginProfile", {"UserName": "bob", "Password": "Four7h-Password!", "X": 1})
    console.send("POST", "/console/api/iam/CreateUser", {}, headers={"x-csrf-token": console.cookie})
    yield "Four7h-Password!"


def sessions(iamd: Iamd, alice: Any) -> Iterator[str]:
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": iamd.account}, "Action": "sts:AssumeRole"}],
        }
    )
    role = iamd.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    sts = iamd.client("sts", alice)
    for answer in (sts.get_session_token(), sts.assume_role(RoleArn=role, RoleSessionName="session")):
        key = as_credentials(answer["Credentials"])
        yield key.secret_key
        yield key.token
        iamd.client("sts", key).get_caller_identity()
        refused(iamd.client("iam", key).get_role, RoleName="nobody")


def presented(iamd: Iamd) -> Iterator[str]:
    """Signatures and keys that calls carry: whoever reads one could send it again."""
    s3 = iamd.client("s3", signature_version="s3v4")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="large", Body=b"x" * 200_000)
    for key in ("large", "missing"):
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": key})
        yield parse_qs(urlsplit(url).query)["X-Amz-Signature"][0]
        with suppress(OSError), urlopen(url, timeout=10) as answer:  # noqa: S310  # our own
            answer.read()
    old = iamd.client("s3", signature_version="s3").generate_presigned_url("list_buckets")
    yield parse_qs(urlsplit(old).query)["Signature"][0]
    with suppress(OSError), urlopen(old, timeout=10) as answer:  # noqa: S310  # our own
        answer.read()
    yield CUSTOMER_KEY
    refused(
        s3.put_object, Bucket="bucket", Key="k", Body=b"", SSECustomerAlgorithm="AES256", SSECustomerKey=CUSTOMER_KEY
    )
    for action in ("ListUsers", "Nonsense"):
        request = AWSRequest("POST", iamd.endpoint, data={"Action": action, "Version": "2010-05-08"})
        SigV4Auth(iamd.key, "iam", iamd.region).add_auth(request)
        yield request.headers["Authorization"].rpartition("Signature=")[2]
        URLLib3Session().send(request.prepare())


def refused(call: Any, **parameters: Any) -> None:
    with pytest.raises(ClientError):
        call(**parameters)


def trouble(iamd: Iamd, data_dir: Path, secret: str) -> None:
    """Faults that the server logs, with secrets in their calls."""
    url = urlsplit(iamd.endpoint)
    for _ in range(50):
        with socket.create_connection((str(url.hostname), url.port or 0), timeout=10) as connection:
            connection.sendall(f"GARBAGE {secret}\r\nAuthorization {secret}\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
    for blob in (path for path in (data_dir / "blobs").rglob("*") if path.is_file()):
        blob.unlink()
    link = iamd.client("s3").generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "large"})
    with suppress(OSError, HTTPException), urlopen(link, timeout=10) as answer:  # noqa: S310  # our own
        answer.read()


def test_no_secret_is_in_a_log_an_event_a_metric_or_a_file(tmp_path: Path) -> None:
    data_dir, log = tmp_path / "data", tmp_path / "log"
    flags = ("--metrics-port", "0", "--log-format", "json", "--workers", "2")
    with log.open("w") as stderr, running(data_dir, *flags, stderr=stderr) as (iamd, _):
        secrets = [*issued(iamd, data_dir), *presented(iamd)]
        assert len(secrets) == len(set(secrets)) >= 20
        trouble(iamd, data_dir, secrets[0])
        with urlopen(metrics_url(data_dir), timeout=10) as answer:  # noqa: S310  # our own
            told = {"metrics": answer.read().decode()}
    told["log"] = log.read_text()
    events = subprocess.run(
        [BIN / "iamd", "events", "--json", "--data-dir", data_dir], capture_output=True, text=True, check=True
    )
    told["events"] = events.stdout
    for path in data_dir.rglob("*"):
        if path.is_file() and path.name not in OWN_FILES:
            told[path.name] = path.read_bytes().decode("latin-1")
    found = [
        (name, secret)
        for name, text in told.items()
        for secret in secrets
        for form in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}
        if form in text
    ]
    assert found == []
    # What was looked through is what it should be: the calls are there, without their secrets.
    assert all(name in told["events"] for name in ("CreateLoginProfile", "AssumeRole", "GetObject", "ChangePassword"))
    check_log(told["log"])


def check_log(text: str) -> None:
    """Garbage fills no log: a few lines a worker, however often it comes."""
    invalid = [line for line in io.StringIO(text) if "Invalid HTTP request" in line]
    assert 1 <= len(invalid) <= 20, text
    assert "large" in text or "BlobMissing" in text, text
    assert {json.loads(line)["level"] for line in text.splitlines()} <= {"warning", "error"}
