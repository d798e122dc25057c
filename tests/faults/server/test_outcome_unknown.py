"""A store that is lost in the middle of a commit: nobody is told that nothing was changed."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from iamd.stores.ports.store import OutcomeUnknown, StoreUnavailable
from tests.faults.server.interleaved import Road


@pytest.mark.parametrize(
    ("failure", "told"),
    [(OutcomeUnknown("lost"), "look whether it was made"), (StoreUnavailable("away"), "nothing was changed")],
)
def test_who_asked_for_the_change_is_told_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: StoreUnavailable, told: str
) -> None:
    async def lost(*_: Any, **__: Any) -> None:
        raise failure

    async def story() -> None:
        road = Road(tmp_path)
        monkeypatch.setattr(road.between, "write", lost)
        status, text = await road.call("iam", "CreateUser", UserName="bob")
        assert (status, told in text) == (503, True), text
        monkeypatch.undo()
        await road.close()

    asyncio.run(story())
