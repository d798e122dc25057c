"""The protocols that are built: what routes, reads, checks and answers a request, by the protocol's name."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from iamd.model.http import HttpRequest, HttpResponse
from iamd.wire.models import Model, Shape
from iamd.wire.parse.ec2 import compile_ec2_parser
from iamd.wire.parse.json import compile_json_parser
from iamd.wire.parse.query import compile_query_parser
from iamd.wire.parse.rest_json import compile_rest_json_parser
from iamd.wire.parse.rest_xml import compile_rest_xml_parser
from iamd.wire.routing.json import route_json
from iamd.wire.routing.query import route_ec2, route_query
from iamd.wire.routing.rest import RestRouter, s3control_router
from iamd.wire.routing.s3 import S3Router
from iamd.wire.serialize.ec2 import compile_ec2_serializer
from iamd.wire.serialize.json import compile_json_serializer
from iamd.wire.serialize.query import compile_query_serializer
from iamd.wire.serialize.rest_json import compile_rest_json_serializer
from iamd.wire.serialize.rest_xml import compile_rest_xml_serializer
from iamd.wire.validation import compile_validator
from iamd.wire.validation_ec2 import compile_ec2_validator
from iamd.wire.validation_iam import compile_iam_validator
from iamd.wire.validation_s3 import compile_s3_validator

Router = Callable[[HttpRequest], str]
Parser = Callable[[HttpRequest], dict[str, Any]]
Serializer = Callable[[Mapping[str, Any], str, str], HttpResponse]
Validator = Callable[[dict[str, Any]], None]


class Protocol(NamedTuple):
    """Each of the four makes what is compiled: of a model, of one of its operations, or of an input."""

    router: Callable[[Model], Router]
    parser: Callable[[Model, str], Parser]
    serializer: Callable[[Model, str], Serializer]
    validator: Callable[[Shape | None], Validator]


_JSON_VALIDATOR: Final = partial(compile_validator, code="ValidationException")

PROTOCOLS: Final[Mapping[str, Protocol]] = MappingProxyType(
    {
        "query": Protocol(
            lambda model: partial(route_query, model), compile_query_parser, compile_query_serializer, compile_validator
        ),
        "rest-xml": Protocol(
            lambda model: RestRouter(model).route,
            compile_rest_xml_parser,
            compile_rest_xml_serializer,
            compile_validator,
        ),
        "ec2": Protocol(
            lambda model: partial(route_ec2, model), compile_ec2_parser, compile_ec2_serializer, compile_ec2_validator
        ),
        "json": Protocol(
            lambda model: partial(route_json, model), compile_json_parser, compile_json_serializer, _JSON_VALIDATOR
        ),
        "rest-json": Protocol(
            lambda model: RestRouter(model).route,
            compile_rest_json_parser,
            compile_rest_json_serializer,
            _JSON_VALIDATOR,
        ),
    }
)
"""Of the other protocols only errors are spoken."""

_ROUTERS: Final[Mapping[str, Callable[[Model], Router]]] = MappingProxyType(
    {"s3": lambda model: S3Router(model).route, "s3control": s3control_router}
)
_VALIDATORS: Final[Mapping[str, Callable[[Shape | None], Validator]]] = MappingProxyType(
    {"iam": compile_iam_validator, "s3": compile_s3_validator}
)


def protocol_of(service: str, protocol: str) -> Protocol | None:
    """The protocol as a service speaks it, None if it is not built."""
    usual = PROTOCOLS.get(protocol)
    if usual is None:
        return None
    return usual._replace(
        router=_ROUTERS.get(service, usual.router), validator=_VALIDATORS.get(service, usual.validator)
    )
