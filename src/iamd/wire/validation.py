"""What the model demands of a request's values, in AWS's words."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.wire.models import Shape
from iamd.wire.patterns import compile_pattern
from iamd.wire.scalars import COMPLEX

Violations = list[str]
Check = Callable[[Any, str, Violations], None]
"""Takes a value and its path; adds one sentence per violated constraint."""
Constraint = tuple[Callable[[Any], bool], str]
"""Holds or not, and the words for it."""

MOST_VIOLATIONS: Final = 10
"""AWS tells no more of them at once (recorded answers of Kinesis)."""
_LONGEST: Final = 8_192
"""Characters of a value that are shown: nobody fills answers and the trail with what was refused."""
_STRINGS: Final = frozenset({"string", "character"})
_NUMBERS: Final = frozenset({"integer", "long", "short", "byte", "float", "double"})


def compile_validator(shape: Shape | None, code: str = "ValidationError") -> Callable[[dict[str, Any]], None]:
    if shape is None:
        return lambda _params: None
    check = structure_check(shape)

    def validate(params: dict[str, Any]) -> None:
        found: Violations = []
        check(params, "", found)
        if found:
            raise violations_error(found, code)

    return validate


def violations_error(found: Violations, code: str = "ValidationError") -> AwsError:
    found = found[:MOST_VIOLATIONS]
    count = "1 validation error" if len(found) == 1 else f"{len(found)} validation errors"
    return AwsError(code, f"{count} detected: {'; '.join(found)}")


def lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _sentence(shown: str, path: str, words: str) -> str:
    return f"Value{shown} at '{path[:_LONGEST]}' failed to satisfy constraint: {words}"


def show(value: Any) -> str:
    """A value as AWS's validators print it, Java's way; a very long one is cut."""
    text = _shown(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    if isinstance(value, list):
        return f"[{', '.join(_shown(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_shown(key)}={_shown(item)}' for key, item in value.items())}}}"
    return str(value)


Known = dict[str, Check]
"""The checks of the structures met so far: a structure may hold itself."""


def structure_check(shape: Shape, known: Known | None = None) -> Check:
    known = {} if known is None else known
    if shape.name in known:
        return known[shape.name]
    required = [(name, lower_first(name)) for name in shape.required]
    checks: dict[str, tuple[str, Check]] = {}

    def check_structure(value: Mapping[str, Any], path: str, found: Violations) -> None:
        prefix = f"{path}." if path else ""
        for name, item in value.items():
            entry = checks.get(name)
            if entry is not None:
                entry[1](item, prefix + entry[0], found)
        for name, shown in required:
            if value.get(name) is None:
                found.append(_sentence(" null", prefix + shown, "Member must not be null"))

    known[shape.name] = check_structure
    for name, member in shape.members.items():
        check = _check(member, known)
        if check is not None:
            checks[name] = (lower_first(name), check)
    return check_structure


def _check(shape: Shape, known: Known) -> Check | None:
    """The check of a member, None where the model demands nothing of it."""
    if shape.traits.get("streaming"):
        return None
    match shape.type:
        case "structure":
            return structure_check(shape, known)
        case "list":
            return _list_check(shape, known)
        case "map":
            return _map_check(shape, known)
        case _:
            constraints = scalar_constraints(shape)
            return _scalar_check(constraints, sensitive=shape.sensitive) if constraints else None


def _scalar_check(constraints: list[Constraint], *, sensitive: bool) -> Check:
    def check_scalar(value: Any, path: str, found: Violations) -> None:
        for holds, words in constraints:
            if not holds(value):
                found.append(_sentence("" if sensitive else f" '{show(value)}'", path, words))

    return check_scalar


def scalar_constraints(shape: Shape) -> list[Constraint]:
    traits = shape.traits
    out: list[Constraint] = []
    if shape.type in _STRINGS:
        if shape.enum:
            allowed = frozenset(shape.enum)
            words = f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
            return [(allowed.__contains__, words)]
        if "pattern" in traits:
            out.append(_pattern_constraint(traits["pattern"]))
        return out + _length_constraints(traits)
    if shape.type == "blob":
        return _length_constraints(traits)
    if shape.type in _NUMBERS:
        if "max" in traits:
            out.append((traits["max"].__ge__, f"Member must have value less than or equal to {traits['max']}"))
        if "min" in traits:
            out.append((traits["min"].__le__, f"Member must have value greater than or equal to {traits['min']}"))
    return out


def _pattern_constraint(pattern: str) -> Constraint:
    # Compiled with the first value: an operation has patterns that most of its callers never touch.
    return (lambda value: compile_pattern(pattern)(value) is not None), pattern_words(pattern)


def pattern_words(pattern: str) -> str:
    return f"Member must satisfy regular expression pattern: {pattern}"


def _length_constraints(traits: Mapping[str, Any]) -> list[Constraint]:
    out: list[Constraint] = []
    most, least = traits.get("max"), traits.get("min")
    if most is not None:
        out.append(((lambda value: len(value) <= most), f"Member must have length less than or equal to {most}"))
    if least:
        out.append(((lambda value: len(value) >= least), f"Member must have length greater than or equal to {least}"))
    return out


def _list_check(shape: Shape, known: Known) -> Check:
    lengths = _length_constraints(shape.traits)
    own = _scalar_check(lengths, sensitive=shape.sensitive or shape.element.sensitive) if lengths else None
    if shape.element.type not in COMPLEX:
        return _scalar_list_check(shape, own)
    inner = _check(shape.element, known)
    step = shape.element.location_name or "member"

    def check_list(value: list[Any], path: str, found: Violations) -> None:
        if own is not None:
            own(value, path, found)
        if inner is not None:
            for number, item in enumerate(value, 1):
                if len(found) >= MOST_VIOLATIONS:
                    break
                inner(item, f"{path}.{number}.{step}", found)

    return check_list


def _scalar_list_check(shape: Shape, own: Check | None) -> Check:
    """AWS reports a list of scalars as one value, with all the constraints of its items."""
    constraints = scalar_constraints(shape.element)
    words = f"Member must satisfy constraint: [{', '.join(text for _, text in constraints)}]"
    sensitive = shape.sensitive or shape.element.sensitive

    def check_scalars(value: list[Any], path: str, found: Violations) -> None:
        if own is not None:
            own(value, path, found)
        if not all(holds(item) for item in value for holds, _ in constraints):
            found.append(_sentence("" if sensitive else f" '{show(value)}'", path, words))

    return check_scalars


def _map_check(shape: Shape, known: Known) -> Check:
    lengths = _length_constraints(shape.traits)
    own = _scalar_check(lengths, sensitive=shape.sensitive or shape.value.sensitive) if lengths else None
    keys, values = scalar_constraints(shape.key), _check(shape.value, known)
    key_words = f"Map keys must satisfy constraint: [{', '.join(text for _, text in keys)}]"
    hidden = shape.sensitive or shape.value.sensitive or shape.key.sensitive

    def check_map(value: dict[Any, Any], path: str, found: Violations) -> None:
        if own is not None:
            own(value, path, found)
        if not all(holds(key) for key in value for holds, _ in keys):
            found.append(_sentence("" if hidden else f" '{show(value)}'", path, key_words))
        if values is not None:
            for key, item in value.items():
                if len(found) >= MOST_VIOLATIONS:
                    break
                values(item, f"{path}.{key}.member", found)

    return check_map
