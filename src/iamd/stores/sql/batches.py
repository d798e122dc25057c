"""Batches of jobs, each one transaction: run, committed, and the log kept short behind them."""

import time
from collections.abc import Sequence
from typing import Final

from iamd.stores.ports.store import DiskFull, StoreUnavailable
from iamd.stores.sql.checkpoints import Checkpoints
from iamd.stores.sql.engine import Engine, Job

PATIENCE_SECONDS: Final = 10.0
"""How long another process may hold the write lock."""
RETRY_SECONDS: Final = (0.0005, 0.001, 0.002, 0.004)


class Batches:
    """Called by whoever holds the writer's mutex."""

    def __init__(self, engine: Engine, checkpoints: Checkpoints) -> None:
        self._engine = engine
        self._checkpoints = checkpoints

    def run_with_room(self, job: Job) -> StoreUnavailable | None:
        """One urgent job, tried again with the room that is made when there is no space for it."""
        error = self.run_blocking([job])
        if isinstance(error, DiskFull):
            self._engine.make_room()
            job.error = None
            error = self.run_blocking([job])
        return error

    def run_blocking(self, batch: Sequence[Job]) -> StoreUnavailable | None:
        try:
            self._begin_blocking()
        except StoreUnavailable as unavailable:
            return unavailable
        rows, error = self.run(batch)
        return error or self.commit(rows)

    def run(self, batch: Sequence[Job]) -> tuple[int, StoreUnavailable | None]:
        """Run the jobs of a batch in the open transaction: rows changed, and the fault that ended it, if one did."""
        try:
            for job in batch:
                fault = self._engine.run(job, alone=len(batch) == 1)
                if fault is not None:
                    return 0, fault
            return self._engine.end(), None
        except StoreUnavailable as unavailable:
            return 0, unavailable
        except BaseException:
            self._engine.rollback()
            raise

    @property
    def are_behind(self) -> bool:
        """Whether the next commit moves the whole log as well."""
        return self._checkpoints.log_is_long

    def commit(self, rows: int) -> StoreUnavailable | None:
        error = self._engine.commit()
        if error is None and rows:
            if self._checkpoints.log_is_long:
                self._checkpoints.log_is_long = False
                self._engine.checkpoint()
            self._checkpoints.committed(rows)
        return error

    def _begin_blocking(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        refusals = 0
        while not self._engine.begin():
            if time.monotonic() > until:
                self._engine.give_up()
                raise StoreUnavailable("another process holds the write lock")
            time.sleep(RETRY_SECONDS[min(refusals, len(RETRY_SECONDS) - 1)])
            refusals += 1
