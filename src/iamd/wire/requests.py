"""Requests as an SDK writes them, unsigned: for a door that gets the input of an operation in another form."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import md5
from typing import Any, Final
from urllib.parse import urlencode

from iamd.model.errors import AwsError
from iamd.model.http import Headers

# What no client of HTTP could send; stored, it could be sent to nobody either.
_NAME: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Written:
    method: str
    path: bytes
    query: bytes
    headers: Headers
    body: bytes


def write_request(service: str, operation: str, params: Mapping[str, Any]) -> Written:
    """The request of an operation with this input, whose members are those of the model, typed.

    Raises InvalidArgument for what no header can carry.
    """
    from botocore.serialize import create_serializer  # noqa: PLC0415  # costs a sixth of a second

    model = _service_model(service)
    operation_model = model.operation_model(operation)
    made = create_serializer(model.metadata["protocol"]).serialize_to_request(params, operation_model)
    path, mark, query = made["url_path"].partition("?")
    given = made["query_string"]
    pairs = list(given.items()) if isinstance(given, Mapping) else list(given)
    further = urlencode(pairs, doseq=True)
    body = made["body"].encode("utf-8") if isinstance(made["body"], str) else bytes(made["body"] or b"")
    headers = [(name.lower().encode("utf-8"), str(value).encode("utf-8")) for name, value in made["headers"].items()]
    if not all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers):
        raise AwsError("InvalidArgument", "Metadata and headers have printable characters only, names no blanks.")
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
