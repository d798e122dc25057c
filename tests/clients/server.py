"""A server in a process of its own, and the stock clients that call it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import boto3
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

BIN = Path(sys.executable).parent
_CONFIG = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, parameter_validation=False)


@dataclass
class Iamd:
    """A running server. `key` is the bootstrap administrator's."""

    account: str
    endpoint: str
    console: str
    region: str
    key: Credentials
    root_password: str = ""
    _session: boto3.Session = field(
        default_factory=lambda: boto3.Session(botocore_session=botocore.session.get_session())
    )

    def client(self, service: str, key: Any = None, *, region: str | None = None, **config: Any) -> Any:
        """A boto3 client; `key` is Credentials, or an AccessKey / Credentials element of an IAM or STS answer."""
        credentials = as_credentials(key) if key is not None else self.key
        return self._session.client(
            service,
            endpoint_url=self.endpoint,
            region_name=region or self.region,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.token,
            config=_CONFIG.merge(Config(**config)),
        )

    def user(self, name: str, *policies: dict[str, Any]) -> Credentials:
        """A user with these inline policies, made by the administrator; gives its new access key."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        for number, policy in enumerate(policies):
            iam.put_user_policy(UserName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(policy))
        return as_credentials(iam.create_access_key(UserName=name)["AccessKey"])

    def environment(self, key: Any = None) -> dict[str, str]:
        """For the aws CLI: this endpoint and key, and nothing of the machine's own AWS configuration."""
        credentials = as_credentials(key) if key is not None else self.key
        env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        env |= {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
            "AWS_MAX_ATTEMPTS": "1",
        }
        if credentials.token:
            env["AWS_SESSION_TOKEN"] = credentials.token
        return env

    def cli(self, *words: str, key: Any = None) -> "subprocess.CompletedProcess[str]":
        """`aws WORDS`, by the real CLI; half a second each, so use it where the CLI itself matters."""
        return subprocess.run(
            [BIN / "aws", *words], env=self.environment(key), capture_output=True, text=True, check=False, timeout=60
        )

    def reset(self) -> None:
        request = AWSRequest("POST", f"{self.endpoint}/_iamd/reset", data=b"")
        SigV4Auth(self.key, "iam", self.region).add_auth(request)
        answer = URLLib3Session().send(request.prepare())
        assert answer.status_code == 204, answer.content


def as_credentials(key: Any) -> Credentials:
    if isinstance(key, Credentials):
        return key
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"], key.get("SessionToken"))


@contextmanager
def running(
    data_dir: Path, *flags: str, stderr: IO[str] | None = None, joins: Iamd | None = None
) -> Iterator[tuple[Iamd, "subprocess.Popen[str]"]]:
    """`iamd serve` on free ports; ready when the block begins, stopped by SIGTERM when it ends.

    `stderr` is where its log goes, the test's own by default. A node that `joins` another has no keys of its own.
    """
    command: list[str | Path] = [
        BIN / "iamd",
        "serve",
        "--port",
        "0",
        "--console-port",
        "0",
        "--data-dir",
        data_dir,
        *flags,
    ]
    env = {name: value for name, value in os.environ.items() if not name.startswith("IAMD_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=env) as process:
        try:
            assert process.stdout is not None
            path = process.stdout.readline().strip()
            assert path, f"the server ended with {process.wait(10)}"
            yield (connect(Path(path)) if joins is None else _beside(joins, data_dir)), process
        finally:
            process.terminate()
            assert process.wait(15) == 0


def _beside(first: Iamd, data_dir: Path) -> Iamd:
    found = json.loads((data_dir / "endpoint.json").read_bytes())
    return replace(first, endpoint=found["endpoint_url"], console=found["console_url"])


def connect(bootstrap: Path) -> Iamd:
    content = json.loads(bootstrap.read_bytes())
    return Iamd(
        account=content["account_id"],
        endpoint=content["endpoint_url"],
        console=content["console_url"],
        region=content["region"],
        key=Credentials(content["access_key_id"], content["secret_access_key"]),
        root_password=content["root_password"],
    )
