"""A service's wire: routing, and one compiled codec per operation, made when first used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from botocore import xform_name

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest, HttpResponse
from iamd.wire.inflating import inflated
from iamd.wire.models import Model, Shape, load_model
from iamd.wire.protocols import Protocol, protocol_of
from iamd.wire.redaction import compile_redactor
from iamd.wire.serialize.errors import Answered, serialize_error

_SIGNED_LIKE: Final[Mapping[str, str]] = MappingProxyType({"rest-xml": "query", "smithy-rpc-v2-cbor": "json"})
"""Whose rules of signatures hold where a protocol has none of its own: those of rest-xml are S3's."""


class OperationSpec:
    """One operation on the wire. Each direction is compiled when it is first used."""

    def __init__(self, service: "ServiceSpec", name: str) -> None:
        self.name = name
        self.service = service
        self.snake_name = xform_name(name)
        self._model = service.model
        http: Mapping[str, Any] = self._model.operations[name]["http"]
        self.http_method = str(http["method"])
        self.uri = str(http["requestUri"])

    @cached_property
    def input_shape(self) -> Shape | None:
        return self._model.input_of(self.name)

    @cached_property
    def output_shape(self) -> Shape | None:
        return self._model.output_of(self.name)

    @cached_property
    def streaming_input(self) -> str | None:
        """The member that is the request's body as a stream: the parser leaves it out."""
        return self.input_shape.streaming_member if self.input_shape is not None else None

    @cached_property
    def streaming_output(self) -> str | None:
        return self.output_shape.streaming_member if self.output_shape is not None else None

    @cached_property
    def _parse(self) -> Callable[[HttpRequest], dict[str, Any]]:
        parse = self.service.codec.parser(self._model, self.name)
        if "requestcompression" not in self._model.operations[self.name]:
            return parse
        return lambda request: parse(inflated(request))

    @cached_property
    def _validate(self) -> Callable[[dict[str, Any]], None]:
        return self.service.codec.validator(self.input_shape)

    @cached_property
    def _serialize(self) -> Callable[[Mapping[str, Any], str, str], HttpResponse]:
        return self.service.codec.serializer(self._model, self.name)

    @cached_property
    def _redact(self) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        return compile_redactor(self.input_shape, self.service.trail_bucket)

    @cached_property
    def _redact_response(self) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        return compile_redactor(self.output_shape, self.service.trail_bucket)

    def parse(self, request: HttpRequest) -> dict[str, Any]:
        """The request's members by the model's names; a streaming member is absent. Raises AwsError.

        S3's request gets the headers that its query means (`x-amz-acl=…`): call it when the signature is verified.
        """
        return self._parse(request)

    def validate(self, params: dict[str, Any]) -> None:
        """Raises AwsError where the values break the model's constraints (S3: what S3 itself checks)."""
        self._validate(params)

    def serialize(self, result: Mapping[str, Any], *, request_id: str, host_id: str) -> HttpResponse:
        """The answer; a streaming member becomes its body. `content-length` is set only where the result gives it."""
        return self._serialize(result, request_id, host_id)

    def redact(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The request as CloudTrail's requestParameters: plain JSON values, secrets hidden, no streams."""
        return self._redact(params)

    def redact_response(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """The result as CloudTrail's responseElements."""
        return self._redact_response(result)


@dataclass(frozen=True, eq=False)
class ServiceSpec:
    """One AWS service model, ready for the wire."""

    model: Model
    protocol: str

    @property
    def name(self) -> str:
        """Botocore's name, such as `s3control`."""
        return self.model.name

    @cached_property
    def signing_name(self) -> str:
        metadata = self.model.metadata
        return str(metadata.get("signingName") or metadata["endpointPrefix"])

    @cached_property
    def signature_rules(self) -> str:
        """The rules that signatures are read by, as `sigv4` names them."""
        return "rest-xml" if self.model.signs_as_s3 else _SIGNED_LIKE.get(self.protocol, self.protocol)

    @cached_property
    def operation_names(self) -> frozenset[str]:
        return frozenset(self.model.operations)

    @property
    def trail_bucket(self) -> str:
        """What the trail calls the member Bucket."""
        return "bucketName" if self.name == "s3" else "bucket"

    @cached_property
    def _operations(self) -> dict[str, OperationSpec]:
        return {}

    @cached_property
    def codec(self) -> Protocol:
        """Raises AwsError if the protocol is not built: of those only errors are spoken."""
        built = protocol_of(self.name, self.protocol)
        if built is None:
            raise AwsError("NotImplemented", f"The service {self.name} is not implemented.", 501)
        return built

    @cached_property
    def _router(self) -> Callable[[HttpRequest], str]:
        return self.codec.router(self.model)

    def operation(self, name: str) -> OperationSpec:
        """Raises KeyError for a name that the model does not have."""
        known = self._operations.get(name)
        if known is None:
            if name not in self.model.operations:
                raise KeyError(name)
            known = self._operations.setdefault(name, OperationSpec(self, name))
        return known

    def route(self, request: HttpRequest) -> OperationSpec:
        """The operation that the request names. Raises AwsError where it names none, two, or an unknown one."""
        return self.operation(self._router(request))

    def serialize_error(self, error: AwsError, *, request_id: str, host_id: str, resource: str = "") -> HttpResponse:
        """The error in the protocol's shape; `resource` is the path that S3 names."""
        return serialize_error(self.model, self.protocol, error, Answered(request_id, host_id, resource))


def load_service(name: str, protocol: str | None = None) -> ServiceSpec:
    """A service by botocore's name; `protocol` chooses where a model speaks several. Raises KeyError if unknown."""
    model = load_model(name)
    return ServiceSpec(model, protocol or str(model.metadata["protocol"]))
