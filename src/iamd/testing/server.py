"""An ephemeral server in a process of its own, and what a test asks it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, Final

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

from iamd.audit.search import of_request
from iamd.authz.asking import Unanswerable, asker
from iamd.bootstrap.clock import now_ms
from iamd.policy import Question
from iamd.policy.kept import unpack
from iamd.policy.telling import told
from iamd.stores.ports.events import Event
from iamd.stores.sql.reading import open_reader

ContextValue = str | bool | int | float | list[str] | tuple[str, ...]
_STOPS_WITHIN: Final = 15
_TRIES: Final = 40
"""A denial's event is written at most 100 ms after its answer."""
_PAUSE: Final = 0.05


@dataclass(frozen=True)
class Iamd:
    """A running server. The key is that of the administrator `admin`.

    `environment` is what the AWS tools and SDKs need to call it.
    """

    account_id: str
    region: str
    endpoint_url: str
    console_url: str
    access_key_id: str
    secret_access_key: str
    state_dir: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
        }

    def arn(self, name: str) -> str:
        """`user/alice`, `role/app`, `root` of the first account; what is an ARN, a service or anonymous stays."""
        short = name == "root" or name.startswith(("user/", "role/", "group/", "policy/"))
        return f"arn:aws:iam::{self.account_id}:{name}" if short else name

    def client(self, service: str, key: Mapping[str, str] | None = None, **config: Any) -> Any:
        """A client as boto3 makes it, the administrator's or that of `key`.

        `key` is `AccessKey` of iam.create_access_key or `Credentials` of an STS answer; `config` is botocore's Config.
        """
        held = key or {"AccessKeyId": self.access_key_id, "SecretAccessKey": self.secret_access_key}
        settings = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        return botocore.session.Session().create_client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=held["AccessKeyId"],
            aws_secret_access_key=held["SecretAccessKey"],
            aws_session_token=held.get("SessionToken"),
            config=settings.merge(Config(**config)),
        )

    def reset(self) -> None:
        """Empty everything: the account has its administrator, and nothing else."""
        request = AWSRequest("POST", f"{self.endpoint_url}/_iamd/reset", data=b"")
        SigV4Auth(Credentials(self.access_key_id, self.secret_access_key), "iam", self.region).add_auth(request)
        answer = URLLib3Session().send(request.prepare())
        if answer.status_code != 204:
            raise RuntimeError(f"the reset answered {answer.status_code}: {answer.text}")

    def assert_allowed(self, principal: str, action: str, resource: str = "*", **context: ContextValue) -> None:
        """Fails with the explanation unless the principal may do it now.

        `principal` is an ARN, or `user/alice` and the like; `context` adds condition keys, a list being a multivalued
        one: `**{"aws:SourceIp": "10.1.2.3"}`. Raises ValueError for a principal that does not exist.
        """
        __tracebackhide__ = True
        question = self._question(principal, action, resource, context)
        if not question.decide().allowed:
            raise AssertionError(told(question.to_json()))

    def assert_denied(self, principal: str, action: str, resource: str = "*", **context: ContextValue) -> None:
        """Fails with the explanation if the principal may do it now. Otherwise as `assert_allowed`."""
        __tracebackhide__ = True
        question = self._question(principal, action, resource, context)
        if question.decide().allowed:
            raise AssertionError(told(question.to_json()))

    def explain(self, denied: Any) -> str:
        """Why a call was denied: a request id, or the ClientError that it ended with. As it was decided then."""
        request_id = denied if isinstance(denied, str) else denied.response["ResponseMetadata"]["RequestId"]
        event = self._denial(request_id)
        if event is None or event.details is None:
            return f"request {request_id} was not denied by policies"
        return told(unpack(event.details).to_json())

    def _question(self, principal: str, action: str, resource: str, context: Mapping[str, ContextValue]) -> Question:
        given = {key.lower(): _context_value(held) for key, held in context.items()}
        with open_reader(self.state_dir) as state:
            try:
                return asker(state, now_ms()).question(self.arn(principal), action, self.arn(resource), given)
            except Unanswerable as unanswerable:
                raise ValueError(str(unanswerable)) from None

    def _denial(self, request_id: str) -> Event | None:
        """The event with what was decided on, else any of the request's; None if there is none in time."""
        for _ in range(_TRIES):
            with open_reader(self.state_dir) as state:
                found = of_request(state, request_id)
                events = [state.events.get(each.at, each.id) for each in found]
            if events:
                return max(events, key=lambda event: event is not None and event.details is not None)
            sleep(_PAUSE)
        return None


def _context_value(held: ContextValue) -> str | tuple[str, ...]:
    if isinstance(held, bool):
        return "true" if held else "false"
    return tuple(held) if isinstance(held, (list, tuple)) else str(held)


@contextmanager
def running(*flags: str) -> Iterator[Iamd]:
    """`iamd serve --ephemeral` on free ports: ready when the block begins, gone when it ends.

    `flags` are further ones (`--workers`, `2`). Raises RuntimeError for a server that does not start.
    """
    command = [sys.executable, "-m", "iamd", "serve", "--ephemeral", "--port", "0", "--console-port", "0", *flags]
    # Settings of a server that somebody else runs are not meant for this one.
    env = {name: held for name, held in os.environ.items() if not name.startswith("IAMD_")}  # noqa: TID251
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:  # noqa: S603  own command
        try:
            path = process.stdout.readline().strip() if process.stdout is not None else ""
            if not path:
                raise RuntimeError(f"iamd did not start: exit status {process.wait(_STOPS_WITHIN)}")
            yield _connected(Path(path))
        finally:
            process.terminate()
            process.wait(_STOPS_WITHIN)


def _connected(bootstrap: Path) -> Iamd:
    content = json.loads(bootstrap.read_bytes())
    return Iamd(
        account_id=content["account_id"],
        region=content["region"],
        endpoint_url=content["endpoint_url"],
        console_url=content["console_url"],
        access_key_id=content["access_key_id"],
        secret_access_key=content["secret_access_key"],
        state_dir=bootstrap.parent,
    )
