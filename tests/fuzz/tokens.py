"""What the server once gave out and gets back: nothing altered opens, and everything else is refused."""

import io
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from iamd.bootstrap.archive import ArchiveWriter, BackupRefused, read_archive, seal_of
from iamd.credentials.key_ring import KeyRing
from iamd.credentials.session_facts import SessionFacts
from iamd.credentials.session_token import InvalidSessionTokenError, SessionTokens
from iamd.kernel.paging import marker_of, place_of_marker
from iamd.model.errors import AwsError
from iamd.services.s3.conditions import wanted_range
from iamd.services.s3.copy_source import read_copy_source
from iamd.services.s3.tagging import header_tags
from iamd.services.s3.tokens import read_token, write_token
from iamd.stores.ports.buckets import S3Object
from iamd.wire.values import BadValueError, read_blob, read_http_date, read_integer, read_iso8601
from tests.fuzz.target import Target

NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
RING: Final = KeyRing({"old": b"o" * 32, "new": b"n" * 32}, "new")
TOKENS: Final = SessionTokens(lambda: RING, size=1)
PLAIN: Final = SessionFacts(
    access_key_id="ASIAQAAAAAAAEXAMPLE7",
    account="123456789012",
    kind="assumed-role",
    issuer_kind="Role",
    issuer_arn="arn:aws:iam::123456789012:role/reader",
    issuer_id="AROAAAAAAAAAAAAAAAAAA",
    issuer_name="reader",
    session_name="sess",
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)


@cache
def session_tokens() -> Sequence[bytes]:
    tagged = replace(PLAIN, tags=(("team", "blue"),), policies=('{"Statement": []}',))
    return [TOKENS.issue(facts).token.encode() for facts in (PLAIN, tagged)]


def session_token(data: bytes, _: random.Random) -> bool:
    try:
        facts = TOKENS.open_token(data.decode("latin-1"), PLAIN.access_key_id)
    except InvalidSessionTokenError:
        return False
    assert data in session_tokens(), "a token that nobody issued"
    assert facts.account == PLAIN.account
    return True


def listing_tokens() -> Sequence[bytes]:
    return [write_token(place).encode() for place in (b"a", "é/k".encode(), b"\xff" * 9)]


def listing_token(data: bytes, _: random.Random) -> bool:
    try:
        place = read_token(data.decode("latin-1"))
    except AwsError as error:
        assert error.status == 400, error
        return False
    assert place
    return True


def markers() -> Sequence[bytes]:
    return [marker_of(place).encode() for place in (("bob",), ("a/b", 7), ("", -1))]


def marker(data: bytes, chance: random.Random) -> bool:
    places = chance.choice(((str,), (str, int)))
    try:
        found = place_of_marker(data.decode("latin-1"), places)
    except AwsError as error:
        assert error.status == 400, error
        return False
    assert [type(value) for value in found] == list(places)
    return True


MASTER: Final = b"m" * 32
FILES: Final = {"iamd.db": b"SQLite format 3\0" + b"x" * 700, "blobs/ab/abcdef": b"blob" * 100}


@cache
def backup(files: tuple[tuple[str, bytes], ...] = tuple(FILES.items())) -> bytes:
    out = io.BytesIO()
    writer = ArchiveWriter(out, {"created_at": "now"}, lambda _: None)
    for name, content in files:
        writer.add_bytes(name, content)
    writer.finish(MASTER)
    writer.close()
    return out.getvalue()


def archive(data: bytes, _: random.Random) -> bool:
    try:
        contents = read_archive(io.BytesIO(data), lambda _: None)
    except BackupRefused as refused:
        assert str(refused)
        return False
    if contents.seal != seal_of(MASTER, contents.sums):
        return False
    whole = read_archive(io.BytesIO(backup()), lambda _: None)
    assert (contents.sums, contents.header) == (whole.sums, whole.header)
    return True


ROW: Final = S3Object("b", b"k", "e", 100, 0, "{}", "{}")


def byte_range(data: bytes, _: random.Random) -> bool:
    request: dict[str, Any] = {"Range": data.decode("latin-1")}
    try:
        wanted = wanted_range(request, ROW)
    except AwsError as error:
        assert error.status == 416, error
        return False
    assert wanted.start >= 0
    assert wanted.start + wanted.length <= ROW.size
    return wanted.partial


def ranges() -> Sequence[bytes]:
    return [b"bytes=0-9", b"bytes=-5", b"bytes=90-", b"bytes=0-0,5-9", b"bytes=" + b"9" * 5000 + b"-"]


def header(data: bytes, chance: random.Random) -> bool:
    """The S3 headers that are small languages, and the scalars of all protocols."""
    text = data.decode("latin-1")
    reader = chance.choice((read_copy_source, header_tags, read_iso8601, read_http_date, read_integer, read_blob))
    try:
        reader(text)
    except (AwsError, BadValueError) as error:
        assert not isinstance(error, AwsError) or 400 <= error.status <= 501, error
        return False
    return True


def headers() -> Sequence[bytes]:
    dates = (b"2026-11-24T12:00:00Z", b"2026-11-24T12:00:00.123+01:00", b"Tue, 24 Nov 2026 12:00:00 GMT", b"1764000000")
    return [b"/b/k%20a?versionId=null", b"b/%C3%A9", b"a=b&c=d%2Fe", *dates, b"-2147483648", b"YWxpY2U="]


TARGETS: Final = (
    Target("session tokens", session_tokens, session_token),
    Target("listing tokens", listing_tokens, listing_token),
    Target("markers", markers, marker),
    Target("backups", lambda: (backup(),), archive),
    Target("ranges", ranges, byte_range),
    Target("headers", headers, header),
)
