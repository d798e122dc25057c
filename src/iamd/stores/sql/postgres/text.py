"""Values on their way to PostgreSQL and back: any text, integers of 64 bits, booleans as 0 and 1.

PostgreSQL's text cannot hold U+0000, which the port allows. U+0000 and U+0001 are written as two characters each, so
that what sorts before or begins with something else does so still.
"""

from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap
from psycopg.types.bool import BoolDumper
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import StrDumperUnknown, TextBinaryLoader

INT8_OID = 20


class TextDumper(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(escape(obj))


class EscapedTextLoader(TextBinaryLoader):
    def load(self, data: Buffer) -> str:
        text = super().load(data)
        assert isinstance(text, str)  # noqa: S101  # the connection's encoding is UTF-8
        return unescape(text)


class FlagDumper(BoolDumper):
    oid = INT8_OID

    def dump(self, obj: bool) -> Buffer | None:
        return b"1" if obj else b"0"


def escape(text: str) -> str:
    if "\0" in text or "\1" in text:
        return text.replace("\1", "\1\2").replace("\0", "\1\1")
    return text


def unescape(text: str) -> str:
    return text.replace("\1\1", "\0").replace("\1\2", "\1") if "\1" in text else text


def teach(adapters: AdaptersMap) -> None:
    """Make a connection write and read values so."""
    adapters.register_dumper(str, TextDumper)
    adapters.register_dumper(int, Int8BinaryDumper)
    adapters.register_dumper(bool, FlagDumper)
    adapters.register_loader("text", EscapedTextLoader)
