"""Two workers, one truth, under load: what one revokes the other denies at once; nothing is doubled, nothing lost."""

import signal
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from iamd.audit.search import Search, find
from iamd.bootstrap.clock import now_ms
from iamd.stores.sql.reading import open_reader
from tests.clients.console import Pages
from tests.clients.doorways import one_doorway_each
from tests.clients.revoking import World
from tests.clients.server import Iamd, running
from tests.clients.test_lessons_revoked import WAYS, is_allowed
from tests.clients.test_workers import wait_for
from tests.clients.workers import FORM, Wire, document, form, one_wire_each, text_of, workers_of

pytestmark = pytest.mark.xdist_group("together")
Server = tuple[Iamd, "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def fleeting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("together"), "--workers", "2", "--ephemeral") as server:
        yield server


@contextmanager
def load(iamd: Iamd) -> Iterator[Counter[int]]:
    """Reads and changes by four clients meanwhile; statuses are counted."""
    statuses: Counter[int] = Counter()
    stop = threading.Event()

    def work(number: int) -> None:
        with Wire(iamd) as wire:
            while not stop.is_set():
                for action in ("CreateGroup", "GetGroup", "DeleteGroup"):
                    statuses[wire.call("iam", action, GroupName=f"load{number}")[0]] += 1

    working = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for each in working:
        each.start()
    try:
        yield statuses
    finally:
        stop.set()
        for each in working:
            each.join()


def test_every_way_of_revoking_by_one_worker_is_a_denial_by_the_other(fleeting: Server) -> None:
    """The ways of law 3: the one worker gives and takes, the other is asked; then the other way round."""
    iamd, process = fleeting
    with one_doorway_each(iamd, process.pid) as doorways:
        for way, turn in zip(WAYS, cycle((0, 1)), strict=False):
            iamd.reset()
            world = World(doorways[turn])
            way.prepare(world)
            world.iamd = doorways[1 - turn]
            seen = [is_allowed(way, world)]
            way.give(world)
            seen.append(is_allowed(way, world))
            way.take(world)
            seen.append(is_allowed(way, world))
            assert seen == [False, True, False], way.name


def test_rights_go_to_and_fro_under_load_and_no_denial_is_late(fleeting: Server) -> None:
    iamd, process = fleeting
    iamd.reset()
    alice = iamd.user("alice")
    policy = {"UserName": "alice", "PolicyName": "p"}
    with one_wire_each(iamd, process.pid) as wires, load(iamd) as statuses:
        for number in range(100):
            one, other = wires[number % 2], wires[1 - number % 2]
            assert one.call("iam", "PutUserPolicy", **policy, PolicyDocument=document("iam:ListUsers"))[0] == 200
            assert other.call("iam", "ListUsers", alice)[0] == 200
            assert one.call("iam", "DeleteUserPolicy", **policy)[0] == 200
            assert other.call("iam", "ListUsers", alice)[0] == 403
    assert statuses.keys() == {200}
    assert statuses[200] > 100


def test_the_end_of_a_body_that_comes_after_its_key_was_taken_away_is_too_late(tmp_path: Path) -> None:
    """The worker has found out what is true since the request's head came, and nobody has asked it anything since."""
    with running(tmp_path, "--workers", "2") as server:
        _late(*server)


def _late(iamd: Iamd, process: "subprocess.Popen[str]") -> None:
    alice = iamd.user("alice")
    policy = {"UserName": "alice", "PolicyName": "p", "PolicyDocument": document("iam:*")}
    body = form("iam", "GetUser", UserName="alice")
    with one_wire_each(iamd, process.pid) as (here, there):
        assert here.call("iam", "PutUserPolicy", **policy)[0] == 200
        with _another(iamd, process.pid, there) as slow:
            for _ in range(2):
                assert there.call("iam", "GetUser", alice, UserName="alice")[0] == 200
            slow.begin("POST", "/", body, len(body) - 1, key=alice, service="iam", headers=FORM)
            for _ in range(3):
                assert there.call("iam", "GetUser", alice, UserName="alice")[0] == 200
            off = {"UserName": "alice", "AccessKeyId": alice.access_key, "Status": "Inactive"}
            assert here.call("iam", "UpdateAccessKey", **off)[0] == 200
            assert slow.finish(body[-1:])[0] == 403


@contextmanager
def _another(iamd: Iamd, parent: int, wire: Wire) -> Iterator[Wire]:
    """One more connection to the worker that `wire` reaches."""
    workers = workers_of(parent)
    for _ in range(200):
        with Wire(iamd) as other:
            assert other.call("sts", "GetCallerIdentity")[0] == 200
            if other.worker(workers) == wire.worker(workers):
                yield other
                return
    raise AssertionError("no second connection reached that worker")


def test_a_console_session_holds_in_both_workers_and_ends_in_both(fleeting: Server) -> None:
    iamd, process = fleeting
    iamd.reset()
    with one_doorway_each(iamd, process.pid) as (one, other):
        here = Pages(one)
        assert here.sign_in_root().status == 200
        there = Pages(other, cookie=here.cookie, csrf=here.csrf)
        for pages in (here, there):
            assert pages.get("session").json["signed_in"] is True
            assert pages.post("iam/ListUsers").status == 200
        assert there.post("signout").status == 200
        assert here.post("iam/ListUsers").status == 401
        assert here.get("session").json == {"signed_in": False}


def test_guesses_at_a_password_are_counted_over_both_workers(fleeting: Server) -> None:
    iamd, process = fleeting
    iamd.reset()
    iam = iamd.client("iam")
    iam.create_user(UserName="alice")
    iam.create_login_profile(UserName="alice", Password="Right-password-1")
    with one_doorway_each(iamd, process.pid) as doorways:
        guesses = [Pages(doorways[number % 2]).sign_in("alice", f"wrong{number}").json["code"] for number in range(10)]
        assert guesses == ["AuthenticationFailed"] * 10
        for doorway in doorways:
            assert Pages(doorway).sign_in("alice", "Right-password-1").json["code"] == "Throttled"
            assert Pages(doorway).sign_in_root().status == 200


def test_events_and_stamps_of_both_workers_are_kept_once_and_the_newest_wins(tmp_path: Path) -> None:
    ids: list[str] = []
    with running(tmp_path, "--workers", "2") as (iamd, process):
        key = iamd.user("used")
        with one_wire_each(iamd, process.pid) as wires, load(iamd):
            for number in range(60):
                for wire in wires:
                    for service, action, more in (
                        ("iam", "GetUser", {"UserName": "used"}),
                        ("iam", "GetUser", {"UserName": "nobody"}),
                        ("iam", "CreateUser", {"UserName": f"u{number}-{wires.index(wire)}"}),
                    ):
                        ids.append(text_of(wire.call(service, action, **more)[1], "RequestId"))
                ids.append(text_of(wires[0].call("iam", "ListRoles", key)[1], "RequestId"))
                last = now_ms()
                ids.append(text_of(wires[1].call("sts", "GetCallerIdentity", key)[1], "RequestId"))
    assert len(set(ids)) == len(ids) == 480
    with open_reader(tmp_path) as state:
        kept = Counter(event.request_id for event in find(state, Search()))
        assert {kept[request_id] for request_id in ids} == {1}
        assert set(kept.values()) == {1}
        use = state.access_key_uses.get(key.access_key)
    assert use is not None
    assert (use.service, use.at >= last) == ("sts", True)


def test_sigterm_lets_uploads_of_both_workers_end_and_takes_no_new_call(tmp_path: Path) -> None:
    body = b"x" * (3 << 20)
    data_dir = tmp_path / "data"
    with running(data_dir, "--workers", "2") as (iamd, process):
        url = urlsplit(iamd.endpoint)
        with one_wire_each(iamd, process.pid) as wires:
            assert wires[0].send("PUT", "/kept")[0] == 200
            for number, wire in enumerate(wires):
                wire.begin("PUT", f"/kept/{number}", body, 2 << 20)
            wait_for(lambda: len(list((data_dir / "blobs" / "tmp").iterdir())) == 2)
            process.send_signal(signal.SIGTERM)
            wait_for(lambda: not accepts(str(url.hostname), int(url.port or 0)))
            assert process.poll() is None
            assert [wire.finish(body[2 << 20 :])[0] for wire in wires] == [200, 200]
        assert process.wait(15) == 0
    with running(data_dir) as (again, _):
        s3 = again.client("s3")
        assert [s3.get_object(Bucket="kept", Key=key)["Body"].read() == body for key in "01"] == [True, True]


def accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True
