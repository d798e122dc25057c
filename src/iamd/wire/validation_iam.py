"""IAM says of names and paths in words of its own what the model says by a pattern.

Recorded answers of CreateUser and its kin; lengths and missing members keep the general words and come first.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from iamd.model.errors import validation_error
from iamd.wire.models import Shape
from iamd.wire.patterns import compile_pattern
from iamd.wire.validation import Violations, lower_first, pattern_words, structure_check, violations_error

_NAME: Final = r"[\w+=,.@-]+"
_PATH: Final = r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)"
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        _NAME: "It must contain only alphanumeric characters and/or the following: +=,.@_-",
        _PATH: "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    }
)
_ENDINGS: Final = tuple(pattern_words(pattern) for pattern in _WORDS)


def compile_iam_validator(shape: Shape | None) -> Callable[[dict[str, Any]], None]:
    if shape is None:
        return lambda _params: None
    check = structure_check(shape)
    patterns = [(name, str(member.traits.get("pattern"))) for name, member in shape.members.items()]
    named = [(name, pattern) for name, pattern in patterns if pattern in _WORDS]

    def validate(params: dict[str, Any]) -> None:
        found: Violations = []
        check(params, "", found)
        if not found:
            return
        general = [sentence for sentence in found if not sentence.endswith(_ENDINGS)]
        for name, pattern in [] if general else named:
            value = params.get(name)
            if value is not None and compile_pattern(pattern)(value) is None:
                raise validation_error(f"The specified value for {lower_first(name)} is invalid. {_WORDS[pattern]}")
        raise violations_error(general or found)

    return validate
