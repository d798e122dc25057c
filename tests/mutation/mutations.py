"""Small changes to a module's source, each of which some test must notice.

A mutant is named by where it is and what it does: `policy/combine.py combine Eq->NotEq 2` is the third such change in
that function. The names stay while the function does.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SOURCE: Final = Path(__file__).parents[2] / "src" / "iamd"
_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATIONS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.RShift: ast.LShift,
    ast.LShift: ast.RShift,
}
_CALLS: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}
_METHODS: Final = {"startswith": "endswith", "endswith": "startswith", "lower": "strip", "partition": "rpartition"}
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Change = Callable[[], None]


@dataclass(frozen=True, order=True)
class Mutant:
    """`path` is relative to the package, `function` "" for the module itself, `number` counts equal changes in it."""

    path: str
    function: str
    change: str
    number: int

    def __str__(self) -> str:
        return f"{self.path} {self.function or '-'} {self.change} {self.number}"

    @classmethod
    def named(cls, text: str) -> "Mutant":
        path, function, change, number = text.split(" ")
        return cls(path, "" if function == "-" else function, change, int(number))


def mutants_of(path: Path) -> list[Mutant]:
    return [mutant for mutant, _, _ in _walk(path)]


def mutated(mutant: Mutant) -> str:
    """The source with that change. Raises KeyError where the code has changed and there is no such mutant."""
    for found, change, tree in _walk(SOURCE / mutant.path):
        if found == mutant:
            change()
            return ast.unparse(ast.fix_missing_locations(tree))
    raise KeyError(str(mutant))


def _walk(path: Path) -> Iterator[tuple[Mutant, Change, ast.Module]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    counts = Counter[tuple[str, str]]()
    relative = path.relative_to(SOURCE).as_posix()
    for function, node in _nodes(tree, ""):
        for name, change in _changes(node):
            number = counts[function, name]
            counts[function, name] += 1
            yield Mutant(relative, function, name, number), change, tree


def _nodes(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """What runs: no annotations, docstrings and decorators."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_prose(child) or isinstance(child, ast.Import | ast.ImportFrom):
                continue
            inner = f"{function}.{child.name}".lstrip(".") if isinstance(child, _FUNCTIONS) else function
            yield inner, child
            yield from _nodes(child, inner)


def _is_prose(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """The ways to change this node, by name; each changes it in place."""
    make = _MAKERS.get(type(node))
    if make is not None:
        yield from make(node)


def _comparisons(node: Any) -> Iterator[tuple[str, Change]]:
    for number, operator in enumerate(node.ops):
        other = _COMPARISONS[type(operator)]
        yield f"{type(operator).__name__}->{other.__name__}", _setting(node.ops, number, other())


def _connectives(node: Any) -> Iterator[tuple[str, Change]]:
    other = ast.Or if isinstance(node.op, ast.And) else ast.And
    yield f"{type(node.op).__name__}->{other.__name__}", _replacing(node, "op", other())


def _arithmetic(node: Any) -> Iterator[tuple[str, Change]]:
    other = _OPERATIONS.get(type(node.op))
    if other is not None:
        yield f"{type(node.op).__name__}->{other.__name__}", _replacing(node, "op", other())


def _negations(node: Any) -> Iterator[tuple[str, Change]]:
    if isinstance(node.op, ast.Not):
        yield "Not->NotNot", _replacing(node, "operand", ast.UnaryOp(ast.Not(), node.operand))


def _tests(node: Any) -> Iterator[tuple[str, Change]]:
    if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield "If->IfNot", _replacing(node, "test", ast.UnaryOp(ast.Not(), node.test))


def _constants(node: Any) -> Iterator[tuple[str, Change]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value}->{not value}", _replacing(node, "value", not value)
    elif isinstance(value, int):
        yield "Number->Next", _replacing(node, "value", value + 1)
    elif isinstance(value, str):
        yield "Text->Other", _replacing(node, "value", f"XX{value}")


def _returns(node: Any) -> Iterator[tuple[str, Change]]:
    if node.value is not None and not isinstance(node.value, ast.Constant):
        yield "Return->None", _replacing(node, "value", ast.Constant(None))


def _calls(node: Any) -> Iterator[tuple[str, Change]]:
    for kind, attribute, others in ((ast.Name, "id", _CALLS), (ast.Attribute, "attr", _METHODS)):
        name = getattr(node.func, attribute, "")
        if isinstance(node.func, kind) and name in others:
            yield f"{name}->{others[name]}", _replacing(node.func, attribute, others[name])


_MAKERS: Final[dict[type[ast.AST], Callable[[Any], Iterator[tuple[str, Change]]]]] = {
    ast.Compare: _comparisons,
    ast.BoolOp: _connectives,
    ast.BinOp: _arithmetic,
    ast.AugAssign: _arithmetic,
    ast.UnaryOp: _negations,
    ast.If: _tests,
    ast.IfExp: _tests,
    ast.While: _tests,
    ast.Constant: _constants,
    ast.Return: _returns,
    ast.Call: _calls,
}


def _replacing(node: ast.AST, attribute: str, value: Any) -> Change:
    return lambda: setattr(node, attribute, value)


def _setting(items: list[Any], number: int, value: Any) -> Change:
    return lambda: items.__setitem__(number, value)
