"""The parsed policy document: what was written, checked for structure and nothing else."""

from dataclasses import dataclass
from enum import Enum


class PolicyKind(Enum):
    """Where a document is attached: what it may contain, and how its resources are completed, hang on it."""

    IDENTITY = "IDENTITY"
    BOUNDARY = "BOUNDARY"
    SESSION = "SESSION"
    RESOURCE = "RESOURCE"
    TRUST = "TRUST"
    SCP = "SCP"
    RCP = "RCP"


class Effect(Enum):
    ALLOW = "Allow"
    DENY = "Deny"


class Quantifier(Enum):
    """How a condition treats a key with several values; the values are the prefixes as written."""

    NONE = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator and one key with its values: `operator` is the bare name (`StringEquals`), `key` is as written."""

    operator: str
    quantifier: Quantifier
    if_exists: bool
    key: str
    values: tuple[str, ...]

    @property
    def written_operator(self) -> str:
        prefix = f"{self.quantifier.value}:" if self.quantifier is not Quantifier.NONE else ""
        return f"{prefix}{self.operator}{'IfExists' if self.if_exists else ''}"


@dataclass(frozen=True, slots=True)
class PrincipalPattern:
    """`type` is AWS, Service, Federated or CanonicalUser; a bare `*` is ("AWS", "*"), which means the same."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`index` counts from 0. `principals` and `resources` are None where the element is absent."""

    index: int
    sid: str | None
    effect: Effect
    principals: tuple[PrincipalPattern, ...] | None
    not_principal: bool
    actions: tuple[str, ...]
    not_action: bool
    resources: tuple[str, ...] | None
    not_resource: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`version` is "2008-10-17" where the element is absent."""

    kind: PolicyKind
    version: str
    id: str | None
    statements: tuple[Statement, ...]

    @property
    def has_variables(self) -> bool:
        """In the old version `${…}` is literal text."""
        return self.version == "2012-10-17"
