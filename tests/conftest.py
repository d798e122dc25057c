"""What every kind of test may use."""

from collections.abc import Iterator

import pytest

from tests.clients.server import Iamd, running


@pytest.fixture(scope="session")
def ephemeral_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iamd]:
    """One ephemeral server for the whole session."""
    with running(tmp_path_factory.mktemp("bootstrap"), "--ephemeral") as (iamd, _):
        yield iamd


@pytest.fixture
def iamd(ephemeral_server: Iamd) -> Iamd:
    """The server, emptied: one account with its administrator."""
    ephemeral_server.reset()
    return ephemeral_server
