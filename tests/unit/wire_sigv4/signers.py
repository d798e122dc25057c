"""botocore's own signers, and their requests as the server sees them."""

import datetime as dt
from collections.abc import Mapping
from unittest import mock
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamd.model.http import HttpRequest

KEY = "AKIAQAAAAAAAEXAMPLE7"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NOW = dt.datetime(2026, 11, 24, 12, 0, 0, tzinfo=dt.UTC)
HOST = "iam.example.com:4566"

SIGNERS = {
    ("header", "query"): "SigV4Auth",
    ("header", "json"): "SigV4Auth",
    ("header", "rest-json"): "SigV4Auth",
    ("header", "ec2"): "SigV4Auth",
    ("header", "rest-xml"): "S3SigV4Auth",
    ("presigned", "query"): "SigV4QueryAuth",
    ("presigned", "json"): "SigV4QueryAuth",
    ("presigned", "rest-json"): "SigV4QueryAuth",
    ("presigned", "ec2"): "SigV4QueryAuth",
    ("presigned", "rest-xml"): "S3SigV4QueryAuth",
    ("presigned-v2", "rest-xml"): "HmacV1QueryAuth",
}
SERVICES = {"query": "sts", "json": "kms", "rest-json": "lambda", "ec2": "ec2", "rest-xml": "s3"}


def signed(
    scheme: str,
    protocol: str,
    *,
    method: str = "GET",
    path: str = "/",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    secret: str = SECRET,
    key: str = KEY,
    token: str | None = None,
    at: dt.datetime = NOW,
    expires: int = 900,
    region: str = "us-east-1",
    bucket: str | None = None,
) -> HttpRequest:
    """A request signed by botocore at the time `at`, parsed as the door would."""
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    # botocore moves a presigned request's body into the query; what is signed here has none.
    aws = AWSRequest(method=method, url=url, headers=dict(headers or {}), data=body if scheme == "header" else b"")
    if bucket is not None:
        aws.auth_path = f"/{bucket}{path}"
    name = SIGNERS[scheme, protocol]
    credentials = Credentials(key, secret, token)
    with (
        mock.patch.object(botocore.auth, "get_current_datetime", return_value=at.replace(tzinfo=None)),
        mock.patch.object(botocore.auth.time, "time", return_value=at.timestamp()),
    ):
        if name == "HmacV1QueryAuth":
            botocore.auth.HmacV1QueryAuth(credentials, expires=expires).add_auth(aws)
        elif scheme == "presigned":
            getattr(botocore.auth, name)(credentials, SERVICES[protocol], region, expires=expires).add_auth(aws)
        else:
            getattr(botocore.auth, name)(credentials, SERVICES[protocol], region).add_auth(aws)
    parts = urlsplit(aws.url)
    wire = [
        (key_.lower().encode(), value.encode("utf-8") if isinstance(value, str) else value)
        for key_, value in aws.headers.items()
        if not (name == "HmacV1QueryAuth" and key_ in ("Date", "x-amz-security-token"))
    ]
    wire.append((b"host", HOST.encode()))
    return HttpRequest(method, parts.path.encode(), parts.query.encode(), wire, body, bucket=bucket)
