"""What a page of the console reads: an operation's result, or why there is none, as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from iamd.authz.explaining import explanation_of
from iamd.console.answers import as_json, refusal
from iamd.kernel.call import Call, Voice
from iamd.model.errors import AwsError
from iamd.model.http import HttpResponse
from iamd.wire.models import Shape
from iamd.wire.service import ServiceSpec
from iamd.wire.values import write_iso8601_millis


class _Json:
    def answer(self, call: Call, result: Mapping[str, Any]) -> HttpResponse:
        assert call.operation is not None  # noqa: S101  # only what was performed is answered
        shape = call.operation.spec.output_shape
        return as_json({} if shape is None else _written(shape, result))

    def refuse(self, call: Call, spec: ServiceSpec, fault: AwsError) -> HttpResponse:
        """With the explanation, where it is policies that refuse."""
        del spec
        verdict = next((each for each in call.verdicts if each.denial is fault), None)
        return refusal(fault, call.request_id, None if verdict is None else explanation_of(verdict))


JSON: Final[Voice] = _Json()


def _written(shape: Shape, value: Any) -> Any:
    """The members that the model knows, as a serializer would write them."""
    match shape.type:
        case "structure":
            return {
                name: _written(member, value[name])
                for name, member in shape.members.items()
                if value.get(name) is not None and not member.traits.get("streaming")
            }
        case "list":
            return [_written(shape.element, item) for item in value]
        case "map":
            return {str(name): _written(shape.value, item) for name, item in value.items()}
        case "timestamp":
            return write_iso8601_millis(value) if isinstance(value, datetime) else value
        case _:
            return value
