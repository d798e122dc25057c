"""Values of a flat form whose names are paths (`Tags.member.1.Key`), in the dialect of a protocol."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.forms import form_of
from iamd.wire.models import Shape
from iamd.wire.scalars import COMPLEX, scalar_reader
from iamd.wire.values import BadValueError

MAX_DEPTH: Final = 24
"""Components of one parameter's name; the deepest in the models has nine."""

Node = dict[str, Any]
"""The names below a prefix; the value that stands at the prefix itself is under ""."""
NodeReader = Callable[[Node], Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What sets the protocols with forms apart.

    `member_name` is how a member is called on the wire, `item_name` what stands between a list and an index ("":
    nothing). `bad_value` takes a name, the text and what is wrong with it. `unknown` refuses a name that the model does
    not have, None: such names are ignored.
    """

    member_name: Callable[[str, Shape], str]
    item_name: Callable[[Shape], str]
    malformed: Callable[[str], AwsError]
    bad_value: Callable[[str, str, BadValueError], AwsError]
    unknown: Callable[[str], AwsError] | None


class FormReaders:
    """Makes the readers of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def parser(self, shape: Shape, free: frozenset[str]) -> Callable[[HttpRequest], dict[str, Any]]:
        """The reader of a whole form; `free` are names that belong to the protocol and not to the model."""
        dialect = self._dialect
        scalars: dict[str, tuple[str, Callable[[str], Any] | None]] = {}
        nested: dict[str, tuple[str, NodeReader]] = {}
        for name, member in shape.members.items():
            wire = dialect.member_name(name, member)
            if member.type in COMPLEX:
                nested[wire] = name, self._reader(member, wire)
            else:
                scalars[wire] = name, None if member.type == "string" else scalar_reader(member)
        check_names = self._names_check({*scalars, *nested, *free})

        def parse(request: HttpRequest) -> dict[str, Any]:
            form = form_of(request)
            params: dict[str, Any] = {}
            for wire, (name, read) in scalars.items():
                text = form.get(wire)
                if text is not None:
                    try:
                        params[name] = text if read is None else read(text)
                    except BadValueError as bad:
                        raise dialect.bad_value(wire, text, bad) from None
            if nested:
                self._read_nested(form, nested, params)
            if check_names is not None:
                check_names(form)
            return params

        return parse

    def _names_check(self, known: set[str]) -> Callable[[Mapping[str, str]], None] | None:
        unknown = self._dialect.unknown
        if unknown is None:
            return None

        def check(form: Mapping[str, str]) -> None:
            for key in form:
                head = key.partition(".")[0]
                if head not in known and not head.startswith("X-Amz-"):
                    raise unknown(head)

        return check

    def _read_nested(
        self, form: Mapping[str, str], nested: Mapping[str, tuple[str, NodeReader]], params: dict[str, Any]
    ) -> None:
        trees: dict[str, Node] = {}
        for key, value in form.items():
            head, dot, tail = key.partition(".")
            if head not in nested:
                continue
            node = trees.setdefault(head, {})
            if dot:
                parts = tail.split(".", MAX_DEPTH)
                if len(parts) > MAX_DEPTH or "" in parts:
                    raise self._dialect.malformed(f"{key[:200]} is not a valid parameter name")
                for part in parts:
                    node = node.setdefault(part, {})
            node[""] = value
        for wire, node in trees.items():
            name, read = nested[wire]
            params[name] = read(node)

    def _reader(self, shape: Shape, wire: str) -> NodeReader:
        match shape.type:
            case "structure":
                return self._structure(shape)
            case "list":
                return self._list(shape, wire)
            case "map":
                return self._map(shape)
            case _:
                return self._leaf(shape, wire)

    def _leaf(self, shape: Shape, wire: str) -> NodeReader:
        read, dialect = scalar_reader(shape), self._dialect

        def read_leaf(node: Node) -> Any:
            text = node.get("")
            if text is None or len(node) > 1:
                raise dialect.malformed("Unexpected complex element termination")
            try:
                return read(text)
            except BadValueError as bad:
                raise dialect.bad_value(wire, text, bad) from None

        return read_leaf

    def _structure(self, shape: Shape) -> NodeReader:
        dialect = self._dialect
        named = [(dialect.member_name(name, member), name, member) for name, member in shape.members.items()]
        table = {wire: (name, self._reader(member, wire)) for wire, name, member in named}

        def read_structure(node: Node) -> dict[str, Any]:
            if node.get(""):
                raise dialect.malformed("Unexpected complex element termination")
            out: dict[str, Any] = {}
            for wire, child in node.items():
                entry = table.get(wire) if wire else None
                if entry is not None:
                    out[entry[0]] = entry[1](child)
                elif wire and dialect.unknown is not None:
                    raise dialect.unknown(wire)
            return out

        return read_structure

    def _in_order(self, node: Node) -> list[Node]:
        """A list's items by their index. Indices are names here, never sizes: a hole or a huge one costs nothing."""
        malformed = self._dialect.malformed
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

    def _list(self, shape: Shape, wire: str) -> NodeReader:
        read = self._reader(shape.element, wire)
        name, malformed = self._dialect.item_name(shape), self._dialect.malformed

        def read_list(node: Node) -> list[Any]:
            if node.get(""):
                raise malformed("Unexpected list element termination")
            if name:
                if any(child and child != name for child in node):
                    raise malformed("Start of structure or map found where not expected.")
                node = node.get(name, {})
            return [read(child) for child in self._in_order(node)]

        return read_list

    def _map(self, shape: Shape) -> NodeReader:
        key_name, value_name = shape.key.location_name or "key", shape.value.location_name or "value"
        read_key, read_value = self._reader(shape.key, key_name), self._reader(shape.value, value_name)
        flattened, malformed = shape.flattened, self._dialect.malformed

        def read_map(node: Node) -> dict[str, Any]:
            out: dict[str, Any] = {}
            for entry in self._in_order(node if flattened else node.get("entry", {})):
                if key_name not in entry or value_name not in entry:
                    raise malformed("A map entry must have a key and a value.")
                key = read_key(entry[key_name])
                if key in out:
                    raise malformed("A map must not have the same key twice.")
                out[key] = read_value(entry[value_name])
            return out

        return read_map
