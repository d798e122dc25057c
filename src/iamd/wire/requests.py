"""Requests as an SDK writes them, unsigned: for a door that gets the input of an operation in another form."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import md5
from typing import Any
from urllib.parse import urlencode

from iamd.model.http import Headers


@dataclass(frozen=True, slots=True)
class Written:
    method: str
    path: bytes
    query: bytes
    headers: Headers
    body: bytes


def write_request(service: str, operation: str, params: Mapping[str, Any]) -> Written:
    """The request of an operation with this input, whose members are those of the model, typed."""
    from botocore.serialize import create_serializer  # noqa: PLC0415  # costs a sixth of a second

    model = _service_model(service)
    operation_model = model.operation_model(operation)
    made = create_serializer(model.metadata["protocol"]).serialize_to_request(params, operation_model)
    path, mark, query = made["url_path"].partition("?")
    given = made["query_string"]
    pairs = list(given.items()) if isinstance(given, Mapping) else list(given)
    further = urlencode(pairs, doseq=True)
    body = made["body"].encode("utf-8") if isinstance(made["body"], str) else bytes(made["body"] or b"")
    headers = [(name.lower().encode("latin-1"), str(value).encode("utf-8")) for name, value in made["headers"].items()]
    if operation_model.http_checksum.get("requestChecksumRequired"):
        headers.append((b"content-md5", b64encode(md5(body, usedforsecurity=False).digest())))
    return Written(
        made["method"],
        path.encode("ascii"),
        "&".join(part for part in (query if mark else "", further) if part).encode("ascii"),
        headers,
        body,
    )


@cache
def _service_model(service: str) -> Any:
    from botocore.loaders import Loader  # noqa: PLC0415  # as above
    from botocore.model import ServiceModel  # noqa: PLC0415  # as above

    return ServiceModel(Loader().load_service_model(service, "service-2"), service)
