"""When a signature is too old or too young: how far the clocks may differ, and the words for more."""

from datetime import timedelta
from typing import Any

import pytest

from iamd.model.errors import AwsError
from iamd.wire.sigv4 import read_claim, verify_unknown
from tests.unit.wire_sigv4.signers import NOW
from tests.unit.wire_sigv4.test_fault_matrix import good, outcome

TIMES: list[tuple[str, str, timedelta, dict[str, Any], str]] = [
    (
        "header",
        "query",
        -timedelta(minutes=6),
        {},
        "Signature not yet current: 20261124T120000Z is still later than 20261124T115900Z (20261124T115400Z + 5 min.)",
    ),
    (
        "header",
        "rest-xml",
        -timedelta(minutes=16),
        {
            "RequestTime": "20261124T120000Z",
            "ServerTime": "2026-11-24T11:44:00Z",
            "MaxAllowedSkewMilliseconds": "900000",
        },
        "The difference between the request time and the current time is too large.",
    ),
    (
        "presigned",
        "query",
        timedelta(minutes=16),
        {},
        "Signature expired: 20261124T121500Z is now earlier than 20261124T121600Z",
    ),
    (
        "presigned",
        "rest-xml",
        timedelta(minutes=16),
        {"X-Amz-Expires": "900", "Expires": "2026-11-24T12:15:00Z", "ServerTime": "2026-11-24T12:16:00Z"},
        "Request has expired",
    ),
    (
        "presigned-v2",
        "rest-xml",
        timedelta(minutes=16),
        {"Expires": "2026-11-24T12:15:00Z", "ServerTime": "2026-11-24T12:16:00Z"},
        "Request has expired",
    ),
    (
        "presigned",
        "query",
        -timedelta(minutes=6),
        {},
        "Signature not yet current: 20261124T120000Z is still later than 20261124T115400Z",
    ),
    (
        "presigned",
        "rest-xml",
        -timedelta(minutes=16),
        {"X-Amz-Date": "20261124T120000Z", "ServerTime": "2026-11-24T11:44:00Z"},
        "Request is not yet valid",
    ),
]


@pytest.mark.parametrize(("scheme", "protocol", "late", "members", "message"), TIMES)
def test_the_clock(scheme: str, protocol: str, late: timedelta, members: dict[str, Any], message: str) -> None:
    error = outcome(good(scheme, protocol), protocol, NOW + late)
    assert (error.message, error.members) == (message, members)


@pytest.mark.parametrize("protocol", ["query", "json", "ec2", "rest-xml"])
def test_a_url_is_good_from_a_little_before_it_was_made(protocol: str) -> None:
    request = good("presigned", protocol)
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    minutes = 15 if protocol in ("rest-xml", "ec2") else 5
    verify_unknown(request, claim, NOW - timedelta(minutes=minutes), protocol=protocol)
    with pytest.raises(AwsError):
        verify_unknown(request, claim, NOW - timedelta(minutes=minutes, seconds=1), protocol=protocol)
