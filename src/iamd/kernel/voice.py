"""Answers in the service's own protocol."""

from collections.abc import Mapping
from typing import Any, Final

from iamd.kernel.call import Call, Voice
from iamd.model.errors import AwsError
from iamd.model.http import HttpResponse
from iamd.wire.service import ServiceSpec


class _Wire:
    def answer(self, call: Call, result: Mapping[str, Any]) -> HttpResponse:
        assert call.operation is not None  # noqa: S101  # only what was performed is answered
        return call.operation.spec.serialize(result, request_id=call.request_id, host_id=call.host_id)

    def refuse(self, call: Call, spec: ServiceSpec, fault: AwsError) -> HttpResponse:
        resource = call.http.raw_path.decode("latin-1")
        return spec.serialize_error(fault, request_id=call.request_id, host_id=call.host_id, resource=resource)


WIRE: Final[Voice] = _Wire()
