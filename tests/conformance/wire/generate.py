"""Random values made from a shape of botocore's, within what the place of the value can carry."""

import math
import random
import string
from datetime import UTC, datetime, timedelta
from typing import Any

TEXT = string.ascii_letters + string.digits + "/._- &<>\"'=+%?#é漢😀"
TOKEN = string.ascii_letters + string.digits + "/._-=+%"
LABEL = string.ascii_lowercase + string.digits + "-"
DEEPEST = 12
FLAT = frozenset({"header", "headers", "uri", "querystring"})


class Maker:
    """Makes values. `fractions`: whether moments have fractions of seconds; `full`: every member of a structure."""

    def __init__(self, seed: str, *, fractions: bool = False, full: bool = False) -> None:
        self.random = random.Random(seed)  # noqa: S311 - test data
        self.fractions = fractions
        self.full = full
        self.depth = 0

    def structure(self, shape: Any, *, top: bool = False) -> Any:
        if shape.is_document_type:
            return self.document()
        self.depth += 1
        made = self._members(shape, top=top)
        self.depth -= 1
        return made

    def document(self) -> Any:
        return self.random.choice([{"a": [1, 2.5, None, {"b": "c"}]}, [], {}, {"é": True}])

    def _members(self, shape: Any, *, top: bool) -> dict[str, Any]:
        names = list(shape.members)
        if shape.is_tagged_union:
            chosen = [self.random.choice(names)]
        else:
            required = set(shape.required_members)
            full = self.full and self.depth < DEEPEST
            chance = 0.5 if self.depth < DEEPEST else 0
            chosen = [name for name in names if full or name in required or self.random.random() < chance]
            if not chosen and names and not top and chance:
                chosen = [self.random.choice(names)]
        return {name: self.value(shape.members[name]) for name in chosen}

    def value(self, shape: Any, location: str | None = None) -> Any:
        location = shape.serialization.get("location", location)
        match shape.type_name:
            case "structure":
                return self.structure(shape)
            case "list":
                return [self.value(shape.member, location) for _ in range(self.random.randint(1, 3))]
            case "map":
                return {
                    self.word(LABEL) if location else self.value(shape.key): self.value(shape.value, location)
                    for _ in range(self.random.randint(1, 3))
                }
            case _:
                return self.scalar(shape, location)

    def scalar(self, shape: Any, location: str | None) -> Any:
        match shape.type_name:
            case "string" | "character":
                return self.text(shape, location)
            case "integer":
                return self.random.randint(-(2**31), 2**31 - 1)
            case "long":
                return self.random.randint(-(2**63), 2**63 - 1)
            case "float" | "double":
                return self.random.choice([0.5, -1.25, 1e20, math.pi])
            case "boolean":
                return self.random.random() < 0.5
            case "blob":
                return bytes(self.random.choices(b"abcdefgh", k=20))
            case "timestamp":
                moment = datetime(1975, 1, 1, tzinfo=UTC) + timedelta(seconds=self.random.randint(0, 3_000_000_000))
                exact = self.fractions and location is None and "timestampFormat" not in shape.serialization
                return moment + timedelta(microseconds=123_456) if exact else moment
            case other:
                raise TypeError(other)

    def text(self, shape: Any, location: str | None) -> str:
        if shape.enum:
            return str(self.random.choice(shape.enum))
        if location == "uri" and shape.name == "ObjectKey":
            return self.word(TEXT) + self.random.choice(["", "/../x", "//y", "/"])
        if location == "uri" or shape.serialization.get("hostLabel"):
            return self.word(LABEL)
        return self.word(TOKEN if location in FLAT else TEXT)

    def word(self, alphabet: str) -> str:
        return "".join(self.random.choices(alphabet, k=self.random.randint(1, 12)))
