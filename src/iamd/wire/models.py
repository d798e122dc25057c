"""AWS's service models: botocore's JSON as data, without its prose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

_PROSE = frozenset({"documentation", "documentationUrl", "smithyModel"})
_S3_SIGNATURES: Final = frozenset({"s3", "s3v4"})
_CORRECTIONS: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    # An exclusion's owner may hold wildcards, as its documentation says, but is not made of them.
    ("iam", "AttachmentName"): {"pattern": r"[*?]*[\w+=,.@-][\w+=,.@*?-]*"},
    # The same language; the model's own spelling, `([:/].+)*`, takes exponential time.
    ("trustedadvisor", "AwsResourceArn"): {"pattern": r"arn:aws(-\w+)*:[\w\d-]+:([\w\d-]*)?:[\w\d_-]*([:/].+)?"},
}
"""Traits by service and shape where the model contradicts its own documentation, or costs too much to hold to."""


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_prose(item) for key, item in value.items() if key not in _PROSE or isinstance(item, dict)}
    if isinstance(value, list):
        return [_without_prose(item) for item in value]
    return value


class Model:
    """One service model. `metadata`, `operations` and `shapes` are the model's own JSON.

    The shapes are read when first wanted: of a service that is not built nothing but names is ever kept, so that nobody
    fills the memory by naming services.
    """

    def __init__(self, name: str) -> None:
        document = _read(name)
        self.name = name
        self.metadata: Mapping[str, Any] = document["metadata"]
        self.operations: Mapping[str, Mapping[str, Any]] = _without_prose(document["operations"])

    @cached_property
    def shapes(self) -> Mapping[str, Mapping[str, Any]]:
        shapes: dict[str, Mapping[str, Any]] = _without_prose(_read(self.name)["shapes"])
        corrected = {name: traits for (service, name), traits in _CORRECTIONS.items() if service == self.name}
        return shapes | {name: {**shapes[name], **traits} for name, traits in corrected.items()}

    @property
    def signs_as_s3(self) -> bool:
        """S3 and its kin: paths are opaque, and the hash of the body is said in a header."""
        return self.metadata.get("signatureVersion") in _S3_SIGNATURES

    @cached_property
    def error_names(self) -> frozenset[str]:
        """The shapes that the operations may fail with."""
        return frozenset(
            each["shape"] for operation in self.operations.values() for each in operation.get("errors", ())
        )

    def error_shape(self, code: str) -> "Shape | None":
        """The shape of an error whose code is the shape's name, None for a code that the model does not have."""
        return self.shape({"shape": code}) if code in self.error_names else None

    def shape(self, reference: Mapping[str, Any]) -> "Shape":
        """The shape that a reference names, with the reference's own traits over the shape's."""
        name = reference["shape"]
        return Shape(name, {**self.shapes[name], **reference}, self)

    def input_of(self, operation: str) -> "Shape | None":
        return self._io(operation, "input")

    def output_of(self, operation: str) -> "Shape | None":
        return self._io(operation, "output")

    def _io(self, operation: str, side: str) -> "Shape | None":
        reference = self.operations[operation].get(side)
        return self.shape(reference) if reference else None


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape where it is used: `traits` are the shape's, overridden by those of the reference to it."""

    name: str
    traits: Mapping[str, Any]
    model: Model

    @property
    def type(self) -> str:
        return str(self.traits["type"])

    @cached_property
    def members(self) -> Mapping[str, "Shape"]:
        return {name: self.model.shape(ref) for name, ref in self.traits.get("members", {}).items()}

    @property
    def required(self) -> list[str]:
        return list(self.traits.get("required", ()))

    @cached_property
    def element(self) -> "Shape":
        """What a list holds."""
        return self.model.shape(self.traits["member"])

    @cached_property
    def key(self) -> "Shape":
        return self.model.shape(self.traits["key"])

    @cached_property
    def value(self) -> "Shape":
        return self.model.shape(self.traits["value"])

    @property
    def location(self) -> str | None:
        return self.traits.get("location")

    @property
    def location_name(self) -> str | None:
        return self.traits.get("locationName")

    @property
    def flattened(self) -> bool:
        return bool(self.traits.get("flattened"))

    @property
    def sensitive(self) -> bool:
        return bool(self.traits.get("sensitive"))

    @property
    def payload(self) -> str | None:
        """The member that is the whole body, if the structure names one."""
        return self.traits.get("payload")

    @property
    def enum(self) -> list[str]:
        return list(self.traits.get("enum", ()))

    @property
    def streaming_member(self) -> str | None:
        return next((name for name, member in self.members.items() if member.traits.get("streaming")), None)

    def members_at(self, location: str) -> dict[str, "Shape"]:
        return {name: member for name, member in self.members.items() if member.location == location}

    def body_members(self) -> Iterator[tuple[str, "Shape"]]:
        """The members that are in no header, query or path."""
        return ((name, member) for name, member in self.members.items() if member.location is None)


def _read(name: str) -> dict[str, Any]:
    # Botocore costs a sixth of a second to import: paid when the first model is wanted, not by every command.
    from botocore.exceptions import UnknownServiceError  # noqa: PLC0415
    from botocore.loaders import Loader  # noqa: PLC0415

    try:
        # A loader of its own each time, because a loader keeps every document that it has read, prose included.
        document: dict[str, Any] = Loader().load_service_model(name, "service-2")
    except UnknownServiceError:
        raise KeyError(name) from None
    return document


@cache
def load_model(name: str) -> Model:
    """Botocore's model of a service, by botocore's name. Raises KeyError for a name that it does not have."""
    return Model(name)
