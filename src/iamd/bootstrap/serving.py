"""One process that serves: alone, or one of several on the same ports and the same store."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import Parts, compose
from iamd.bootstrap.doors import Doors
from iamd.bootstrap.duty import Duty, Rebirth
from iamd.bootstrap.first_start import populate
from iamd.bootstrap.urls import urls_of
from iamd.gateway.reset import Reset
from iamd.kernel.kernel import Kernel
from iamd.reference.quotas import Quotas
from iamd.stores.ports.store import Transaction

Companion = Callable[[Doors], AbstractContextManager[None]]


def serve_doors(
    duty: Duty, parts: Parts, ready: Callable[[], None], beside: Companion = lambda _: nullcontext()
) -> None:
    """Serves until it is told to stop; `beside` surrounds it on its loop. Inside `signals.held`; see Doors."""
    metered = duty.settings.metrics_port is not None
    kernel = compose(
        parts,
        duty.settings.region,
        Quotas(users=duty.settings.user_quota),
        metered=metered,
        console_url=urls_of(duty.settings, *duty.ports).console,
    )
    reset = None if duty.rebirth is None else _reset(duty, duty.rebirth, parts, kernel)

    async def run() -> None:
        doors = Doors(
            duty.settings,
            duty.ports,
            kernel,
            reset=reset,
            keeps_house=duty.keeps_house,
            metrics_port=duty.metrics_port,
        )
        with beside(doors):
            async with parts.store.following():
                await doors.run(ready)

    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(run())


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415  # only a server needs it

    return uvloop.new_event_loop()


def _reset(duty: Duty, rebirth: Rebirth, parts: Parts, kernel: Kernel) -> Reset:
    """INVARIANT: after a reset the account and its key are those of bootstrap.json, and nothing else is left.

    Decision record 0005 says why no call of before, in any worker, reaches into the world after.
    """
    account = rebirth.account

    async def empty() -> None:
        blobs: list[str] = []

        def work(transaction: Transaction) -> None:
            # Nobody can be of the new world yet, so whatever lies there now is of the old one.
            blobs.extend(parts.blobs.every())
            populate(transaction.state, parts, account, rebirth.root_password_hash)

        await parts.store.reset(work)
        kernel.facts.refresh()
        parts.blobs.delete_many(blobs)
        for path in duty.settings.data_dir.glob("bootstrap-*.json"):
            path.unlink(missing_ok=True)

    return Reset(
        empty, account.access_key_id, account.secret_access_key, lambda: datetime.fromtimestamp(now_ms() / 1000, UTC)
    )
