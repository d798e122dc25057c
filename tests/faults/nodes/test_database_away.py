"""The database goes away, or hangs, under a running server: nobody is let in by what might be old, nothing freezes."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd
from tests.postgres.cluster import Cluster, running_cluster
from tests.postgres.nodes import CURRENT_SECONDS, nodes, stale_seconds
from tests.postgres.swallowing import Swallowing

pytestmark = pytest.mark.xdist_group("postgres")
ANSWERS_WITHIN: Final = 5.0
PROMPTLY: Final = 1.0
_EVENTS: Final = "SELECT request_id, record FROM events"
_GET_CALLER_IDENTITY: Final = "get_caller_identity"


@dataclass(frozen=True)
class Away:
    cluster: Cluster
    iamd: Iamd

    def ask(self, service: str, operation: str, **params: Any) -> tuple[str, float]:
        """The code of the fault, "" for success, and the seconds that it took."""
        client = self.iamd.client(service)
        began = time.monotonic()
        try:
            getattr(client, operation)(**params)
        except ClientError as fault:
            status = fault.response["ResponseMetadata"]["HTTPStatusCode"]
            code = f"{status} {fault.response['Error']['Code']}"
        else:
            code = ""
        return code, time.monotonic() - began

    def stopped(self, stop: Callable[[], None], start: Callable[[], None]) -> str:
        """Stop the database, and be answered from memory, which is true for another second: the id of that request.

        Where the machine was too busy to ask within the second, once more.
        """
        client = self.iamd.client("sts")
        while True:
            client.get_caller_identity()
            began = time.monotonic()
            stop()
            try:
                return str(client.get_caller_identity()["ResponseMetadata"]["RequestId"])
            except ClientError:
                assert time.monotonic() - began > CURRENT_SECONDS / 2
            start()
            self.until("", "sts", _GET_CALLER_IDENTITY, 20)

    def until(self, code: str, service: str, operation: str, seconds: float) -> None:
        began = time.monotonic()
        while self.ask(service, operation)[0] != code:
            assert time.monotonic() - began < seconds


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster(durable=True) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def away(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    with nodes(tmp_path_factory.mktemp("away"), [cluster.database("away")]) as (iamd,):
        yield Away(cluster, iamd)


def healthy_within(iamd: Iamd, stop: threading.Event, longest: list[float]) -> None:
    """Asks the loop for what needs no database, again and again."""
    parts = urlsplit(iamd.endpoint)
    while not stop.is_set():
        began = time.monotonic()
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        connection.request("GET", "/_iamd/health")
        assert connection.getresponse().status == 200
        connection.close()
        longest.append(time.monotonic() - began)


def test_a_killed_database_is_told_of_at_once_and_is_found_again(away: Away) -> None:
    iam = away.iamd.client("iam")
    iam.create_user(UserName="before")
    away.stopped(away.cluster.kill, away.cluster.start)
    for operation, params in (("create_user", {"UserName": "while"}), ("get_user", {"UserName": "before"})):
        code, seconds = away.ask("iam", operation, **params)
        assert code == "503 ServiceUnavailable"
        assert seconds < ANSWERS_WITHIN
    unsure = stale_seconds("503 ServiceUnavailable", lambda: away.ask("sts", _GET_CALLER_IDENTITY)[0])
    assert unsure < CURRENT_SECONDS
    away.cluster.start()
    away.until("", "sts", _GET_CALLER_IDENTITY, 10)
    assert iam.get_user(UserName="before")["User"]["UserName"] == "before"
    assert away.ask("iam", "get_user", UserName="while")[0] == "404 NoSuchEntity"
    iam.create_user(UserName="while")
    iam.delete_user(UserName="while")


def test_a_database_that_hangs_freezes_nobody(away: Away) -> None:
    stop, longest = threading.Event(), list[float]()
    looking = threading.Thread(target=healthy_within, args=(away.iamd, stop, longest))
    away.stopped(away.cluster.freeze, partial(away.cluster.freeze, thaw=True))
    try:
        looking.start()
        for service, operation, params in (
            ("iam", "create_user", {"UserName": "hung"}),
            ("iam", "get_user", {"UserName": "before"}),
            ("iam", "list_users", {}),
            ("sts", _GET_CALLER_IDENTITY, {}),
            ("s3", "list_buckets", {}),
        ):
            code, seconds = away.ask(service, operation, **params)
            assert code == "503 ServiceUnavailable", operation
            assert seconds < ANSWERS_WITHIN, operation
    finally:
        stop.set()
        looking.join()
        away.cluster.freeze(thaw=True)
    assert longest
    assert max(longest) < PROMPTLY
    away.until("", "sts", _GET_CALLER_IDENTITY, 10)
    away.until("", "iam", "list_users", 10)


def test_what_was_revoked_elsewhere_while_a_node_was_cut_off_is_denied_when_it_is_back(
    cluster: Cluster, tmp_path: Path
) -> None:
    """One node reaches the database over a wire that swallows everything; the other takes a right away."""
    with Swallowing(cluster.port) as wire:
        url = cluster.database("cut")
        with nodes(tmp_path, [url, cluster.url("cut", wire.port)]) as (near, far):
            allow = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}
            key = near.user("cut", allow)
            cut_off = Away(cluster, replace(far, key=key))
            assert cut_off.ask("iam", "get_user")[0] == ""
            wire.swallow()
            near.client("iam").delete_user_policy(UserName="cut", PolicyName="p0")
            revoked = time.monotonic()
            while (asked := time.monotonic()) - revoked < ANSWERS_WITHIN:
                code, _ = cut_off.ask("sts", _GET_CALLER_IDENTITY)
                assert code == "503 ServiceUnavailable" or (code == "" and asked - revoked < CURRENT_SECONDS)
            wire.pass_on()
            while (code := cut_off.ask("iam", "list_users")[0]) == "503 ServiceUnavailable":
                assert time.monotonic() - revoked < 30
            assert code == "403 AccessDenied"


def test_events_of_reads_in_that_second_are_written_when_it_is_back(away: Away) -> None:
    request = away.stopped(away.cluster.kill, away.cluster.start)
    away.cluster.start()
    began = time.monotonic()
    found: list[Any] = []
    while not found:
        assert time.monotonic() - began < 20
        found = [record for request_id, record in away.cluster.execute(_EVENTS, "away") if request_id == request]
    assert json.loads(found[0])["eventName"] == "GetCallerIdentity"
