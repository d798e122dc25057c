"""The cable between a node and its database is pulled: packets are lost, nobody hears of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from tests.clients.server import Iamd, running
from tests.faults.nodes.test_database_away import ANSWERS_WITHIN, PROMPTLY, Away, healthy_within
from tests.postgres.cluster import Cluster
from tests.postgres.namespaces import Namespace
from tests.postgres.nodes import CURRENT_SECONDS

pytestmark = pytest.mark.xdist_group("postgres")
BACK_WITHIN: Final = 30.0
_NEAR, _FAR = "192.0.2.1", "192.0.2.2"
_ALLOW: Final = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}


class OnNetwork(Cluster):
    """Lets the other side of the cable in."""

    def __init__(self) -> None:
        super().__init__(durable=True, settings=("listen_addresses=*",))

    def make(self) -> None:
        super().make()
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {_NEAR}/32 trust\n")


@dataclass(frozen=True)
class Sides:
    """`beside` is a node in the database's network, `across` one at the other end of the cable."""

    here: Namespace
    there: Namespace
    cluster: Cluster
    beside: Iamd
    across: Iamd


@contextmanager
def sides(directory: Path) -> Iterator[Sides]:
    with Namespace() as here, Namespace() as there:
        if not there.is_apart:
            pytest.skip("a network of its own needs the right to make one")
        here.plug_into(there, _NEAR, _FAR)
        stack, across_stack = ExitStack(), ExitStack()
        try:
            cluster = OnNetwork()
            stack.callback(cluster.remove)
            there.run(cluster.start)
            url = there.run(lambda: cluster.database("cable"))
            shared = ("--object-store-url", (directory / "objects").as_uri())
            beside = there.run(lambda: stack.enter_context(running(directory / "0", "--database-url", url, *shared))[0])
            joining = (*shared, "--master-key-file", str(directory / "0" / "master.key"))
            url = url.replace("127.0.0.1", _FAR)
            across = here.run(
                lambda: across_stack.enter_context(
                    running(directory / "1", "--database-url", url, *joining, joins=beside)
                )[0]
            )
            yield Sides(here, there, cluster, beside, across)
        finally:
            here.run(across_stack.close)
            there.run(stack.close)


def test_who_is_cut_off_lets_nobody_in_and_is_told_of_what_was_revoked_meanwhile(tmp_path: Path) -> None:
    with sides(tmp_path) as found:
        here, there = found.here, found.there
        key = there.run(lambda: found.beside.user("cut", _ALLOW))
        cut_off = Away(found.cluster, replace(found.across, key=key))
        assert here.run(lambda: cut_off.ask("iam", "get_user"))[0] == ""
        stop, longest = threading.Event(), list[float]()

        def cut() -> None:
            looking = threading.Thread(target=healthy_within, args=(found.across, stop, longest))
            looking.start()
            try:
                while (asked := time.monotonic()) - revoked < ANSWERS_WITHIN:
                    code, _ = cut_off.ask("sts", "get_caller_identity")
                    assert code == "503 ServiceUnavailable" or (code == "" and asked - revoked < CURRENT_SECONDS)
                for operation, params in (("create_user", {"UserName": "while"}), ("get_user", {}), ("list_users", {})):
                    code, seconds = cut_off.ask("iam", operation, **params)
                    assert (code, seconds < ANSWERS_WITHIN) == ("503 ServiceUnavailable", True), operation
            finally:
                stop.set()
                looking.join()

        there.ip("link", "set", "far", "down")
        there.run(lambda: found.beside.client("iam").delete_user_policy(UserName="cut", PolicyName="p0"))
        revoked = time.monotonic()
        here.run(cut)
        assert max(longest) < PROMPTLY
        there.ip("link", "set", "far", "up")

        def back() -> str:
            began = time.monotonic()
            while (code := cut_off.ask("iam", "list_users")[0]) == "503 ServiceUnavailable":
                assert time.monotonic() - began < BACK_WITHIN
            return code

        assert here.run(back) == "403 AccessDenied"
        names = there.run(lambda: found.beside.client("iam").list_users()["Users"])
        assert {user["UserName"] for user in names} == {"admin", "cut"}
