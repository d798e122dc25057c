"""Three PostgreSQL under Patroni, two nodes, and the primary is killed under load: by the page that tells how."""

import json
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import Any, Final

import psycopg
import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd, connect
from tests.cluster.page import ROOT, Shell, alike, shell, steps
from tests.faults.server.crashing import Client, Keys, Objects, Policies, Users
from tests.postgres.namespaces import Namespace

pytestmark = pytest.mark.xdist_group("cluster")
PAGE: Final = ROOT / "docs" / "guide" / "cluster.md"
ELSEWHERE_SECONDS: Final = 1.0
REVOKED: Final = 40
ENOUGH: Final = 8
_ALLOW: Final = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}'


class Revoking:
    """Rights are taken away on one node, one after the other, and asked for on both all the while.

    `wrong` are the answers that nobody may get: an Allow after an acknowledged revocation.
    """

    def __init__(self, nodes: tuple[Iamd, Iamd]) -> None:
        self.nodes = nodes
        self.keys = {f"revoked{number}": nodes[0].user(f"revoked{number}") for number in range(REVOKED)}
        self.iam = nodes[0].client("iam")
        for name in self.keys:
            self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=_ALLOW)
        self.acknowledged: dict[str, float] = {}
        self.wrong: list[str] = []
        self.asked = 0
        self._ends = threading.Event()
        self.threads = [
            threading.Thread(target=self._revoke),
            threading.Thread(target=self._ask, args=(nodes[0], 0.0)),
            threading.Thread(target=self._ask, args=(nodes[1], ELSEWHERE_SECONDS)),
        ]

    def finish(self) -> None:
        """All are taken away by now, and were denied to everybody ever after."""
        revokes, *asks = self.threads
        revokes.join()
        for node in self.nodes:
            for name, key in self.keys.items():
                assert answer(node.client("iam", key)) == "AccessDenied", name
        self._ends.set()
        for thread in asks:
            thread.join()
        assert len(self.acknowledged) == REVOKED
        assert self.wrong == []
        assert self.asked > REVOKED

    def _revoke(self) -> None:
        """Half of them as quickly as it goes, the others while the primary is away and afterwards."""
        for name in self.keys:
            while not self._ends.is_set():
                try:
                    self.iam.delete_user_policy(UserName=name, PolicyName="p")
                except ClientError as fault:
                    # One that was made, and whose answer was lost, cannot be made again.
                    assert fault.response["Error"]["Code"] in ("ServiceUnavailable", "NoSuchEntity"), fault  # noqa: PT017  # tried again
                    if fault.response["Error"]["Code"] == "ServiceUnavailable":
                        continue
                self.acknowledged[name] = time.monotonic()
                break

    def _ask(self, node: Iamd, late: float) -> None:
        names = list(self.keys)
        clients = {name: node.client("iam", key) for name, key in self.keys.items()}
        chance = random.Random(1)  # noqa: S311  # any order will do
        while not self._ends.is_set():
            name = chance.choice(names)
            before = self.acknowledged.get(name)
            must_be_denied = before is not None and time.monotonic() > before + late
            code = answer(clients[name])
            self.asked += 1
            if must_be_denied and code == "":
                self.wrong.append(f"{name} on {node.endpoint}")


def answer(iam: Any) -> str:
    try:
        iam.list_users(MaxItems=1)
    except ClientError as fault:
        return str(fault.response["Error"]["Code"])
    return ""


@dataclass
class Load:
    """Clients that change things, half of them on each node, until one of them is refused."""

    clients: tuple[Client, ...]
    revoking: Revoking

    @classmethod
    def on(cls, nodes: tuple[Iamd, Iamd], seed: int) -> "Load":
        chance = random.Random(seed)  # noqa: S311  # to be repeated by its seed
        first, second = nodes
        first.client("iam").create_user(UserName="holder")
        first.client("s3").create_bucket(Bucket="crash")
        own = [random.Random(chance.random()) for _ in range(5)]  # noqa: S311  # as above
        clients = (
            Users(first, own[0]),
            Keys(second, own[1]),
            Policies(first, own[2]),
            Objects(second, own[3], "small/", (0, 8_000)),
            Objects(first, own[4], "large/", (66_000, 400_000)),
        )
        return cls(clients, Revoking(nodes))

    def start(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=client.run) for client in self.clients]
        for thread in (*threads, *self.revoking.threads):
            thread.start()
        while any(len(client.requests) < ENOUGH for client in self.clients):
            threads[0].join(0.05)
        return threads

    def settle(self, threads: list[threading.Thread], nodes: tuple[Iamd, Iamd]) -> None:
        """Everything that was acknowledged is there, on both nodes, and no right is back; changes go on."""
        for thread in threads:
            thread.join()
        for client in self.clients:
            assert client.failure is None, client.failure
            client.agree(client.look())
            for number in range(1_000, 1_003):
                client.step(number)
            for node in nodes:
                client.iam, client.s3 = node.client("iam"), node.client("s3")
                assert client.look() == client.kept
        self.revoking.finish()

    @property
    def requests(self) -> set[str]:
        """Of all changes that were acknowledged."""
        return {request for client in self.clients for request in client.requests}


def nodes_of(directory: Path) -> tuple[Iamd, Iamd]:
    first = connect(directory / "a" / "bootstrap.json")
    other = json.loads((directory / "b" / "endpoint.json").read_bytes())
    return first, replace(first, endpoint=other["endpoint_url"], console=other["console_url"])


def follow(bash: Shell, seed: int) -> str:
    """The page; gives what it says of the time that the cluster was away."""
    load, threads, told = None, [], ""
    for step in steps(PAGE):
        if "kill -9" in step.command:
            nodes = nodes_of(Path(bash.variable("D")))
            load = Load.on(nodes, seed)
            threads = load.start()
        printed = bash.run(step.command)
        assert alike(step.output, printed), f"{step.command}\n{printed}"
        if load is not None and "writes are back" in step.output:
            told = printed.strip()
            load.settle(threads, nodes)
            with psycopg.connect(bash.variable("IAMD_DATABASE_URL")) as connection:
                events = {row[0] for row in connection.execute("SELECT request_id FROM events")}
            assert load.requests <= events
            told += f"; {len(load.requests)} changes, {load.revoking.asked} questions"
    return told


@contextmanager
def home() -> Iterator[Path]:
    """A directory of the user's who runs PostgreSQL; what still runs in it is ended."""
    found = Path(tempfile.mkdtemp(prefix="iamd-cluster-"))
    if os.getuid() == 0:
        shutil.chown(found, "postgres", "postgres")
    try:
        yield found
    finally:
        for file in found.glob("*/*/postmaster.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(file.read_text().split()[0]), signal.SIGKILL)
        shutil.rmtree(found, ignore_errors=True)


def test_the_primary_is_killed_under_load_by_the_page_that_tells_how() -> None:
    assert shutil.which("etcd"), "etcd is not installed: apt-get install etcd-server"
    seed = SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201  # shown when it fails

    def walk() -> str:
        with home() as directory, shell(directory) as bash:
            return follow(bash, seed)

    with Namespace() as network:
        told = network.run(walk)
    print(told)  # noqa: T201  # the measured time
    assert "writes are back" in told
