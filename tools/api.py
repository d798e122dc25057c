"""Writes `src/iamd/services/<service>/api.py`: the types of the built operations, from the service model.

python tools/api.py                                  every service that has operations
python tools/api.py iam s3                           these
python tools/api.py iam --operations GetUser …       for a list of operations (`all`: all), whatever is built
python tools/api.py --check                          write nothing; exit 1 where a file is out of date
"""

import argparse
import ast
import keyword
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from botocore import xform_name

from iamd.wire.models import Model, Shape, load_model

ROOT: Final = Path(__file__).resolve().parent.parent
SERVICES: Final = ROOT / "src" / "iamd" / "services"
WIDTH: Final = 120
MAX_LITERAL: Final = 24
"""An enum with more values is plain text in the types (the wire still checks it)."""
SCALARS: Final = {
    "integer": "int",
    "long": "int",
    "short": "int",
    "byte": "int",
    "float": "float",
    "double": "float",
    "boolean": "bool",
    "blob": "bytes",
}
OPEN_ENUMS: Final = frozenset({"BucketLocationConstraint"})
ANY_TEXT_DATES: Final = frozenset({"Expires"})
"""S3 keeps whatever text it is given there."""


def built_operations(folder: Path, model: Model) -> list[str]:
    """AWS names of the functions marked `@service.operation` in a service's operation files."""
    names = {xform_name(name): name for name in model.operations}
    found: list[str] = []
    for path in sorted((folder / "operations").glob("*.py")):
        for node in ast.parse(path.read_text(), str(path)).body:
            if isinstance(node, ast.FunctionDef) and any(_marks(decorator) for decorator in node.decorator_list):
                if node.name not in names:
                    sys.exit(f"{path.relative_to(ROOT)}: {node.name} is no operation of {model.name}")
                found.append(names[node.name])
    return sorted(found)


def _marks(decorator: ast.expr) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(target, ast.Attribute) and target.attr == "operation"


class Writer:
    """Collects the declarations of one service, each behind those that it needs."""

    def __init__(self, model: Model, operations: list[str]) -> None:
        self.model = model
        self.blocks: list[str] = []
        self.literals: dict[str, str] = {}
        self.done: set[str] = set()
        self.imports: set[str] = set()
        self.taken = {f"{name}{side}" for name in operations for side in ("Request", "Response")}
        self.answered: set[str] = set()
        for name in operations:
            self._reach(model.output_of(name), self.answered)

    def _reach(self, shape: Shape | None, seen: set[str]) -> None:
        """The structures that an answer can hold: their enums are plain text, so that code can build them simply."""
        if shape is None or shape.name in seen:
            return
        seen.add(shape.name)
        for member in shape.members.values():
            self._reach(member, seen)
        if shape.type == "list":
            self._reach(shape.element, seen)
        if shape.type == "map":
            self._reach(shape.value, seen)

    def operation(self, name: str) -> None:
        self._structure(f"{name}Request", self.model.input_of(name), answer=False)
        self._structure(f"{name}Response", self.model.output_of(name), answer=True)

    def _structure(self, name: str, shape: Shape | None, *, answer: bool) -> None:
        lines = [f"class {name}(TypedDict):"]
        required = set(shape.required) if shape is not None else set()
        for member, target in shape.members.items() if shape is not None else ():
            if keyword.iskeyword(member):
                sys.exit(f"{name}.{member} cannot be written as a class")
            kind = self._type(member, target, answer=answer)
            if member not in required:
                self.imports.add("NotRequired")
                kind = f"NotRequired[{kind}]"
            lines.append(f"    {member}: {kind}")
        if len(lines) == 1:
            lines.append("    pass")
        self.imports.add("TypedDict")
        self.blocks.append("\n".join(lines))

    def _type(self, member: str, shape: Shape, *, answer: bool) -> str:
        if shape.traits.get("streaming"):
            self.imports.add("BlobSlice" if answer else "BlobRef")
            return "BlobSlice | bytes" if answer else "BlobRef"
        match shape.type:
            case "structure" if shape.traits.get("document"):
                self.imports.add("Any")
                return "Any"
            case "structure" if shape.traits.get("eventstream"):
                return "object"
            case "structure":
                return self._nested(shape)
            case "list":
                return f"list[{self._type('', shape.element, answer=answer)}]"
            case "map":
                return f"dict[str, {self._type('', shape.value, answer=answer)}]"
            case "string" | "character":
                return self._text(shape, answer=answer)
            case "timestamp":
                self.imports.add("datetime")
                loose = member in ANY_TEXT_DATES and shape.location == "header"
                return "datetime | str" if loose else "datetime"
            case scalar:
                return SCALARS[scalar]

    def _nested(self, shape: Shape) -> str:
        name = shape.name[:1].upper() + shape.name[1:]
        if name in self.taken:
            name += "Shape"
        if shape.name not in self.done:
            self.done.add(shape.name)
            self._structure(name, shape, answer=shape.name in self.answered)
        elif not any(block.startswith(f"class {name}(") for block in self.blocks):
            return f'"{name}"'  # it holds itself
        return name

    def _text(self, shape: Shape, *, answer: bool) -> str:
        values = shape.enum
        if answer or not values or len(values) > MAX_LITERAL or shape.name in OPEN_ENUMS:
            return "str"
        self.imports.add("Literal")
        name = shape.name[:1].upper() + shape.name[1:]
        line = f"{name} = Literal[{', '.join(_quoted(value) for value in values)}]"
        if len(line) > WIDTH:
            line = "\n".join([f"{name} = Literal[", *(f"    {_quoted(value)}," for value in values), "]"])
        self.literals[name] = line
        return name

    def text(self) -> str:
        blob = sorted(self.imports & {"BlobRef", "BlobSlice"})
        typing = sorted(self.imports & {"Any", "Literal", "NotRequired", "TypedDict"})
        stdlib = ["from datetime import datetime"] if "datetime" in self.imports else []
        stdlib += [f"from typing import {', '.join(typing)}"] if typing else []
        own = [f"from iamd.model.blob import {', '.join(blob)}"] if blob else []
        imports = "\n\n".join("\n".join(group) for group in (stdlib, own) if group)
        intro = f'"""Types of the built operations of {self.model.name}: generated by `make api`, not edited."""'
        head = "\n\n".join(part for part in (intro, imports) if part)
        literals = "\n".join(self.literals[name] for name in sorted(self.literals))
        first = f"{head}\n\n{literals}" if literals else head
        return "\n\n\n".join([first, *self.blocks]) + "\n"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def generate(service: str, operations: Iterable[str]) -> str:
    """The text of `api.py` for a list of operations of a service."""
    model = load_model(service)
    names = sorted(operations)
    writer = Writer(model, names)
    for name in names:
        if name not in model.operations:
            sys.exit(f"{service} has no operation {name}")
        writer.operation(name)
    return writer.text()


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the types of the built operations.")
    parser.add_argument("services", nargs="*")
    parser.add_argument("--operations", nargs="+", help="these instead of the built ones; `all` for all")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 where a file is out of date")
    options = parser.parse_args()
    found = sorted(path.parent.name for path in SERVICES.glob("*/operations"))
    stale = 0
    for service in options.services or found:
        model = load_model(service.replace("_", "-"))
        chosen = options.operations or built_operations(SERVICES / service, model)
        text = generate(model.name, model.operations if chosen == ["all"] else chosen)
        path = SERVICES / service / "api.py"
        if options.check:
            if not path.exists() or path.read_text() != text:
                print(f"{path.relative_to(ROOT)} is out of date: run `make api`")
                stale = 1
        else:
            path.write_text(text)
    return stale


if __name__ == "__main__":
    sys.exit(main())
