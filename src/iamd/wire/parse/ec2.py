"""EC2's input: the query protocol with names of its own, lists without a level, and no name that is not known.

The messages are those that people recorded in public issues.
"""

from collections.abc import Callable
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.models import Model, Shape
from iamd.wire.parse.form_values import Dialect, FormReaders
from iamd.wire.values import BadValueError

_FREE: Final = frozenset(
    {
        *("Action", "Version", "AWSAccessKeyId", "Expires", "SecurityToken", "Signature", "SignatureMethod"),
        *("SignatureVersion", "Timestamp"),
    }
)
"""What belongs to the protocol and its signatures."""


def ec2_name(name: str, member: Shape) -> str:
    """How a request names a member: `queryName`, else `locationName` with a capital, else as it is."""
    location_name = member.location_name
    named = member.traits.get("queryName")
    if named is not None:
        return str(named)
    return location_name[:1].upper() + location_name[1:] if location_name else name


def invalid_value(name: str, text: str, words: str = "") -> AwsError:
    shown = name[:1].lower() + name[1:]
    return AwsError("InvalidParameterValue", f"Value ({text[:200]}) for parameter {shown} is invalid.{words}")


def _bad_value(name: str, text: str, _bad: BadValueError) -> AwsError:
    return invalid_value(name, text)


def _malformed(message: str) -> AwsError:
    return AwsError("InvalidQueryParameter", message)


def _unknown(name: str) -> AwsError:
    return AwsError("UnknownParameter", f"The parameter {name[:200]} is not recognized")


_DIALECT: Final = Dialect(ec2_name, lambda _shape: "", _malformed, _bad_value, _unknown)


def compile_ec2_parser(model: Model, operation: str) -> Callable[[HttpRequest], dict[str, Any]]:
    shape = model.input_of(operation)
    if shape is None:
        return lambda _request: {}
    return FormReaders(_DIALECT).parser(shape, _FREE)
