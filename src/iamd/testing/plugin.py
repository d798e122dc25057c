"""The pytest plugin: `iamd`, a server that is empty when a test begins, and assertions that explain themselves."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from iamd.testing.server import Iamd


@pytest.fixture(scope="session")
def iamd_server() -> "Iterator[Iamd]":
    """One ephemeral server for the session, whatever tests have left in it."""
    # A session that asks for no server pays for none of it.
    from iamd.testing.server import running  # noqa: PLC0415

    with running() as server:
        yield server


@pytest.fixture
def iamd(iamd_server: "Iamd") -> "Iamd":
    """The session's server, emptied: one account with its administrator."""
    iamd_server.reset()
    return iamd_server


@pytest.fixture
def iamd_env(iamd: "Iamd", monkeypatch: pytest.MonkeyPatch) -> "Iamd":
    """The same, with the environment pointing AWS SDKs and tools at it as the administrator."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, held in iamd.environment.items():
        monkeypatch.setenv(name, held)
    return iamd


@pytest.fixture
def assert_allowed(iamd: "Iamd") -> Callable[..., None]:
    """`assert_allowed(principal, action, resource, **context)`: see `Iamd.assert_allowed`."""
    return iamd.assert_allowed


@pytest.fixture
def assert_denied(iamd: "Iamd") -> Callable[..., None]:
    """`assert_denied(principal, action, resource, **context)`: see `Iamd.assert_denied`."""
    return iamd.assert_denied
