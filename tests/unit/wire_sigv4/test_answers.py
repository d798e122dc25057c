"""Code and status of every answer to a bad signature, by protocol.

The services' common-error pages (IAM, STS, EC2; DynamoDB and Lambda for JSON) and S3's error responses; ~ as there.
"""

import pytest

from iamd.wire.sigv4.faults import ANSWERS, Fault

MALFORMED = ("TWO_MECHANISMS", "MALFORMED_HEADER", "MALFORMED_QUERY", "BAD_DATE")
UNEQUAL = ("WRONG_SCOPE_HEADER", "WRONG_SCOPE_QUERY", "UNSIGNED_HEADERS", "MISMATCH")
TIMES = ("SKEWED", "URL_EXPIRED", "URL_NOT_YET_VALID")
UNKNOWN = ("UNKNOWN_KEY", "TOKEN_INVALID", "TOKEN_MISSING")


def of_json(status: int) -> dict[tuple[str, ...], tuple[str, int]]:
    return {
        ("NO_CREDENTIALS",): ("MissingAuthenticationTokenException", status),
        MALFORMED: ("IncompleteSignatureException", status),
        (*UNEQUAL, *TIMES): ("InvalidSignatureException", status),
        UNKNOWN: ("UnrecognizedClientException", status),
        ("TOKEN_EXPIRED",): ("ExpiredTokenException", status),
    }


EXPECTED: dict[str, dict[tuple[str, ...], tuple[str, int]]] = {
    "query": {
        ("NO_CREDENTIALS",): ("MissingAuthenticationToken", 403),
        MALFORMED: ("IncompleteSignature", 400),
        (*UNEQUAL, *TIMES): ("SignatureDoesNotMatch", 403),
        UNKNOWN: ("InvalidClientTokenId", 403),
        ("TOKEN_EXPIRED",): ("ExpiredToken", 403),
    },
    "json": of_json(400),
    "rest-json": of_json(403),
    "ec2": {
        ("NO_CREDENTIALS",): ("MissingAuthenticationToken", 400),
        MALFORMED: ("IncompleteSignature", 400),
        (*UNEQUAL, *UNKNOWN): ("AuthFailure", 401),
        (*TIMES, "TOKEN_EXPIRED"): ("RequestExpired", 400),
    },
    "rest-xml": {
        ("NO_CREDENTIALS", "BAD_DATE", "UNSIGNED_HEADERS", "URL_EXPIRED", "URL_NOT_YET_VALID"): ("AccessDenied", 403),
        ("TWO_MECHANISMS",): ("InvalidArgument", 400),
        ("MALFORMED_HEADER", "WRONG_SCOPE_HEADER"): ("AuthorizationHeaderMalformed", 400),
        ("MALFORMED_QUERY", "WRONG_SCOPE_QUERY"): ("AuthorizationQueryParametersError", 400),
        ("UNKNOWN_KEY", "TOKEN_MISSING"): ("InvalidAccessKeyId", 403),
        ("MISMATCH",): ("SignatureDoesNotMatch", 403),
        ("SKEWED",): ("RequestTimeTooSkewed", 403),
        ("TOKEN_EXPIRED",): ("ExpiredToken", 400),
        ("TOKEN_INVALID",): ("InvalidToken", 400),
    },
}


@pytest.mark.parametrize("protocol", EXPECTED)
def test_code_and_status_of_every_fault(protocol: str) -> None:
    expected = {name: answer for names, answer in EXPECTED[protocol].items() for name in names}
    assert expected.keys() == {fault.name for fault in Fault}
    assert {fault.name: (answer.code, answer.status) for fault, answer in ANSWERS[protocol].items()} == expected


def test_every_protocol_has_its_answers() -> None:
    assert ANSWERS.keys() == EXPECTED.keys()


MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
ONE_MECHANISM = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)
UNKNOWN_KEY = "The AWS Access Key Id you provided does not exist in our records."
INVALID = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"


def usual(missing: str) -> dict[tuple[str, ...], str]:
    """By fault; `{}` is the detail."""
    detailed = ("MALFORMED_HEADER", "MALFORMED_QUERY", "BAD_DATE", "WRONG_SCOPE_HEADER", "WRONG_SCOPE_QUERY")
    return {
        ("NO_CREDENTIALS",): missing,
        ("TWO_MECHANISMS",): ONE_MECHANISM,
        (*detailed, "UNSIGNED_HEADERS", *TIMES): "{}",
        ("MISMATCH",): MISMATCH,
        UNKNOWN: INVALID,
        ("TOKEN_EXPIRED",): EXPIRED,
    }


NOT_VALIDATED = "AWS was not able to validate the provided access credentials"
MESSAGES: dict[str, dict[tuple[str, ...], str]] = {
    "query": usual("Request is missing Authentication Token"),
    "json": usual("Missing Authentication Token"),
    "rest-json": usual("Missing Authentication Token"),
    "ec2": {
        **usual("Request is missing Authentication Token"),
        ("WRONG_SCOPE_HEADER", "WRONG_SCOPE_QUERY", "UNSIGNED_HEADERS"): "{}",
        ("MISMATCH",): NOT_VALIDATED,
        UNKNOWN: NOT_VALIDATED,
        (*TIMES, "TOKEN_EXPIRED"): "Request has expired.",
    },
    "rest-xml": {
        ("NO_CREDENTIALS",): "Access Denied",
        ("TWO_MECHANISMS",): ONE_MECHANISM,
        ("MALFORMED_HEADER", "WRONG_SCOPE_HEADER"): "The authorization header is malformed; {}",
        ("MALFORMED_QUERY", "WRONG_SCOPE_QUERY"): "{}",
        ("BAD_DATE",): "AWS authentication requires a valid Date or x-amz-date header",
        ("UNSIGNED_HEADERS",): "There were headers present in the request which were not signed",
        ("UNKNOWN_KEY", "TOKEN_MISSING"): UNKNOWN_KEY,
        ("MISMATCH",): (
            "The request signature we calculated does not match the signature you provided. Check your key and signing "
            "method."
        ),
        ("SKEWED",): "The difference between the request time and the current time is too large.",
        ("URL_EXPIRED",): "Request has expired",
        ("URL_NOT_YET_VALID",): "Request is not yet valid",
        ("TOKEN_EXPIRED",): "The provided token has expired.",
        ("TOKEN_INVALID",): "The provided token is malformed or otherwise invalid.",
    },
}


@pytest.mark.parametrize("protocol", MESSAGES)
def test_the_message_of_every_fault(protocol: str) -> None:
    expected = {name: message for names, message in MESSAGES[protocol].items() for name in names}
    assert {fault.name: answer.message for fault, answer in ANSWERS[protocol].items()} == expected
