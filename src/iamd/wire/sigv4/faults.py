"""Every answer to a bad signature, by protocol: one table, and functions that fill it in.

Sources: the services' common-error pages, S3's error responses, IAM User Guide "Troubleshoot Signature Version 4", and
answers that people recorded in public issues; `~` marks what is only inferred.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, NamedTuple

from iamd.model.errors import AwsError
from iamd.wire.sigv4.claim import Claim


class Fault(Enum):
    NO_CREDENTIALS = auto()
    TWO_MECHANISMS = auto()
    MALFORMED_HEADER = auto()
    MALFORMED_QUERY = auto()
    BAD_DATE = auto()
    WRONG_SCOPE_HEADER = auto()
    WRONG_SCOPE_QUERY = auto()
    UNSIGNED_HEADERS = auto()
    UNKNOWN_KEY = auto()
    MISMATCH = auto()
    SKEWED = auto()
    URL_EXPIRED = auto()
    URL_NOT_YET_VALID = auto()
    TOKEN_EXPIRED = auto()
    TOKEN_INVALID = auto()
    TOKEN_MISSING = auto()


class Answer(NamedTuple):
    code: str
    status: int
    message: str


_MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
_ONE_MECHANISM: Final = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)
_INVALID_MESSAGE: Final = "The security token included in the request is invalid."
_EXPIRED_MESSAGE: Final = "The security token included in the request is expired"
_NOT_VALIDATED: Final = "AWS was not able to validate the provided access credentials"


def _usual(
    missing: Answer, incomplete: Answer, unknown: Answer, mismatch: Answer, expired: Answer
) -> Mapping[Fault, Answer]:
    """The faults of a protocol that draws on five codes; `{}` is the detail."""
    skewed = Answer(mismatch.code, mismatch.status, "{}")
    return MappingProxyType(
        {
            Fault.NO_CREDENTIALS: missing,
            Fault.TWO_MECHANISMS: incomplete._replace(message=_ONE_MECHANISM),  # ~
            Fault.MALFORMED_HEADER: incomplete,
            Fault.MALFORMED_QUERY: incomplete,
            Fault.BAD_DATE: incomplete,
            Fault.WRONG_SCOPE_HEADER: skewed,
            Fault.WRONG_SCOPE_QUERY: skewed,
            Fault.UNSIGNED_HEADERS: skewed,
            Fault.UNKNOWN_KEY: unknown,
            Fault.MISMATCH: mismatch,
            Fault.SKEWED: skewed,
            Fault.URL_EXPIRED: skewed,
            Fault.URL_NOT_YET_VALID: skewed,
            Fault.TOKEN_EXPIRED: expired,
            Fault.TOKEN_INVALID: unknown,
            Fault.TOKEN_MISSING: unknown,
        }
    )


_EC2_EXPIRED: Final = Answer("RequestExpired", 400, "Request has expired.")
_EC2: Final = _usual(
    Answer("MissingAuthenticationToken", 400, "Request is missing Authentication Token"),  # ~
    Answer("IncompleteSignature", 400, "{}"),
    Answer("AuthFailure", 401, _NOT_VALIDATED),
    Answer("AuthFailure", 401, _NOT_VALIDATED),
    _EC2_EXPIRED,
)

ANSWERS: Final[Mapping[str, Mapping[Fault, Answer]]] = MappingProxyType(
    {
        "query": _usual(
            Answer("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
            Answer("IncompleteSignature", 400, "{}"),
            Answer("InvalidClientTokenId", 403, _INVALID_MESSAGE),
            Answer("SignatureDoesNotMatch", 403, _MISMATCH),
            Answer("ExpiredToken", 403, _EXPIRED_MESSAGE),
        ),
        "json": _usual(
            Answer("MissingAuthenticationTokenException", 400, "Missing Authentication Token"),
            Answer("IncompleteSignatureException", 400, "{}"),
            Answer("UnrecognizedClientException", 400, _INVALID_MESSAGE),
            Answer("InvalidSignatureException", 400, _MISMATCH),
            Answer("ExpiredTokenException", 400, _EXPIRED_MESSAGE),
        ),
        "rest-json": _usual(
            Answer("MissingAuthenticationTokenException", 403, "Missing Authentication Token"),
            Answer("IncompleteSignatureException", 403, "{}"),
            Answer("UnrecognizedClientException", 403, _INVALID_MESSAGE),
            Answer("InvalidSignatureException", 403, _MISMATCH),
            Answer("ExpiredTokenException", 403, _EXPIRED_MESSAGE),
        ),
        "ec2": MappingProxyType(
            {
                **_EC2,
                Fault.SKEWED: _EC2_EXPIRED,
                Fault.URL_EXPIRED: _EC2_EXPIRED,
                Fault.URL_NOT_YET_VALID: _EC2_EXPIRED,
            }
        ),
        "rest-xml": MappingProxyType(
            {
                Fault.NO_CREDENTIALS: Answer("AccessDenied", 403, "Access Denied"),
                Fault.TWO_MECHANISMS: Answer("InvalidArgument", 400, _ONE_MECHANISM),
                Fault.MALFORMED_HEADER: Answer(
                    "AuthorizationHeaderMalformed", 400, "The authorization header is malformed; {}"
                ),
                Fault.MALFORMED_QUERY: Answer("AuthorizationQueryParametersError", 400, "{}"),
                Fault.BAD_DATE: Answer(
                    "AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header"
                ),
                Fault.WRONG_SCOPE_HEADER: Answer(
                    "AuthorizationHeaderMalformed", 400, "The authorization header is malformed; {}"
                ),
                Fault.WRONG_SCOPE_QUERY: Answer("AuthorizationQueryParametersError", 400, "{}"),
                Fault.UNSIGNED_HEADERS: Answer(
                    "AccessDenied", 403, "There were headers present in the request which were not signed"
                ),
                Fault.UNKNOWN_KEY: Answer(
                    "InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."
                ),
                Fault.MISMATCH: Answer(
                    "SignatureDoesNotMatch",
                    403,
                    "The request signature we calculated does not match the signature you provided. Check your key and "
                    "signing method.",
                ),
                Fault.SKEWED: Answer(
                    "RequestTimeTooSkewed",
                    403,
                    "The difference between the request time and the current time is too large.",
                ),
                Fault.URL_EXPIRED: Answer("AccessDenied", 403, "Request has expired"),
                Fault.URL_NOT_YET_VALID: Answer("AccessDenied", 403, "Request is not yet valid"),
                Fault.TOKEN_EXPIRED: Answer("ExpiredToken", 400, "The provided token has expired."),
                Fault.TOKEN_INVALID: Answer(
                    "InvalidToken", 400, "The provided token is malformed or otherwise invalid."
                ),
                Fault.TOKEN_MISSING: Answer(
                    "InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."
                ),
            }
        ),
    }
)

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(fault: Fault, protocol: str, detail: str = "", members: Mapping[str, str] | None = None) -> AwsError:
    """The error of the table; `members` go out for S3 alone, the only protocol whose errors carry any."""
    code, status, message = ANSWERS[protocol][fault]
    text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", message.replace("{}", detail))
    if protocol != "rest-xml" or not members:
        return AwsError(code, text, status)
    clean = {name: _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value) for name, value in members.items()}
    return AwsError(code, text, status, members=clean)


def no_credentials(protocol: str) -> AwsError:
    return answer(Fault.NO_CREDENTIALS, protocol)


def unknown_key(protocol: str, access_key_id: str) -> AwsError:
    """Also for an inactive key: nobody learns that it exists."""
    return answer(Fault.UNKNOWN_KEY, protocol, members={"AWSAccessKeyId": access_key_id})


def missing_token(protocol: str, access_key_id: str) -> AwsError:
    """A temporary key without its session token."""
    return answer(Fault.TOKEN_MISSING, protocol, members={"AWSAccessKeyId": access_key_id})


def invalid_token(protocol: str) -> AwsError:
    """An altered or foreign token, one that belongs to another key, or one beside a long-term key."""
    return answer(Fault.TOKEN_INVALID, protocol)


def expired_token(protocol: str) -> AwsError:
    return answer(Fault.TOKEN_EXPIRED, protocol)


def two_mechanisms(protocol: str) -> AwsError:
    """AWS also gives back the header's value; it may hold someone else's bearer token, so iamd does not."""
    return answer(Fault.TWO_MECHANISMS, protocol, members={"ArgumentName": "Authorization"})


def other_service(protocol: str) -> AwsError:
    """Signed for one service and spelled so that the request went to another."""
    return answer(Fault.MALFORMED_QUERY, protocol, "the Credential is not for the service that this request is for.")


def unsigned_headers(protocol: str, names: list[str]) -> AwsError:
    detail = " ".join(f"'{name}' must be a 'SignedHeader' in the AWS Authorization." for name in names)
    return answer(Fault.UNSIGNED_HEADERS, protocol, detail, {"HeadersNotSigned": ", ".join(names)})


def iso_seconds(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def compact(time: datetime) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ")


def skewed(protocol: str, claim: Claim, now: datetime, window: timedelta) -> AwsError:
    minutes = int(window.total_seconds()) // 60
    if claim.timestamp < now:
        detail = (
            f"Signature expired: {claim.amz_date} is now earlier than {compact(now - window)} "
            f"({compact(now)} - {minutes} min.)"
        )
    else:
        detail = (
            f"Signature not yet current: {claim.amz_date} is still later than {compact(now + window)} "
            f"({compact(now)} + {minutes} min.)"
        )
    members = {
        "RequestTime": claim.amz_date,
        "ServerTime": iso_seconds(now),
        "MaxAllowedSkewMilliseconds": str(minutes * 60000),
    }
    return answer(Fault.SKEWED, protocol, detail, members)


def url_expired(protocol: str, claim: Claim, now: datetime, expires_at: datetime) -> AwsError:
    detail = f"Signature expired: {compact(expires_at)} is now earlier than {compact(now)}"  # ~
    members = {
        "X-Amz-Expires": str(claim.expires),
        "Expires": iso_seconds(expires_at),
        "ServerTime": iso_seconds(now),
    }
    if not claim.date:
        del members["X-Amz-Expires"]
    return answer(Fault.URL_EXPIRED, protocol, detail, members)


def url_not_yet_valid(protocol: str, claim: Claim, now: datetime) -> AwsError:
    detail = f"Signature not yet current: {claim.amz_date} is still later than {compact(now)}"  # ~
    members = {"X-Amz-Date": claim.amz_date, "ServerTime": iso_seconds(now)}
    return answer(Fault.URL_NOT_YET_VALID, protocol, detail, members)


def mismatch(protocol: str, claim: Claim, string_to_sign: bytes, canonical_request: bytes | None) -> AwsError:
    """S3 shows what it signed, so that a client's author can compare; nothing in it is secret to the sender."""
    members = {
        "AWSAccessKeyId": claim.access_key_id,
        "StringToSign": string_to_sign.decode("utf-8", "replace"),
        "SignatureProvided": claim.signature,
        "StringToSignBytes": string_to_sign.hex(" "),
    }
    if canonical_request is not None:
        members["CanonicalRequest"] = canonical_request.decode("utf-8", "replace")
        members["CanonicalRequestBytes"] = canonical_request.hex(" ")
    return answer(Fault.MISMATCH, protocol, members=members)


def unsupported_mechanism() -> AwsError:
    """S3, for Signature Version 2 in a header and for SigV4A."""
    return AwsError(
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    )


def content_sha256_mismatch(claimed: str, computed: str) -> AwsError:
    """S3, once the body has been read and its SHA-256 is not the signed one."""
    return AwsError(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        members={"ClientComputedContentSHA256": claimed, "S3ComputedContentSHA256": computed},
    )
