"""JSON read strictly: no name twice, no NaN, no half characters, bounded nesting, numbers that keep their spelling."""

import json
import re
from collections import Counter
from typing import Any, Final, Self

MAX_DEPTH = 64
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class JsonTextError(ValueError):
    """Not the JSON we take; the message says why."""


class SpelledFloat(float):
    """A number with a fraction or an exponent, which keeps the digits that were written."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number


def scalar_text(value: float | bool) -> str:
    """The text of a JSON number or boolean as a policy means it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, SpelledFloat) else str(value)


def load_json(text: str | bytes) -> Any:
    """Raises JsonTextError."""
    value, repeated = load_json_leniently(text)
    if repeated is not None:
        raise JsonTextError(f'the name "{repeated}" is repeated')
    return value


def load_json_leniently(text: str | bytes) -> tuple[Any, str | None]:
    """The value, and the first name repeated within one object (the last one wins there); raises JsonTextError."""
    repeated: list[str] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) != len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.append(next(name for name, count in counts.items() if count > 1))
        return built

    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = json.loads(text, object_pairs_hook=build, parse_float=SpelledFloat, parse_constant=_refuse_constant)
    except RecursionError:
        raise JsonTextError("nested too deeply") from None
    except ValueError as error:
        raise JsonTextError(str(error)) from None
    if _too_deep(value):
        raise JsonTextError("nested too deeply")
    if _SURROGATE.search(text):
        _refuse_halves(value)
    return value, repeated[0] if repeated else None


def _refuse_constant(name: str) -> Any:
    raise JsonTextError(f"{name} is not JSON")


def _refuse_halves(value: Any) -> None:
    """Half of a surrogate pair is no character: it could be neither stored nor printed."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise JsonTextError("half of a surrogate pair") from None


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True
