"""S3 checks its requests itself, not by a model: what is wrong in a body is MalformedXML, elsewhere InvalidArgument."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.wire.faults import invalid_argument, invalid_uri, malformed_xml
from iamd.wire.models import Shape

Check = Callable[[Any], bool]

_FREE: Final = frozenset({"BucketLocationConstraint"})
"""Enums that are open here: any region's name is one."""
_CODES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "StorageClass": ("InvalidStorageClass", "The storage class you specified is not valid"),
        "ChecksumAlgorithm": ("InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid."),
        "EncodingType": ("InvalidArgument", "Invalid Encoding Method specified in Request"),
        "MetadataDirective": ("InvalidArgument", "Unknown metadata directive."),
        "TaggingDirective": ("InvalidArgument", "Unknown tagging directive."),
        "ServerSideEncryption": (
            "InvalidEncryptionAlgorithmError",
            "The encryption request you specified is not valid. The valid value is AES256.",
        ),
    },
)
_BODY_MISSING: Final = "Request Body is empty"


def compile_s3_validator(shape: Shape | None) -> Callable[[dict[str, Any]], None]:
    if shape is None:
        return lambda _params: None
    outside = [
        (name, member, frozenset((member.element if member.type == "list" else member).enum))
        for name, member in shape.members.items()
        if member.location in {"header", "querystring"}
    ]
    enums = [entry for entry in outside if entry[2]]
    body = {name: check for name, m in shape.body_members() if (check := _body_check(m)) is not None}
    required = [(name, shape.members[name]) for name in shape.required]

    def validate(params: dict[str, Any]) -> None:
        for name, member in required:
            if name not in params:
                raise _missing(shape, name, member)
        for name, member, allowed in enums:
            value = params.get(name)
            if value is not None and not allowed.issuperset(value if isinstance(value, list) else (value,)):
                raise _bad_enum(name, member, value)
        for name, check in body.items():
            if name in params and not check(params[name]):
                raise malformed_xml()

    return validate


def _missing(shape: Shape, name: str, member: Shape) -> AwsError:
    if name == shape.payload:
        return AwsError("MissingRequestBodyError", _BODY_MISSING)
    if member.location == "header":
        return AwsError("InvalidRequest", f"Missing required header for this request: {member.location_name}")
    if member.location == "querystring":
        return invalid_argument(f"Missing required parameter for this request: {member.location_name}", name, "")
    if member.location == "uri":
        return invalid_uri()
    return malformed_xml()


def _bad_enum(name: str, member: Shape, value: Any) -> AwsError:
    scalar = member.element if member.type == "list" else member
    shown = ",".join(value) if isinstance(value, list) else str(value)
    code, message = _CODES.get(scalar.name, ("InvalidArgument", f"Invalid value for {member.location_name or name}"))
    members = {"ArgumentName": member.location_name or name, "ArgumentValue": shown}
    return AwsError(code, message, members=members if code == "InvalidArgument" else {})


def _body_check(shape: Shape) -> Check | None:
    """Required members and enums of an XML body; None where there is nothing to check."""
    if shape.traits.get("streaming"):
        return None
    match shape.type:
        case "structure":
            return _structure_check(shape)
        case "list":
            inner = _body_check(shape.element)
            return None if inner is None else lambda value: all(inner(item) for item in value)
        case "map":
            return None
        case _:
            allowed = frozenset(shape.enum)
            return allowed.__contains__ if allowed and shape.name not in _FREE else None


def _structure_check(shape: Shape) -> Check:
    required = shape.required
    checks = {name: check for name, member in shape.members.items() if (check := _body_check(member)) is not None}

    def check_structure(value: Mapping[str, Any]) -> bool:
        if any(name not in value for name in required):
            return False
        return all(name not in value or check(value[name]) for name, check in checks.items())

    return check_structure
