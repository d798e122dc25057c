"""A real server on worsened connections: every answer is whole, none is a 500, and it goes on serving."""

import pytest

from tests.clients.server import Iamd
from tests.fuzz.connections import check, conversations, talk
from tests.fuzz.mutating import Mutator
from tests.fuzz.target import SEED

TIMES = 400


def test_a_worsened_connection_is_answered_in_whole_or_closed(iamd: Iamd) -> None:
    iamd.client("s3").create_bucket(Bucket="bucket")
    mutator = Mutator(conversations(iamd), SEED)
    seen: set[int] = set()
    for number in range(TIMES):
        data = mutator.next()
        try:
            seen.update(check(talk(iamd.endpoint, data)))
        except (AssertionError, TimeoutError) as failure:
            raise AssertionError(f"seed {SEED}, connection {number}: {data!r}") from failure
    assert {200, 400, 403} <= seen
    assert iamd.client("sts").get_caller_identity()["Account"] == iamd.account


@pytest.mark.parametrize("bare", [b"\r", b"\n"])
def test_an_answer_that_is_none_is_noticed(bare: bytes) -> None:
    with pytest.raises(AssertionError):
        check(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokextra" + bare)
    with pytest.raises(AssertionError, match="500"):
        check(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")
