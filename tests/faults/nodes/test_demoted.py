"""A primary is replaced without hearing of it, and goes on answering: no node decides on what it says."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

import pytest
from botocore.exceptions import ClientError

from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.postgres.store import open_store
from tests.clients.server import Iamd
from tests.postgres.cluster import Cluster, Standby, running_cluster
from tests.postgres.nodes import CURRENT_SECONDS, answer, nodes, stale_seconds

pytestmark = pytest.mark.xdist_group("postgres")
FOUND_WITHIN: Final = 20.0
_DATABASE: Final = "demoted"
_ALLOW: Final = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}


@dataclass(frozen=True)
class Pair:
    """`old` waits with each commit for `new`, which follows it."""

    old: Cluster
    new: Standby

    @property
    def url(self) -> str:
        """Names both, the old one first."""
        ports = f"127.0.0.1:{self.old.port},127.0.0.1:{self.new.port}"
        return f"postgresql://postgres@{ports}/{_DATABASE}"

    def wait_for_a_standby(self, names: str) -> None:
        self.old.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.old.execute("SELECT pg_reload_conf()")
        began = time.monotonic()
        while self.old.execute("SHOW synchronous_standby_names") != [(names,)] or self._is_alone(names):
            assert time.monotonic() - began < 20

    def _is_alone(self, names: str) -> bool:
        return names != "" and self.old.execute("SELECT sync_state FROM pg_stat_replication") != [("sync",)]


@contextmanager
def pair() -> Iterator[Pair]:
    with running_cluster(durable=True) as old:
        new = Standby(old)
        try:
            new.start()
            found = Pair(old, new)
            old.database(_DATABASE)
            found.wait_for_a_standby("*")
            yield found
        finally:
            # What waits for a standby that is gone would keep it from stopping.
            old.kill()
            new.remove()


def revoked(iamd: Iamd) -> float:
    """Seconds until the new primary has been found and the change is acknowledged."""
    began = time.monotonic()
    while True:
        try:
            iamd.client("iam").delete_user_policy(UserName="revoked", PolicyName="p0")
        except ClientError as fault:
            assert fault.response["ResponseMetadata"]["HTTPStatusCode"] == 503, fault  # noqa: PT017  # tried until it is found
            assert time.monotonic() - began < FOUND_WITHIN
        else:
            return time.monotonic() - began


class Asking:
    """Notes what a node answers, with when it was asked, until the block ends."""

    def __init__(self, iamd: Iamd, key: object) -> None:
        self.heard: list[tuple[float, str]] = []
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(iamd, key))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def has_asked_since(self, moment: float) -> bool:
        """And been answered."""
        return bool(self.heard) and self.heard[-1][0] > moment

    def _run(self, iamd: Iamd, key: object) -> None:
        while not self._ends.is_set():
            asked = time.monotonic()
            self.heard.append((asked, answer(iamd, key)))


def test_nobody_decides_on_what_a_replaced_primary_says(tmp_path: Path) -> None:
    with pair() as both, nodes(tmp_path, [both.url, both.old.url(_DATABASE)]) as (moves, stuck):
        key = moves.user("revoked", _ALLOW)
        stale_seconds("", partial(answer, stuck, key))
        with Asking(stuck, key) as asking:
            both.new.promote()
            promoted = time.monotonic()
            seconds = revoked(moves)
            stale_seconds("AccessDenied", partial(answer, moves, key))
            # A quick promotion ends before the old one's word does: what is asked then is what counts.
            while not asking.has_asked_since(promoted + CURRENT_SECONDS):
                assert answer(moves, key) == "AccessDenied"
        print(f"the new primary was found in {seconds:.1f} s")  # noqa: T201  # shown when it fails
        late = {code for asked, code in asking.heard if asked > promoted + CURRENT_SECONDS}
        assert late == {"ServiceUnavailable"}
        assert "" in {code for _, code in asking.heard}
        assert both.old.execute("SHOW transaction_read_only", _DATABASE) == [("off",)]
        # Nor does who has seen the new one go back, whatever the old one would be ready to do.
        both.new.kill()
        with pytest.raises(StoreUnavailable):
            open_store(both.url)
        both.wait_for_a_standby("")
        stale_seconds("ServiceUnavailable", partial(answer, moves, key))
        with Asking(moves, key) as asking:
            stale_seconds("", partial(answer, stuck, key))
            stuck.client("iam").create_user(UserName="on-the-old-one")
        assert {code for _, code in asking.heard} == {"ServiceUnavailable"}
        both.new.start()
        stale_seconds("AccessDenied", partial(answer, moves, key))
