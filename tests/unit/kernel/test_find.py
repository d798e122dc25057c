"""Which service a request says it was signed for, before anything is verified."""

import pytest

from iamd.kernel.find import signed_service
from iamd.model.http import HttpRequest


def header(text: str) -> HttpRequest:
    return HttpRequest("GET", b"/", headers=[(b"authorization", text.encode())])


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/iam/aws4_request, SignedHeaders=host", "iam"),
        (f"AWS4-HMAC-SHA256 Credential={'A' * 128}/20260101/us-east-1/iam/aws4_request", "iam"),
        ("AWS AKIA:signature", "s3"),
        ("Bearer token", None),
    ],
)
def test_the_scope_of_a_header_names_it(text: str, service: str | None) -> None:
    assert signed_service(header(text)) == service


@pytest.mark.parametrize("field", range(4))
def test_no_field_is_looked_through_without_end(field: int) -> None:
    """Else each `Credential=` of a header full of them costs the rest of the header."""
    fields = ["AKIA", "20260101", "us-east-1", "iam"]
    fields[field] = "A" * 129
    assert signed_service(header(f"AWS4-HMAC-SHA256 Credential={'/'.join(fields)}/aws4_request")) is None


@pytest.mark.parametrize(
    ("query", "service"),
    [
        (b"X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fsts%2Faws4_request", "sts"),
        (b"X-Amz-Credential=AKIA/20260101/sts", None),
        (b"AWSAccessKeyId=AKIA", "s3"),
        (b"Action=X", None),
    ],
)
def test_the_query_names_it(query: bytes, service: str | None) -> None:
    assert signed_service(HttpRequest("GET", b"/", query)) == service
