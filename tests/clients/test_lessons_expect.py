"""An early refusal never makes one request's beginning another one's body."""

import pytest
from botocore.exceptions import ClientError

from tests.clients.forging import host_of, signed
from tests.clients.raw import Line
from tests.clients.server import Iamd
from tests.clients.test_lessons import a_bucket

_HELD_BACK = ("Expect: 100-continue", "Content-Length: 1")


@pytest.mark.parametrize("target", ["/bucket/key", "/_iamd/health", "/bucket?policy"])
def test_a_refusal_without_the_body_ends_the_connection(iamd: Iamd, target: str) -> None:
    a_bucket(iamd, key=b"x")
    again = [f"{name}: {value}" for name, value in signed(iamd.key, "GET /bucket/key", host=host_of(iamd))]
    for _ in range(20):
        with Line(iamd.endpoint) as line:
            line.request(f"PUT {target} HTTP/1.1", *_HELD_BACK)
            status, head, _ = line.answer()
            assert status in (100, 403, 404)
            if status == 100:
                continue
            assert b"connection: close" in head.lower()
            line.request("GET /bucket/key HTTP/1.1", *again)
            assert line.answer()[0] in (0, 200)


def test_a_refused_upload_leaves_the_client_s_next_call_alone(iamd: Iamd) -> None:
    """boto3 holds small bodies back too, and keeps its connection."""
    a_bucket(iamd)
    client = iamd.client("s3", iamd.user("nobody"))
    for _ in range(60):
        with pytest.raises(ClientError, match="AccessDenied"):
            client.put_object(Bucket="bucket", Key="key", Body=b"x")
