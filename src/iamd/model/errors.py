"""Errors as values: raised anywhere, serialized once, by the wire."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class AwsError(Exception):
    """An answer of AWS's that is not a success.

    `code` and `message` are AWS's own. `members` are the error's further XML or JSON members (S3's `BucketName`,
    `Region`, …), in order. `headers` are added to the answer. `fault` is "Sender" below status 500.
    """

    __slots__ = ("code", "headers", "members", "message", "status")

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        *,
        members: Mapping[str, str] = _NOTHING,
        headers: Mapping[str, str] = _NOTHING,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.members = members
        self.headers = headers

    @property
    def fault(self) -> str:
        return "Sender" if self.status < 500 else "Receiver"

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def validation_error(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def no_such_entity(message: str) -> AwsError:
    return AwsError("NoSuchEntity", message, 404)


def entity_already_exists(message: str) -> AwsError:
    return AwsError("EntityAlreadyExists", message, 409)


def limit_exceeded(message: str) -> AwsError:
    return AwsError("LimitExceeded", message, 409)


def delete_conflict(message: str) -> AwsError:
    return AwsError("DeleteConflict", message, 409)


def malformed_policy(message: str) -> AwsError:
    return AwsError("MalformedPolicyDocument", message)


def access_denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, 403)
