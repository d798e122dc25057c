"""A streaming body on its way to a blob: after the caller may, before the operation runs."""

import asyncio

from iamd.kernel.body import plan_body, receive
from iamd.kernel.body_copy import copy_bytes
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.model.blob import BlobRef


async def receive_stream(kernel: Kernel, call: Call) -> None:
    """Reads the body once, stores it durably, and hands the operation its reference."""
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    member = operation.spec.streaming_input
    if member is None:
        return
    plan = plan_body(call.http, call.claim, call.secret, kernel.signing_keys)
    call.stored = await receive(call.body.chunks(), plan=plan, blobs=kernel.blobs)
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
        call.stored = copied.blob


def forget_stream(kernel: Kernel, call: Call) -> None:
    """After a failure nothing refers to the bytes."""
    if call.stored is not None:
        forget(kernel, call.stored)


def forget(kernel: Kernel, blob: BlobRef) -> None:
    for extent in blob.extents:
        if extent.blob_id is not None:
            kernel.blobs.delete(extent.blob_id)
