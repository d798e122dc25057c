"""The json protocol's input: one object."""

from collections.abc import Callable
from typing import Any

from iamd.model.http import HttpRequest
from iamd.wire.faults import serialization
from iamd.wire.models import Model
from iamd.wire.parse.json_text import read_object
from iamd.wire.parse.json_values import JsonReaders
from iamd.wire.values import BadValueError


def compile_json_parser(model: Model, operation: str) -> Callable[[HttpRequest], dict[str, Any]]:
    shape = model.input_of(operation)
    read = JsonReaders().members(shape.members if shape is not None else {})

    def parse(request: HttpRequest) -> dict[str, Any]:
        if not request.body:
            raise serialization("The request body is empty.")
        try:
            return read(read_object(request.body))
        except BadValueError as bad:
            raise serialization(str(bad)) from None

    return parse
