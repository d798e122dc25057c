"""A server whose log is watched: after each test it answers as before and has logged nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients.raw import Line
from tests.clients.server import Iamd, running


@dataclass(frozen=True)
class Watched:
    iamd: Iamd
    log: Path


@pytest.fixture(scope="session")
def watched_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    with (folder / "log").open("w") as log, running(folder / "data", "--ephemeral", stderr=log) as (iamd, _):
        yield Watched(iamd, folder / "log")


@pytest.fixture
def watched(watched_server: Watched) -> Iterator[Iamd]:
    """One user `alice`, one bucket `bucket` with the object `k`."""
    iamd = watched_server.iamd
    before = len(watched_server.log.read_text())
    iamd.reset()
    iamd.client("iam").create_user(UserName="alice")
    iamd.client("s3").create_bucket(Bucket="bucket")
    iamd.client("s3").put_object(Bucket="bucket", Key="k", Body=b"kept")
    yield iamd
    with Line(iamd.endpoint) as line:
        line.request("GET /_iamd/health HTTP/1.1")
        assert line.answer()[0] == 200
    assert watched_server.log.read_text()[before:] == ""
