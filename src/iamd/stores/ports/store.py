"""The store: a committed view to read, and one writer."""

from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol, TypeVar

from iamd.stores.ports.events import Event
from iamd.stores.ports.records import Topic
from iamd.stores.ports.state import State

T = TypeVar("T")


class Transaction(Protocol):
    """One mutation in its savepoint: everything it does commits together or not at all."""

    @property
    def state(self) -> State: ...

    def record(self, event: Event) -> None:
        """Add the audit record of this mutation to the transaction."""

    def record_many(self, events: Iterable[Event]) -> None:
        """Add many audit records at once: what is recorded after the fact, in batches."""


class Store(Protocol):
    """INVARIANT: when `write` returns, its work is durable and visible to every later read.

    `calls`: how many are being served that may come to write. Whoever serves them keeps count, on the event loop.
    """

    calls: int

    @property
    def reads_wait(self) -> bool:
        """Whether others run on the event loop while someone reads."""

    @property
    def state(self) -> State:
        """The committed state, read only."""

    @property
    def recent(self) -> State:
        """The committed state as the last `changes` found it, or newer: between two, a record may be read but once.

        For who asks `changes` first. Also a commit of one's own may be seen only behind the next one.
        """

    def snapshot(self) -> AbstractContextManager[State]:
        """Several reads that see one and the same commit."""

    @property
    def epoch(self) -> int:
        """Of the state that `changes` told of last: a reset, which empties the store, begins the next one."""

    def is_current(self, epoch: int) -> bool:
        """Whether no reset has begun another epoch."""

    def write(
        self, work: Callable[[Transaction], T], *, epoch: int | None = None, urgent: bool = False
    ) -> Coroutine[Any, Any, T]:
        """Run `work` in the one writer, in a savepoint of its own.

        What `work` raises rolls its savepoint back and is raised here. A failed commit raises StoreUnavailable for all.
        EpochEnded if the transaction's epoch is not `epoch`, in which the work was decided; it has then not run.
        `urgent` work takes something away, or changes who may do what: it is done on a full disk too, where other work
        raises DiskFull. It may be run again after an attempt that left nothing.
        """

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        """The same, blocking and urgent: for commands and start-up, where no event loop runs."""

    @property
    def was_read(self) -> bool:
        """Whether anything may have been read since `changes` was asked last, by anyone in this process."""

    def changes(self) -> Iterable[Topic] | None:
        """Topics changed since the last call, by anyone; None when a gap means that everything may have changed.

        StoreUnavailable where the store has for too long been out of reach to tell.
        """

    def attended(self, work: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
        """`work`, so that what it reads on an event loop keeps nobody else there waiting."""

    def following(self) -> AbstractAsyncContextManager[None]:
        """On an event loop, around all that a server does: keep up with others, and have room for changes."""

    def behind(self) -> int:
        """How many revisions have been committed that `changes` has not told of yet."""

    def close(self) -> None: ...


class EpochEnded(Exception):  # noqa: N818  # names what happened
    """A reset has emptied the store since the work was decided: whoever asked for it is gone with all the rest."""


class StoreUnavailable(Exception):  # noqa: N818  # the state of the store, answered as ServiceUnavailable
    """The store cannot commit now (broken disk, read-only, locked for too long); nothing was written."""


class OutcomeUnknown(StoreUnavailable):
    """The commit was under way when the store was lost: it may have happened or not."""


class DiskFull(StoreUnavailable):
    """There is no space for it."""
