"""Streaming bodies: what is promised is held, what is refused leaves nothing behind."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable
from hashlib import md5, sha256
from itertools import count
from zlib import crc32

import pytest

from iamd.kernel.body import INLINE_LIMIT, BodyPlan, plan_body, receive
from iamd.kernel.body_plan import MAX_BODY, checksum_algorithm
from iamd.model.blob import BlobRef
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.stores.memory import MemoryBlobs
from iamd.stores.memory.blobs import MemoryBlobWriter
from iamd.stores.ports.store import StoreUnavailable

LARGE = bytes(range(256)) * 20_000
TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def b64(digest: bytes) -> str:
    return b64encode(digest).decode()


def crc(body: bytes) -> str:
    return b64(crc32(body).to_bytes(4, "big"))


def request(**headers: str) -> HttpRequest:
    return HttpRequest("PUT", b"/b/k", headers=[(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()])


def framed(body: bytes, *trailers: str, chunk: int = 70_000) -> bytes:
    pieces = [body[at : at + chunk] for at in range(0, len(body), chunk)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return chunks + b"0\r\n" + b"".join(line.encode() + b"\r\n" for line in trailers) + b"\r\n"


class Store(MemoryBlobs):
    """Counts the writers that ended badly."""

    def __init__(self) -> None:
        numbers = count()
        super().__init__(lambda: f"blob{next(numbers)}")
        self.aborted = 0
        self.begun = 0

    def create(self) -> MemoryBlobWriter:
        self.begun += 1
        store, writer = self, super().create()
        abort = writer.abort

        def counted() -> None:
            store.aborted += 1
            abort()

        writer.abort = counted  # type: ignore[method-assign]  # observed, not replaced
        return writer


async def pieces(body: bytes, size: int = 50_000) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]


def take(body: bytes, http: HttpRequest, store: Store | None = None, size: int = 50_000) -> BlobRef:
    return asyncio.run(receive(pieces(body, size), plan=plan_body(http, None), blobs=store or Store()))


def fault(action: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(AwsError) as caught:
        action()
    return caught.value.code, caught.value.status


@pytest.mark.parametrize("piece", [999, 50_000, 300_000])
@pytest.mark.parametrize("size", [0, 1, INLINE_LIMIT, INLINE_LIMIT + 1, len(LARGE)])
def test_small_bodies_stay_in_memory_and_large_ones_become_a_blob(size: int, piece: int) -> None:
    body, store = LARGE[:size], Store()
    checksum = {"x_amz_checksum_crc32": crc(body)}
    ref = take(body, request(content_length=str(size), **checksum), store, piece)
    assert (ref.size, ref.digests["md5"]) == (size, md5(body, usedforsecurity=False).digest())
    assert ref.digests["crc32"] == crc32(body).to_bytes(4, "big")
    assert sum(extent.size for extent in ref.extents) == size
    if size > INLINE_LIMIT:
        assert store.blobs == {ref.extents[0].blob_id: body}
    else:
        assert b"".join(extent.inline or b"" for extent in ref.extents) == body
        assert store.begun == 0


@pytest.mark.parametrize("size", [3, 200_000])
@pytest.mark.parametrize("wire", [1, 7, 50_000])
def test_aws_chunked_is_undone_and_its_trailer_held(size: int, wire: int) -> None:
    body = LARGE[:size] if wire > 10 else LARGE[:3]
    sent = framed(body, f"x-amz-checksum-crc32:{crc(body)}")
    http = request(
        x_amz_content_sha256=TRAILER,
        x_amz_decoded_content_length=str(len(body)),
        x_amz_trailer="x-amz-checksum-crc32",
        content_length=str(len(sent)),
    )
    ref = take(sent, http, size=wire)
    assert (ref.size, ref.digests["crc32"]) == (len(body), crc32(body).to_bytes(4, "big"))
    assert checksum_algorithm(http) == "crc32"


@pytest.mark.parametrize("size", [10, len(LARGE)])
@pytest.mark.parametrize("kind", ["short", "long", "md5", "header", "trailer", "framing"])
def test_a_body_that_breaks_its_promise_leaves_nothing_behind(size: int, kind: str) -> None:
    body, store = LARGE[:size], Store()
    wrong = crc(b"something else")
    headers = {"content_length": str(len(body))}
    sent, expected = body, "BadDigest"
    if kind == "short":
        sent, expected = body[:-1], "IncompleteBody"
    elif kind == "long":
        sent, expected = body + b"x", "IncompleteBody"
    elif kind == "md5":
        headers["content_md5"] = b64(md5(b"", usedforsecurity=False).digest())
    elif kind == "header":
        headers["x_amz_checksum_crc32"] = wrong
    else:
        sent = framed(body, f"x-amz-checksum-crc32:{wrong}")
        headers = {
            "x_amz_content_sha256": TRAILER,
            "x_amz_decoded_content_length": str(len(body)),
            "x_amz_trailer": "x-amz-checksum-crc32",
        }
        if kind == "framing":
            sent, expected = sent[:-20], "IncompleteBody"
    assert fault(lambda: take(sent, request(**headers), store)) == (expected, 400)
    assert store.blobs == {}
    assert store.aborted == store.begun


def test_the_decoded_length_is_held_too() -> None:
    headers = {"x_amz_content_sha256": TRAILER, "x_amz_decoded_content_length": "4"}
    assert fault(lambda: take(framed(b"abc"), request(**headers))) == ("IncompleteBody", 400)
    assert fault(lambda: take(framed(b"abcde"), request(**headers))) == ("IncompleteBody", 400)


def test_the_signed_hash_is_held_against_what_came() -> None:
    body = b"abc"

    def plan(expected: bytes) -> BodyPlan:
        return BodyPlan(3, 3, ("md5", "sha256"), sha256=sha256(expected).hexdigest())

    ref = asyncio.run(receive(pieces(body), plan=plan(body), blobs=Store()))
    assert ref.digests["sha256"] == sha256(body).digest()
    with pytest.raises(AwsError) as caught:
        asyncio.run(receive(pieces(body), plan=plan(b"abd"), blobs=Store()))
    assert (caught.value.code, caught.value.status) == ("XAmzContentSHA256Mismatch", 400)


class Gone(Exception):  # noqa: N818  # the client is
    pass


@pytest.mark.parametrize("size", [1000, len(LARGE)])
def test_a_client_that_leaves_leaves_nothing_behind(size: int) -> None:
    store = Store()

    async def leaving() -> AsyncIterator[bytes]:
        async for piece in pieces(LARGE[: size // 2]):
            yield piece
        raise Gone

    with pytest.raises(Gone):
        asyncio.run(receive(leaving(), plan=plan_body(request(content_length=str(size)), None), blobs=store))
    assert store.blobs == {}
    assert store.aborted == store.begun


def test_a_cancelled_upload_leaves_nothing_behind() -> None:
    store = Store()

    async def main() -> None:
        sent = asyncio.Event()

        async def hanging() -> AsyncIterator[bytes]:
            async for piece in pieces(LARGE[:3_000_000]):
                yield piece
            sent.set()
            await asyncio.Event().wait()

        plan = plan_body(request(content_length=str(len(LARGE))), None)
        task = asyncio.create_task(receive(hanging(), plan=plan, blobs=store))
        await sent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert (store.begun, store.aborted, store.blobs) == (1, 1, {})


def test_a_full_disk_is_the_stores_error() -> None:
    class Full(Store):
        def create(self) -> MemoryBlobWriter:
            raise StoreUnavailable("no space left")

    with pytest.raises(StoreUnavailable):
        take(LARGE, request(content_length=str(len(LARGE))), Full())


def test_the_loop_is_free_while_a_large_body_is_hashed() -> None:
    turns = 0

    async def main() -> None:
        nonlocal turns

        async def turning() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(turning())
        plan = plan_body(request(content_length=str(len(LARGE))), None)
        await receive(pieces(LARGE), plan=plan, blobs=Store())
        task.cancel()

    asyncio.run(main())
    assert turns > len(LARGE) // (1 << 20)


PLANS: list[tuple[dict[str, str], str, int]] = [
    ({}, "MissingContentLength", 411),
    ({"content_length": "x"}, "InvalidArgument", 400),
    ({"content_length": str(MAX_BODY + 1)}, "EntityTooLarge", 400),
    ({"x_amz_content_sha256": TRAILER}, "MissingContentLength", 411),
    ({"x_amz_content_sha256": TRAILER, "x_amz_decoded_content_length": str(MAX_BODY + 1)}, "EntityTooLarge", 400),
    ({"content_length": "1", "content_md5": "AAAA"}, "InvalidDigest", 400),
    ({"content_length": "1", "content_md5": "%"}, "InvalidDigest", 400),
    ({"content_length": "1", "x_amz_checksum_crc32": "AAAA"}, "InvalidRequest", 400),
    ({"content_length": "1", "x_amz_checksum_crc32": "AAAAAA==", "x_amz_checksum_sha1": "x"}, "InvalidRequest", 400),
    ({"content_length": "1", "x_amz_sdk_checksum_algorithm": "CRC32"}, "InvalidRequest", 400),
    (
        {"content_length": "1", "x_amz_sdk_checksum_algorithm": "SHA1", "x_amz_checksum_crc32": "AAAAAA=="},
        "InvalidRequest",
        400,
    ),
    (
        {"x_amz_content_sha256": TRAILER, "x_amz_decoded_content_length": "1", "x_amz_trailer": "x-other"},
        "InvalidRequest",
        400,
    ),
    (
        {
            "x_amz_content_sha256": TRAILER,
            "x_amz_decoded_content_length": "1",
            "x_amz_trailer": "x-amz-checksum-crc32",
            "x_amz_checksum_crc32": "AAAAAA==",
        },
        "InvalidRequest",
        400,
    ),
    (
        {"x_amz_content_sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x_amz_decoded_content_length": "1"},
        "SignatureDoesNotMatch",
        403,
    ),
]


@pytest.mark.parametrize(("headers", "code", "status"), PLANS)
def test_headers_are_judged_before_a_byte_is_read(headers: dict[str, str], code: str, status: int) -> None:
    assert fault(lambda: plan_body(request(**headers), None)) == (code, status)


def test_the_largest_body_is_planned() -> None:
    assert plan_body(request(content_length=str(MAX_BODY)), None).size == MAX_BODY


def names(plans: Iterable[BodyPlan]) -> list[tuple[str, ...]]:
    return [plan.digests for plan in plans]


def test_only_wanted_digests_are_computed() -> None:
    plain = plan_body(request(content_length="1"), None)
    given = plan_body(request(content_length="1", x_amz_checksum_crc32="AAAAAA=="), None)
    assert names([plain, given]) == [("crc64nvme", "md5"), ("crc32", "md5")]
