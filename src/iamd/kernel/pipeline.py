"""The road of a request, for every call from either door. Denials and faults are answered at its end."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from iamd.credentials.mfa import WrongCodeError
from iamd.kernel.authenticate import authenticate, require_credentials
from iamd.kernel.authorize import authorize
from iamd.kernel.call import Body, Call, Voice
from iamd.kernel.codes import count_wrong
from iamd.kernel.find import find_operation, find_service, parse, read_text
from iamd.kernel.kernel import Kernel
from iamd.kernel.perform import moment, perform, prepare
from iamd.kernel.recording import events_of_fault
from iamd.kernel.settle import settle
from iamd.kernel.stream import copy_stream, forget_stream, receive_stream
from iamd.kernel.voice import WIRE
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest, HttpResponse
from iamd.stores.ports.store import DiskFull, EpochEnded, OutcomeUnknown, StoreUnavailable

_LOG: Final = logging.getLogger(__name__)
_DISK_FULL: Final = "The disk of this server is full: nothing more can be stored until there is space."
_UNAVAILABLE: Final = "This server cannot store anything at the moment: nothing was changed."
_UNKNOWN: Final = "This server lost its database while it made the change: look whether it was made."

Step = Callable[[Kernel, Call], Awaitable[None] | None]

SIGNED: Final[tuple[Step, ...]] = (
    find_service,  # what was signed for
    read_text,  # the body, if it is no stream: bounded
    authenticate,  # a signature, a session's token, or nobody
    find_operation,  # built or not, of this service only
    lambda _, call: require_credentials(call),
    parse,  # and validate, by the model
)
"""How a call enters by the AWS door; the console's calls enter by `console/entry.py`."""

ROAD: Final[tuple[Step, ...]] = (
    authorize,  # every action on every resource that the request names
    settle,  # by what is true at one moment
    receive_stream,  # the body, if it is a stream: read once, stored durably
    copy_stream,  # or bytes that are stored already, if it is a copy
    prepare,  # slow work, off the event loop
    perform,  # the operation, its answer and its audit record
)


async def run(
    kernel: Kernel,
    http: HttpRequest,
    body: Body,
    *,
    host_is_trusted: bool,
    entry: tuple[Step, ...] = SIGNED,
    voice: Voice = WIRE,
) -> HttpResponse:
    """The answer to a request; `host_is_trusted`: an unsigned call may come by the Host that it names.

    `entry` finds out who calls and what is asked for; behind it there is one road.

    Nothing escapes: what is not AWS's own error is an InternalFailure, and logged.
    """
    now_ms = kernel.clock()
    call = Call(
        http=http,
        body=body,
        now=moment(now_ms),
        now_ms=now_ms,
        region=kernel.region,
        host_is_trusted=host_is_trusted,
        came=http.came,
        voice=voice,
    )
    begun = 0.0 if kernel.meter is None else kernel.meter.begin()
    kernel.store.calls += 1
    try:
        for step in (*entry, *ROAD):
            waiting = step(kernel, call)
            if waiting is not None:
                await waiting
    except AwsError as error:
        # Its traceback leads back to the call.
        call.fault = error.with_traceback(None)
        if isinstance(error, WrongCodeError):
            await count_wrong(kernel, call, error)
    except EpochEnded:
        call.fault = AwsError("ServiceUnavailable", "Service is unable to handle request.", 503)
    except DiskFull:
        call.fault = AwsError("ServiceUnavailable", _DISK_FULL, 503)
    except StoreUnavailable as unavailable:
        _LOG.exception("the store cannot commit (request %s)", call.request_id)
        told = _UNKNOWN if isinstance(unavailable, OutcomeUnknown) else _UNAVAILABLE
        call.fault = AwsError("ServiceUnavailable", told, 503)
    except Exception:  # noqa: BLE001  # the last resort: never a traceback, never an empty 500
        _LOG.exception("request %s failed", call.request_id)
        call.fault = _internal_failure()
    finally:
        kernel.store.calls -= 1
        forget_stream(kernel, call)
    response = _conclude(kernel, call)
    if kernel.meter is not None:
        kernel.meter.finished(call, begun)
    return response


def _conclude(kernel: Kernel, call: Call) -> HttpResponse:
    if call.fault is not None:
        try:
            return _fail(kernel, call, call.fault)
        except Exception:  # noqa: BLE001  # a fault that cannot be told: as above
            _LOG.exception("request %s failed, and so did its answer", call.request_id)
            return _fail(kernel, call, _internal_failure())
    assert call.response is not None  # noqa: S101  # the road ends with an answer or a fault
    return call.response


def _internal_failure() -> AwsError:
    return AwsError("InternalFailure", "We encountered an internal error. Please try again.", 500)


def _fail(kernel: Kernel, call: Call, fault: AwsError) -> HttpResponse:
    spec = call.spec or kernel.catalog.spec("sts")
    response = call.voice.refuse(call, spec, fault)
    kernel.trail.add(events_of_fault(kernel, call, fault, response), call.epoch)
    return response
