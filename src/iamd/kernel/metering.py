"""What a process counts of the calls that it answers; half a microsecond a call (docs: performance)."""

from enum import StrEnum
from time import perf_counter
from typing import Final

from iamd.kernel.call import Call
from iamd.model.decision import Outcome
from iamd.model.histogram import Histogram


class Result(StrEnum):
    """What became of a call. `UNAUTHENTICATED`: refused before it was known who calls, whatever the reason."""

    SUCCESS = "success"
    DENIED = "denied"
    UNAUTHENTICATED = "unauthenticated"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"


_OTHER: Final = "other"


class Meter:
    """`calls` by service, operation and result; what is not built is `other`, so that nobody makes series at will."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, str, Result], Histogram] = {}
        self.allowed = 0
        self.denied = {Outcome.IMPLICITLY_DENIED: 0, Outcome.EXPLICITLY_DENIED: 0}

    def begin(self) -> float:
        return perf_counter()

    def finished(self, call: Call, begun: float) -> None:
        operation = call.operation
        if operation is not None:
            spec = operation.spec
            key = spec.service.name, spec.name, _result(call)
        else:
            key = _OTHER if call.service is None else call.service.name, _OTHER, _result(call)
        histogram = self.calls.get(key)
        if histogram is None:
            histogram = self.calls[key] = Histogram()
        histogram.add(perf_counter() - begun)
        for verdict in call.verdicts:
            if verdict.denial is None:
                self.allowed += 1
            else:
                self.denied[verdict.decision.outcome] += 1


def _result(call: Call) -> Result:
    fault = call.fault
    if fault is None:
        return Result.SUCCESS
    if fault.status >= 500:
        return Result.SERVER_ERROR
    if not call.is_known:
        return Result.UNAUTHENTICATED
    return Result.DENIED if fault.status == 403 else Result.CLIENT_ERROR
