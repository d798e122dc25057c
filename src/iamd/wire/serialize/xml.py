"""XML written from shapes, by closures over ready-made tags."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from iamd.wire.models import Shape
from iamd.wire.parse.xml_body import element_name
from iamd.wire.scalars import COMPLEX, scalar_writer

Out = Callable[[str], None]
"""Takes the next piece of the document."""
ElementWriter = Callable[[Out, Any], None]

_SPECIAL: Final = re.compile(r"[&<>\"\x00-\x08\x0b-\x1f\ufffe\uffff]")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED: Final[Mapping[str, str]] = MappingProxyType({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def _reference(found: re.Match[str]) -> str:
    character = found[0]
    return _NAMED.get(character) or f"&#x{ord(character):x};"


def escape(text: str) -> str:
    """Text for XML. What XML 1.0 cannot hold becomes a numeric reference, as AWS writes it (keys of objects may)."""
    return _SPECIAL.sub(_reference, text) if _SPECIAL.search(text) else text


def escape_for_error(text: str) -> str:
    """Text of an error, which every client must be able to parse: characters that XML 1.0 forbids are replaced."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def compile_element_writer(shape: Shape, name: str, *, millis: bool) -> ElementWriter:
    """A writer of the element `name` that holds a value of the shape; None is never written."""
    opening, closing = f"<{name}>", f"</{name}>"
    if shape.type in COMPLEX:
        content = compile_content_writer(shape, millis=millis)
        if shape.type == "structure":
            opener = _attribute_opener(shape, name)
            if opener is not None:
                return _with_attributes(opener, content, closing)

        def write_complex(out: Out, value: Any) -> None:
            out(opening)
            content(out, value)
            out(closing)

        return write_complex
    convert = scalar_writer(shape, millis=millis)
    if convert is None:
        search, sub = _SPECIAL.search, _SPECIAL.sub

        def write_text(out: Out, value: Any) -> None:
            out(f"{opening}{sub(_reference, value) if search(value) else value}{closing}")

        return write_text

    def write_scalar(out: Out, value: Any) -> None:
        out(f"{opening}{convert(value)}{closing}")

    return write_scalar


def _attribute_opener(shape: Shape, name: str) -> Callable[[Mapping[str, Any]], str] | None:
    """What opens a structure with members that are attributes (a Grantee's `xsi:type`), None where there are none."""
    attributes = [(m.location_name or n, n) for n, m in shape.members.items() if m.traits.get("xmlAttribute")]
    if not attributes:
        return None
    space = shape.traits.get("xmlNamespace")
    declaration = f' xmlns:{space["prefix"]}="{space["uri"]}"' if space and "prefix" in space else ""

    def opener(value: Mapping[str, Any]) -> str:
        given = "".join(f' {wire}="{escape(value[member])}"' for wire, member in attributes if member in value)
        return f"<{name}{declaration}{given}>"

    return opener


def _with_attributes(opener: Callable[[Mapping[str, Any]], str], content: ElementWriter, closing: str) -> ElementWriter:
    def write(out: Out, value: Any) -> None:
        out(opener(value))
        content(out, value)
        out(closing)

    return write


def compile_content_writer(shape: Shape, *, millis: bool) -> ElementWriter:
    """A writer of what stands inside a complex shape's element."""
    if shape.type == "structure":
        return compile_members_writer(dict(shape.body_members()), millis=millis)
    if shape.type == "list":
        return _list_content(
            compile_element_writer(shape.element, shape.element.location_name or "member", millis=millis)
        )
    return _map_content(shape, "entry", millis=millis)


def compile_members_writer(members: Mapping[str, Shape], *, millis: bool) -> ElementWriter:
    """A writer of the members given, in the model's order; absent and None are skipped."""
    writers: list[tuple[str, ElementWriter]] = []
    for name, member in members.items():
        wire = element_name(name, member)
        if member.traits.get("xmlAttribute"):
            continue
        if member.type == "list" and member.flattened:
            writers.append((name, _list_content(compile_element_writer(member.element, wire, millis=millis))))
        elif member.type == "map" and member.flattened:
            writers.append((name, _map_content(member, wire, millis=millis)))
        else:
            writers.append((name, compile_element_writer(member, wire, millis=millis)))

    def write_members(out: Out, value: Any) -> None:
        get = value.get
        for name, write in writers:
            item = get(name)
            if item is not None:
                write(out, item)

    return write_members


def _list_content(write: ElementWriter) -> ElementWriter:
    def write_items(out: Out, value: Any) -> None:
        for item in value:
            write(out, item)

    return write_items


def _map_content(shape: Shape, entry: str, *, millis: bool) -> ElementWriter:
    write_key = compile_element_writer(shape.key, shape.key.location_name or "key", millis=millis)
    write_value = compile_element_writer(shape.value, shape.value.location_name or "value", millis=millis)

    def write_entries(out: Out, value: Any) -> None:
        for key, item in value.items():
            out(f"<{entry}>")
            write_key(out, key)
            write_value(out, item)
            out(f"</{entry}>")

    return write_entries
