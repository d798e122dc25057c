"""Shapes read from XML elements. Unknown elements are ignored, as S3 does."""

from collections.abc import Callable
from typing import Any

from iamd.wire.models import Shape
from iamd.wire.parse.xml import BadXmlError, Element
from iamd.wire.scalars import COMPLEX, scalar_reader

ElementReader = Callable[[Element], Any]
_Adder = Callable[[dict[str, Any], Element], None]


def element_name(name: str, member: Shape) -> str:
    """The element that holds a member of a structure."""
    if member.type == "list" and member.flattened:
        return member.location_name or member.element.location_name or name
    return member.location_name or name


def compile_element_reader(shape: Shape) -> ElementReader:
    match shape.type:
        case "structure":
            return compile_structure_reader(dict(shape.body_members()))
        case "list":
            return _list_reader(shape)
        case "map":
            return _map_reader(shape)
        case _:
            return _leaf_reader(shape)


def _leaf_reader(shape: Shape) -> ElementReader:
    read = scalar_reader(shape)
    strip = shape.type not in {"string", "character"}

    def read_leaf(element: Element) -> Any:
        if element.children:
            raise BadXmlError(f"{element.name} holds elements")
        text = element.text
        return read(text.strip() if strip else text)

    return read_leaf


def compile_structure_reader(members: dict[str, Shape]) -> Callable[[Element], dict[str, Any]]:
    """A reader of the given members of a structure: all of them, or those that the body holds."""
    table: dict[str, _Adder] = {}
    attributes: list[tuple[str, str]] = []
    for name, member in members.items():
        wire = element_name(name, member)
        if member.traits.get("xmlAttribute"):
            attributes.append((wire.rpartition(":")[2], name))
        else:
            table[wire] = _adder(name, member)

    def read_structure(element: Element) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for attribute, name in attributes:
            if attribute in element.attributes:
                out[name] = element.attributes[attribute]
        for child in element.children:
            add = table.get(child.name)
            if add is not None:
                add(out, child)
        return out

    return read_structure


def _adder(name: str, member: Shape) -> _Adder:
    """What adds one child element to the structure: flattened lists and maps may come many times, all else once."""
    if member.type == "list" and member.flattened:
        read_item = compile_element_reader(member.element)
        return lambda out, child: out.setdefault(name, []).append(read_item(child))
    if member.type == "map" and member.flattened:
        read_entry = _entry_reader(member)
        return lambda out, child: _put(out.setdefault(name, {}), read_entry(child))
    read = compile_element_reader(member)

    def add_once(out: dict[str, Any], child: Element) -> None:
        if name in out:
            raise BadXmlError(f"{child.name} is given twice")
        out[name] = read(child)

    return add_once


def _list_reader(shape: Shape) -> ElementReader:
    read = compile_element_reader(shape.element)
    name = shape.element.location_name or "member"

    def read_list(element: Element) -> list[Any]:
        return [read(child) for child in element.children if child.name == name]

    return read_list


def _entry_reader(shape: Shape) -> Callable[[Element], tuple[Any, Any]]:
    if shape.key.type in COMPLEX:
        raise TypeError(f"{shape.name} has keys that are no scalars")
    read_key, read_value = compile_element_reader(shape.key), compile_element_reader(shape.value)
    key_name, value_name = shape.key.location_name or "key", shape.value.location_name or "value"

    def read_entry(element: Element) -> tuple[Any, Any]:
        found = {child.name: child for child in element.children}
        if key_name not in found or value_name not in found or len(element.children) != 2:
            raise BadXmlError("an entry has one key and one value")
        return read_key(found[key_name]), read_value(found[value_name])

    return read_entry


def _put(out: dict[Any, Any], entry: tuple[Any, Any]) -> None:
    if entry[0] in out:
        raise BadXmlError("a key is given twice")
    out[entry[0]] = entry[1]


def _map_reader(shape: Shape) -> ElementReader:
    read_entry = _entry_reader(shape)

    def read_map(element: Element) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for child in element.children:
            if child.name == "entry":
                _put(out, read_entry(child))
        return out

    return read_map
