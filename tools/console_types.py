"""Writes web/src/api/types.ts: TypeScript types of the operations that the console calls, from the service models.

python tools/console_types.py
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import botocore.session
from botocore.model import Shape

from iamd.console.reading import BY_NAME
from iamd.kernel.paging import NAME_PREFIX

ROOT: Final = Path(__file__).resolve().parent.parent
CALLED: Final = ROOT / "web" / "operations.json"
TYPES: Final = ROOT / "web" / "src" / "api" / "types.ts"
_SCALARS: Final = {"string": "string", "character": "string", "boolean": "boolean", "blob": "string"}
_NUMBERS: Final = frozenset({"integer", "long", "float", "double"})


def types() -> str:
    """The whole file: blobs are base64 and timestamps ISO 8601, as the console's API writes them."""
    called: dict[str, list[str]] = json.loads(CALLED.read_bytes())
    lines = [
        "// Generated from the service models by `make api`; do not edit.",
        "// Blobs are base64, timestamps ISO 8601.",
        "",
    ]
    operations = ["export interface Operations {"]
    session = botocore.session.get_session()
    for service, names in called.items():
        model = session.get_service_model(service)
        needed: dict[str, Shape] = {}
        operations.append(f"  {service}: {{")
        for name in sorted(names):
            operation = model.operation_model(name)
            asked, answered = (
                _side(service, shape, needed) for shape in (operation.input_shape, operation.output_shape)
            )
            if name in BY_NAME.get(service, ()):
                asked += f" & {{ {NAME_PREFIX}?: string }}"
            operations.append(f"    {name}: {{ input: {asked}; output: {answered} }};")
        operations.append("  };")
        lines += _interfaces(service, needed)
    return "\n".join([*lines, *operations, "}"]) + "\n"


def _side(service: str, shape: Shape | None, needed: dict[str, Shape]) -> str:
    return "Record<string, never>" if shape is None else _written(service, shape, needed)


def _written(service: str, shape: Shape, needed: dict[str, Shape]) -> str:
    kind = shape.type_name
    if kind == "structure":
        if not shape.members:
            return "Record<string, never>"
        needed.setdefault(shape.name, shape)
        return f"{service.capitalize()}{shape.name}"
    if kind == "list":
        return f"Array<{_written(service, shape.member, needed)}>"
    if kind == "map":
        return f"Record<string, {_written(service, shape.value, needed)}>"
    if values := getattr(shape, "enum", None):
        return " | ".join(json.dumps(each) for each in values)
    return "number" if kind in _NUMBERS else _SCALARS.get(kind, "string")


def _interfaces(service: str, needed: dict[str, Shape]) -> Iterator[str]:
    written: set[str] = set()
    while waiting := sorted(needed.keys() - written):
        for name in waiting:
            shape: Any = needed[name]
            written.add(name)
            yield f"export interface {service.capitalize()}{name} {{"
            for member, inner in shape.members.items():
                optional = "" if member in shape.required_members else "?"
                yield f"  {member}{optional}: {_written(service, inner, needed)};"
            yield "}"
            yield ""


def main() -> None:
    TYPES.write_text(types())


if __name__ == "__main__":
    main()
