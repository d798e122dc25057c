"""`--metrics-port`: what is counted is what was called, over all workers, and a dead worker's counts stay."""

import http.client
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.clients.scraping import metrics_url, samples, scrape
from tests.clients.server import running
from tests.clients.workers import one_wire_each, workers_of

UNKNOWN = Credentials("AKIAQQQQQQQQQQQQQQQQ", "x" * 40)


def refused(call: Callable[[], object]) -> None:
    with pytest.raises(ClientError):
        call()


def test_calls_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    with running(tmp_path, "--metrics-port", "0") as (iamd, _):
        alice = iamd.user("alice")
        before = scrape(metrics_url(tmp_path))
        for _ in range(3):
            iamd.client("sts").get_caller_identity()
        iam = iamd.client("iam")
        refused(lambda: iam.get_user(UserName="nobody"))
        refused(iamd.client("iam", alice).list_users)
        refused(iamd.client("iam", UNKNOWN).list_users)
        refused(iam.list_ssh_public_keys)
        refused(iamd.client("ec2").describe_instances)
        after = scrape(metrics_url(tmp_path))
    had, have = samples(before, "iamd_requests"), samples(after, "iamd_requests")
    assert {labels: value - had.get(labels, 0) for labels, value in have.items() if value != had.get(labels)} == {
        ("GetCallerIdentity", "success", "sts"): 3,
        ("GetUser", "client_error", "iam"): 1,
        ("ListUsers", "denied", "iam"): 1,
        ("other", "unauthenticated", "iam"): 1,
        ("other", "server_error", "iam"): 1,
        ("other", "server_error", "other"): 1,
    }
    assert samples(after, "iamd_decisions") == {("ImplicitlyDenied",): 1, ("ExplicitlyDenied",): 0, ("Allowed",): 3}
    counted = samples(after, "iamd_request_seconds", "iamd_request_seconds_count")
    assert counted["GetCallerIdentity", "sts"] == 3
    assert samples(after, "iamd_commit_seconds", "iamd_commit_seconds_count")[()] >= 2
    assert samples(after, "iamd_processes") == {(): 1}
    assert samples(after, "iamd_audit_events_dropped") == samples(after, "iamd_commit_failures") == {(): 0}
    assert samples(after, "iamd_resident_bytes")[()] > 10 << 20


def test_nobody_makes_series_at_will(tmp_path: Path) -> None:
    """Neither names that do not exist nor operations that are not built nor strangers add any."""
    with running(tmp_path, "--metrics-port", "0", "--ephemeral") as (iamd, process):
        url = metrics_url(state_dir(process.pid))
        for number in range(30):
            body = f"Action=Made{number}&Version=2010-05-08".encode()
            request = Request(iamd.endpoint, body, {"Content-Type": "application/x-www-form-urlencoded"})  # noqa: S310  # our own
            with pytest.raises(HTTPError):
                urlopen(request, timeout=10)  # noqa: S310  # our own
        assert len(samples(scrape(url), "iamd_requests")) == 1


def state_dir(pid: int) -> Path:
    links = (link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink())
    return next(link.parent for link in links if link.name == "iamd.db")


def test_all_workers_are_in_one_answer_and_a_dead_one_is_not_forgotten(tmp_path: Path) -> None:
    with running(tmp_path, "--metrics-port", "0", "--workers", "2") as (iamd, process):
        url = metrics_url(tmp_path)
        before = identities(url)
        with one_wire_each(iamd, process.pid) as wires:
            probed = identities(url) - before
            assert probed >= 2
            for wire in wires:
                for _ in range(5):
                    assert wire.call("sts", "GetCallerIdentity")[0] == 200
        count = identities(url)
        assert count == before + probed + 10
        assert samples(scrape(url), "iamd_processes") == {(): 2}
        victims = workers_of(process.pid)
        os.kill(victims[0], signal.SIGKILL)
        until = time.monotonic() + 20
        while samples(scrape(url), "iamd_processes") != {(): 2} or victims[0] in workers_of(process.pid):
            assert identities(url) == count
            assert time.monotonic() < until
        assert identities(url) == count


def identities(url: str) -> float:
    return sum(
        value for labels, value in samples(scrape(url), "iamd_requests").items() if "GetCallerIdentity" in labels
    )


def test_the_door_of_metrics_shows_nothing_else_and_not_to_every_host(tmp_path: Path) -> None:
    with running(tmp_path, "--metrics-port", "0") as (_, _):
        url = urlsplit(metrics_url(tmp_path))
        assert url.hostname == "127.0.0.1"
        answers = {}
        for method, path, host in (
            ("GET", "/", url.netloc),
            ("POST", "/metrics", url.netloc),
            ("GET", "/metrics", "rebound.example.org"),
            ("HEAD", "/metrics", url.netloc),
        ):
            connection = http.client.HTTPConnection(url.netloc, timeout=10)
            connection.request(method, path, headers={"Host": host})
            answer = connection.getresponse()
            answers[method, path, host == url.netloc] = answer.status, b"iamd_" in answer.read()
            connection.close()
    assert answers == {
        ("GET", "/", True): (404, False),
        ("POST", "/metrics", True): (405, False),
        ("GET", "/metrics", False): (421, False),
        ("HEAD", "/metrics", True): (200, False),
    }


def test_without_the_flag_there_is_no_third_port(tmp_path: Path) -> None:
    with running(tmp_path) as (_, process):
        listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        inodes = {fields[9] for fields in listening if fields[3] == "0A"}
        own = {
            str(link.readlink()).removeprefix("socket:[").removesuffix("]")
            for link in Path(f"/proc/{process.pid}/fd").iterdir()
        }
        assert len(inodes & own) == 2
