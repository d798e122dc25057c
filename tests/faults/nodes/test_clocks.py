"""Nodes whose clocks are a minute apart: sessions of one are good on the other, and a revocation waits for no clock."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from tests.clients.server import Iamd, running
from tests.postgres.cluster import Cluster
from tests.postgres.nodes import CURRENT_SECONDS, answer, stale_seconds

pytestmark = pytest.mark.xdist_group("postgres")
MINUTE: Final = 60
_SERVE: Final = f"""
import time
true_time = time.time_ns
time.time_ns = lambda: true_time() + {MINUTE} * 10**9
from iamd.cli.main import main
main()
"""
_ALLOW: Final = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@contextmanager
def ahead(directory: Path, first: Iamd, *flags: str) -> Iterator[Iamd]:
    """A node beside the first, whose clock is a minute further."""
    command: list[Any] = [sys.executable, "-c", _SERVE, "serve", "--data-dir", directory]
    command += ["--port", "0", "--console-port", "0", *flags]
    env = {name: value for name, value in os.environ.items() if not name.startswith("IAMD_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            found = json.loads((directory / "endpoint.json").read_bytes())
            yield replace(first, endpoint=found["endpoint_url"], console=found["console_url"])
        finally:
            process.terminate()
            assert process.wait(20) == 0


@pytest.fixture(scope="module")
def two(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Iamd]]:
    """The second is ahead."""
    directory = tmp_path_factory.mktemp("clocks")
    flags = ("--database-url", postgres.database("clocks"), "--object-store-url", (directory / "objects").as_uri())
    key = ("--master-key-file", str(directory / "0" / "master.key"))
    with running(directory / "0", *flags) as (first, _), ahead(directory / "1", first, *flags, *key) as second:
        yield first, second


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["behind-to-ahead", "ahead-to-behind"])
def test_a_grant_and_a_revocation_are_felt_within_a_second(two: tuple[Iamd, Iamd], order: tuple[int, int]) -> None:
    one, other = (two[number] for number in order)
    key = one.user(f"felt{order[0]}")
    iam, ask = one.client("iam"), partial(answer, other, key)
    for _ in range(3):
        iam.put_user_policy(UserName=f"felt{order[0]}", PolicyName="p", PolicyDocument=json.dumps(_ALLOW))
        assert stale_seconds("", ask) < CURRENT_SECONDS
        iam.delete_user_policy(UserName=f"felt{order[0]}", PolicyName="p")
        assert stale_seconds("AccessDenied", ask) < CURRENT_SECONDS


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["behind-to-ahead", "ahead-to-behind"])
def test_a_session_is_good_on_the_other_until_its_role_is_gone(two: tuple[Iamd, Iamd], order: tuple[int, int]) -> None:
    one, other = (two[number] for number in order)
    iam = one.client("iam")
    name = f"role{order[0]}"
    trust = {"Effect": "Allow", "Principal": {"AWS": one.account}, "Action": "sts:AssumeRole"}
    text = json.dumps({"Version": "2012-10-17", "Statement": trust})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=text)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(_ALLOW))
    session = one.client("sts").assume_role(RoleArn=arn, RoleSessionName="session", DurationSeconds=900)["Credentials"]
    left = (session["Expiration"] - datetime.now(UTC)).total_seconds()
    assert left == pytest.approx(900 + order[0] * MINUTE, abs=30)
    assert answer(other, session) == ""
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    iam.delete_role(RoleName=name)
    assert stale_seconds("InvalidClientTokenId", partial(answer, other, session)) < CURRENT_SECONDS
