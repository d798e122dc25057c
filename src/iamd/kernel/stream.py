"""A streaming body on its way to a blob, after the caller may and before the operation runs, and who holds the blob."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

from iamd.kernel.body import plan_body, receive
from iamd.kernel.body_copy import copy_bytes
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.model.blob import BlobRef
from iamd.model.http import HttpResponse
from iamd.stores.ports.blobs import BlobStore
from iamd.stores.ports.store import StoreUnavailable


async def receive_stream(kernel: Kernel, call: Call) -> None:
    """Reads the body once, stores it durably, and hands the operation its reference."""
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    member = operation.spec.streaming_input
    if member is None:
        return
    plan = plan_body(call.http, call.claim, call.secret, kernel.signing_keys)
    _keep(call, await receive(call.body.chunks(), plan=plan, blobs=kernel.blobs))
    call.params[member] = call.stored


async def copy_stream(kernel: Kernel, call: Call) -> None:
    """Reads what the operation copies, off the event loop, and hands it over as `Context.prepared`."""
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    order = None if operation.copies is None else operation.copies(call.http, call.params)
    if order is None:
        return
    copied = await asyncio.to_thread(copy_bytes, order, kernel.blobs)
    call.prepared = copied
    if copied.is_new:
        _keep(call, copied.blob)


def _keep(call: Call, blob: BlobRef) -> None:
    call.stored = blob
    call.held = tuple([extent.blob_id for extent in blob.extents if extent.blob_id is not None])


async def refer(kernel: Kernel, call: Call, writing: Coroutine[Any, Any, HttpResponse]) -> HttpResponse:
    """Wait for the transaction whose row refers to the call's blobs.

    INVARIANT: they are held until it has ended, even if the caller is cancelled, so that nobody takes them for orphans.
    """
    held, call.held = call.held, ()
    if not held:
        return await writing
    task = asyncio.ensure_future(writing)
    task.add_done_callback(partial(_let_go, kernel.blobs, held))
    return await asyncio.shield(task)


def _let_go(blobs: BlobStore, held: tuple[str, ...], task: "asyncio.Task[HttpResponse]") -> None:
    if task.cancelled():
        # The loop ends, and the store will still write what waits: the holds end with the process.
        return
    failure = task.exception()
    for blob_id in held:
        # A disk that fails a commit may have kept it all the same, for the next start to find.
        if failure is None or isinstance(failure, StoreUnavailable):
            blobs.release(blob_id)
        else:
            blobs.delete(blob_id)


def forget_stream(kernel: Kernel, call: Call) -> None:
    """What the call wrote and never came to refer to."""
    held, call.held = call.held, ()
    for blob_id in held:
        kernel.blobs.delete(blob_id)
