"""Lesson 32: the service signed for is the service authorized and run."""

import pytest

from tests.clients.forging import host_of, presigned, send
from tests.clients.server import Iamd

_NAMES = ("X-Amz-Credential", "X-Amz-C%72edential", "%58-Amz-Credential")


@pytest.mark.parametrize("service", ["sts", "iam", "ec2"])
@pytest.mark.parametrize("name", _NAMES)
def test_lesson_32_a_credential_for_another_service_opens_no_object(iamd: Iamd, service: str, name: str) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="key", Body=b"secret")
    query = presigned(iamd.key, "GET /bucket/key", {}, host=host_of(iamd), service=service)
    status, _, body = send(iamd, f"GET /bucket/key?{query.replace('X-Amz-Credential', name)}")
    assert status in (400, 401, 403)
    assert b"secret" not in body


def test_lesson_32_a_name_spelled_otherwise_is_refused(iamd: Iamd) -> None:
    query = presigned(iamd.key, "GET /", {}, host=host_of(iamd))
    assert send(iamd, f"GET /?{query}")[0] == 200
    status, _, body = send(iamd, f"GET /?{query.replace('X-Amz-Credential', _NAMES[1])}")
    assert status == 400
    assert b"AuthorizationQueryParametersError" in body
