"""The query protocol's input: a flat form whose names are paths (`Tags.member.1.Key`)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.forms import form_of
from iamd.wire.models import Model, Shape
from iamd.wire.scalars import COMPLEX, scalar_reader
from iamd.wire.values import BadValueError

MAX_DEPTH: Final = 24
"""Components of one parameter's name; the deepest in the models has nine."""

Node = dict[str, Any]
"""The names below a prefix; the value that stands at the prefix itself is under ""."""
NodeReader = Callable[[Node], Any]


def malformed(message: str) -> AwsError:
    return AwsError("MalformedInput", message)


def compile_query_parser(model: Model, operation: str) -> Callable[[HttpRequest], dict[str, Any]]:
    shape = model.input_of(operation)
    if shape is None:
        return _parse_nothing
    scalars: list[tuple[str, str, Callable[[str], Any] | None]] = []
    nested: dict[str, tuple[str, NodeReader]] = {}
    for name, member in shape.members.items():
        wire = _wire_name(name, member)
        if member.type in COMPLEX:
            nested[wire] = (name, _node_reader(member))
        else:
            scalars.append((wire, name, None if member.type == "string" else scalar_reader(member)))

    def parse(request: HttpRequest) -> dict[str, Any]:
        form = form_of(request)
        params: dict[str, Any] = {}
        try:
            for wire, name, read in scalars:
                text = form.get(wire)
                if text is not None:
                    params[name] = text if read is None else read(text)
            if nested:
                _read_nested(form, nested, params)
        except BadValueError as bad:
            raise malformed(str(bad)) from None
        return params

    return parse


def _parse_nothing(request: HttpRequest) -> dict[str, Any]:
    form_of(request)
    return {}


def _read_nested(form: Mapping[str, str], nested: Mapping[str, tuple[str, NodeReader]], params: dict[str, Any]) -> None:
    trees: dict[str, Node] = {}
    for key, value in form.items():
        head, dot, tail = key.partition(".")
        if head not in nested:
            continue
        node = trees.setdefault(head, {})
        if dot:
            parts = tail.split(".", MAX_DEPTH)
            if len(parts) > MAX_DEPTH or "" in parts:
                raise malformed(f"{key[:200]} is not a valid parameter name")
            for part in parts:
                node = node.setdefault(part, {})
        node[""] = value
    for wire, node in trees.items():
        name, read = nested[wire]
        params[name] = read(node)


def _wire_name(name: str, member: Shape) -> str:
    if member.type == "list" and member.flattened and member.element.location_name:
        return member.element.location_name
    return member.location_name or name


def _node_reader(shape: Shape) -> NodeReader:
    match shape.type:
        case "structure":
            return _structure_reader(shape)
        case "list":
            return _list_reader(shape)
        case "map":
            return _map_reader(shape)
        case _:
            return _leaf_reader(shape)


def _leaf_reader(shape: Shape) -> NodeReader:
    read = scalar_reader(shape)

    def read_leaf(node: Node) -> Any:
        text = node.get("")
        if text is None or len(node) > 1:
            raise malformed("Unexpected complex element termination")
        return read(text)

    return read_leaf


def _structure_reader(shape: Shape) -> NodeReader:
    table = {_wire_name(name, member): (name, _node_reader(member)) for name, member in shape.members.items()}

    def read_structure(node: Node) -> dict[str, Any]:
        if node.get(""):
            raise malformed("Unexpected complex element termination")
        out: dict[str, Any] = {}
        for wire, child in node.items():
            entry = table.get(wire) if wire else None
            if entry is not None:
                out[entry[0]] = entry[1](child)
        return out

    return read_structure


def _in_order(node: Node) -> list[Node]:
    """A list's items by their index. Indices are names here, never sizes: a hole or a huge one costs nothing."""
    items: list[tuple[int, Node]] = []
    for index, child in node.items():
        if not index:
            continue
        if not (index.isascii() and index.isdigit()):
            raise malformed("Start of list found where not expected")
        if index[0] == "0":
            raise malformed("0 is not a valid index" if index == "0" else "Value found where not expected")
        if len(index) > 9:
            raise malformed(f"Index {index[:40]} is illegal")
        items.append((int(index), child))
    items.sort(key=lambda item: item[0])
    return [child for _, child in items]


def _list_reader(shape: Shape) -> NodeReader:
    read = _node_reader(shape.element)
    name = "" if shape.flattened else shape.element.location_name or "member"

    def read_list(node: Node) -> list[Any]:
        if node.get(""):
            raise malformed("Unexpected list element termination")
        if name:
            if any(child and child != name for child in node):
                raise malformed("Start of structure or map found where not expected.")
            node = node.get(name, {})
        return [read(child) for child in _in_order(node)]

    return read_list


def _map_reader(shape: Shape) -> NodeReader:
    read_key, read_value = _node_reader(shape.key), _node_reader(shape.value)
    key_name, value_name = shape.key.location_name or "key", shape.value.location_name or "value"
    flattened = shape.flattened

    def read_map(node: Node) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for entry in _in_order(node if flattened else node.get("entry", {})):
            if key_name not in entry or value_name not in entry:
                raise malformed("A map entry must have a key and a value.")
            key = read_key(entry[key_name])
            if key in out:
                raise malformed("A map must not have the same key twice.")
            out[key] = read_value(entry[value_name])
        return out

    return read_map
