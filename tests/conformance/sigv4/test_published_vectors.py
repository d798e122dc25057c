"""The published Signature Version 4 test suite verifies, and stops verifying when a letter changes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import read_claim, verify

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
HOST = b"example.amazonaws.com"
VECTORS: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("vectors.yaml").read_text("utf-8"))


def header_request(vector: dict[str, Any]) -> HttpRequest:
    given = [*vector.get("headers", []), ("x-amz-date", "20150830T123600Z")]
    headers = [(b"host", HOST), *[(name.encode(), value.encode()) for name, value in given]]
    signed = ";".join(sorted({name.decode() for name, _ in headers}))
    headers.append(
        (
            b"authorization",
            f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            f"SignedHeaders={signed}, Signature={vector['signature']}".encode(),
        )
    )
    return HttpRequest(
        vector.get("method", "GET"),
        vector.get("path", "/").encode(),
        vector.get("query", "").encode(),
        headers,
        vector.get("body", "").encode(),
    )


def presigned_request(vector: dict[str, Any]) -> HttpRequest:
    query = (
        f"{vector.get('query', '')}X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request"
        "&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600"
    )
    if "token" in vector:
        query += f"&X-Amz-Security-Token={vector['token']}"
    query += f"&X-Amz-Signature={vector['signature']}"
    return HttpRequest("GET", b"/", query.encode(), [(b"host", HOST)])


def check(request: HttpRequest, now: datetime = NOW) -> None:
    claim = read_claim(request, protocol="query")
    assert claim is not None
    assert claim.access_key_id == "AKIDEXAMPLE"
    verify(request, claim, SECRET, now, protocol="query")
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        verify(request, claim, SECRET.lower(), now, protocol="query")


@pytest.mark.parametrize("vector", VECTORS["header"], ids=lambda vector: vector["name"])
def test_header(vector: dict[str, Any]) -> None:
    check(header_request(vector))


@pytest.mark.parametrize("vector", VECTORS["presigned"], ids=lambda vector: vector["name"])
def test_presigned(vector: dict[str, Any]) -> None:
    check(presigned_request(vector))


@pytest.mark.parametrize("vector", VECTORS["unnormalized"], ids=lambda vector: vector["name"])
def test_paths_are_not_normalized_for_s3(vector: dict[str, Any]) -> None:
    # The suite has no x-amz-content-sha256, which S3 demands: read as another service's, verified with S3's path.
    request = header_request(vector)
    claim = read_claim(request, protocol="query")
    assert claim is not None
    verify(request, claim, SECRET, NOW, protocol="rest-xml")
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        verify(request, claim, SECRET, NOW, protocol="query")


@pytest.mark.parametrize("vector", VECTORS["date_header"], ids=lambda vector: vector["name"])
def test_date_header_instead_of_x_amz_date(vector: dict[str, Any]) -> None:
    headers = [
        (b"host", b"host.foo.com"),
        (b"date", vector["date"].encode()),
        (
            b"authorization",
            b"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20110909/us-east-1/host/aws4_request, "
            b"SignedHeaders=date;host, Signature=" + vector["signature"].encode(),
        ),
    ]
    check(HttpRequest("GET", vector["path"].encode(), b"", headers), datetime(2011, 9, 9, 23, 36, tzinfo=UTC))
