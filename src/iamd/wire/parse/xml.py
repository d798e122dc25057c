"""XML that others wrote, read without trusting it: no DTD, no entities, bounded depth and size."""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MAX_DEPTH: Final = 40
MAX_ELEMENTS: Final = 150_000
"""A CompleteMultipartUpload of 10,000 parts with every checksum has 80,000."""


class BadXmlError(ValueError):
    """Text that is no XML, or XML that is refused."""


@dataclass(slots=True)
class Element:
    """`name` and the names of `attributes` are local names: prefixes are dropped, namespaces not compared."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            raise BadXmlError("too deep or too large")
        local = {key.rpartition(":")[2]: value for key, value in attributes.items() if not key.startswith("xmlns")}
        element = Element(name.rpartition(":")[2], local)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1].parts.append(text)

    def refuse(self, *_: object) -> None:
        raise BadXmlError("DTDs and entities are refused")


def read_xml(body: bytes) -> Element:
    """The document's root element. Raises BadXmlError."""
    builder = _Builder()
    # The encoding is fixed, whatever the declaration says: S3 speaks UTF-8.
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes nothing by name
    except expat.ExpatError as error:
        raise BadXmlError(str(error)) from None
    if builder.root is None:
        raise BadXmlError("no element")
    return builder.root
