"""The door against what no well-behaved client sends: each gets a clear answer, and the server goes on."""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.clients.raw import Line
from tests.clients.server import Iamd

SMUGGLED = b"GET /_iamd/health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def line(iamd: Iamd) -> Iterator[Line]:
    """A connection; afterwards the server must still answer."""
    with Line(iamd.endpoint) as line:
        yield line
    with Line(iamd.endpoint) as probe:
        probe.request("GET /_iamd/health HTTP/1.1")
        assert probe.answer()[0] == 200


def test_health_answers_get_and_head_and_says_no_more_than_ok(line: Line) -> None:
    line.request("GET /_iamd/health HTTP/1.1")
    status, head, body = line.answer()
    assert status == 200
    assert sorted(json.loads(body)) == ["status", "version"]
    assert b"server: iamd" in head.lower()
    assert head.lower().count(b"\r\nserver:") == 1
    line.request("HEAD /_iamd/health HTTP/1.1")
    assert line.answer()[::2] == (200, b"")
    line.request("POST /_iamd/health HTTP/1.1", "Content-Length: 0")
    assert line.answer()[0] == 404


@pytest.mark.parametrize("path", ["/_iamd/", "/_iamd/x", "/_iamd/health/", "/_iamd/health%00", "/_iamd//health"])
def test_what_is_not_iamds_own_is_not_found(line: Line, path: str) -> None:
    line.request(f"GET {path} HTTP/1.1")
    assert line.answer()[0] == 404


@pytest.mark.parametrize("headers", [["Host: a", "Host: b"], [], ["Host: "]])
def test_one_host_is_required(line: Line, headers: list[str]) -> None:
    line.request("GET / HTTP/1.1", *headers, host="")
    assert line.answer()[0] == 400


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "bucket.s3.evil.example"]
)
def test_unsigned_calls_by_a_foreign_name_are_refused(line: Line, host: str) -> None:
    for target in ("/", "/bucket/key", "/?Action=ListUsers&Version=2010-05-08"):
        line.request(f"GET {target} HTTP/1.1", host=host)
        assert line.answer()[0] == 403


def test_an_unsigned_call_by_a_foreign_name_does_not_learn_what_is_built(line: Line) -> None:
    for action in ("CreateVirtualMFADevice", "NoSuchAction", "ListUsers"):
        form = f"Action={action}&Version=2010-05-08".encode()
        kind = "Content-Type: application/x-www-form-urlencoded"
        line.request("POST / HTTP/1.1", kind, f"Content-Length: {len(form)}", body=form, host="evil.example")
        status, _, body = line.answer()
        assert (status, b"AccessDenied" in body) == (403, True), (action, body)


def test_signed_calls_by_a_foreign_name_are_accepted(iamd: Iamd, line: Line) -> None:
    target = "/?Action=ListUsers&Version=2010-05-08"
    request = AWSRequest("GET", "http://iam.amazonaws.com" + target)
    SigV4Auth(iamd.key, "iam", "us-east-1").add_auth(request)
    signed = [f"{name}: {value}" for name, value in request.headers.items()]
    line.request(f"GET {target} HTTP/1.1", *signed, host="iam.amazonaws.com")
    status, _, body = line.answer()
    assert (status, b"<UserName>admin</UserName>" in body) == (200, True)


def test_of_two_requests_sent_at_once_the_second_sees_what_the_first_has_done(iamd: Iamd, line: Line) -> None:
    alice = iamd.user("alice")
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}}
    given = {"UserName": "alice", "PolicyName": "lists", "PolicyDocument": json.dumps(policy)}
    taken = {"UserName": "alice", "PolicyName": "lists"}
    for _ in range(3):
        line.send(_signed(iamd.key, "PutUserPolicy", given) + _signed(alice, "ListUsers", {}))
        assert [line.answer()[0] for _ in range(2)] == [200, 200]
        line.send(_signed(iamd.key, "DeleteUserPolicy", taken) + _signed(alice, "ListUsers", {}))
        assert [line.answer()[0] for _ in range(2)] == [200, 403]


def _signed(key: Credentials, action: str, parameters: dict[str, str]) -> bytes:
    """A call of IAM's as bytes."""
    target = "/?" + urlencode({"Action": action, "Version": "2010-05-08", **parameters}, quote_via=quote)
    request = AWSRequest("GET", "http://iam.amazonaws.com" + target)
    SigV4Auth(key, "iam", "us-east-1").add_auth(request)
    lines = [f"GET {target} HTTP/1.1", "Host: iam.amazonaws.com"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def test_the_host_that_counts_is_the_headers_whatever_the_target_says(line: Line) -> None:
    line.request("GET http://localhost/bucket HTTP/1.1", host="evil.example")
    assert line.answer()[0] == 403


@pytest.mark.parametrize(
    ("request_line", "header", "status"),
    [
        ("GET / HTTP/1.1", "X: " + "a" * 200_000, 431),
        ("GET /" + "a" * 100_000 + " HTTP/1.1", "X: a", 414),
        ("POST / HTTP/1.1", "Transfer-Encoding: xchunked", 400),
        ("\x00\x01", "X: a", 400),
        ("POST / HTTP/1.1", "Content-Length: 999999999999", 413),
        ("POST / HTTP/1.1", "Content-Length: 5242881", 413),
    ],
)
def test_what_is_too_large_or_broken_is_refused_before_it_is_read(
    line: Line, request_line: str, header: str, status: int
) -> None:
    line.request(request_line, header)
    # A client that still writes may find the connection reset before it can read the answer.
    assert line.answer()[0] in (status, 0)


def test_two_lengths_are_refused(line: Line) -> None:
    line.request("POST / HTTP/1.1", "Content-Length: 5", "Content-Length: 6", body=b"123456")
    assert line.answer()[0] == 400


def test_a_length_beside_chunks_is_answered_and_what_follows_is_never_run(line: Line) -> None:
    line.request("POST / HTTP/1.1", "Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED)
    status, head, _ = line.answer()
    assert status >= 400
    assert b"connection: close" in head.lower()
    assert line.is_closed()


@pytest.mark.parametrize("name", ["Host", "Authorization", "X-Forwarded-For", "X-Amz-Date"])
def test_what_stands_behind_the_chunks_is_no_header(line: Line, name: str) -> None:
    chunked = "Transfer-Encoding: chunked"
    answers = []
    for body in (b"0\r\n\r\n", f"0\r\n{name}: AWS4-HMAC-SHA256 x\r\n\r\n".encode()):
        line.request("GET /bucket?policy HTTP/1.1", chunked, body=body)
        status, _, told = line.answer()
        answers.append((status, re.sub(rb"<(RequestId|HostId)>[^<]*", b"", told)))
    assert answers[0] == answers[1]


def test_a_body_that_was_refused_unread_is_never_taken_for_a_request(line: Line) -> None:
    line.request("POST / HTTP/1.1", "Content-Length: 99999999", body=SMUGGLED * 3)
    assert line.answer()[0] == 413
    assert line.is_closed()


def test_a_denied_upload_never_turns_its_bytes_into_a_request(iamd: Iamd, line: Line) -> None:
    iamd.client("s3").create_bucket(Bucket="shut")
    line.request("PUT /shut/key HTTP/1.1", f"Content-Length: {len(SMUGGLED)}", "Expect: 100-continue")
    status, head, _ = line.answer()
    assert status == 403
    line.send(SMUGGLED)
    # Either the bytes were the body, or the connection has ended: never an answer to them.
    line.request("GET /shut HTTP/1.1")
    assert line.answer()[0] in (0, 403), head


def test_requests_one_behind_the_other_are_answered_in_order(line: Line) -> None:
    for path in ("/_iamd/health", "/_iamd/none", "/_iamd/health"):
        line.request(f"GET {path} HTTP/1.1")
    assert [line.answer()[0] for _ in range(3)] == [200, 404, 200]


def presigned(iamd: Iamd, operation: str, key: str) -> str:
    url: str = iamd.client("s3").generate_presigned_url(operation, {"Bucket": "files", "Key": key})
    return url.removeprefix(iamd.endpoint)


def test_an_unsigned_form_with_nothing_in_it_is_answered(line: Line) -> None:
    line.request("POST / HTTP/1.1", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 0")
    status, _, body = line.answer()
    assert (status, b"MissingAction" in body) == (400, True)


def test_who_has_said_all_still_reads_the_answers(line: Line) -> None:
    line.request("GET /_iamd/health HTTP/1.1")
    line.request("GET / HTTP/1.1")
    line.end()
    assert [line.answer()[0], line.answer()[0]] == [200, 403]
    assert line.is_closed()


def test_who_ends_in_the_middle_of_a_request_is_left(line: Line) -> None:
    line.request("PUT /bucket/k HTTP/1.1", "Content-Length: 5", body=b"hel")
    line.end()
    # Its head is refused without a body, if there is time before the end is seen.
    assert line.answer()[0] in {0, 404}
    assert line.is_closed()


def test_an_upload_that_is_cut_off_leaves_nothing(iamd: Iamd, line: Line) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="files")
    line.request(f"PUT {presigned(iamd, 'put_object', 'cut')} HTTP/1.1", "Content-Length: 300000", body=b"x" * 200_000)
    with Line(iamd.endpoint) as slow:
        slow.request(f"PUT {presigned(iamd, 'put_object', 'slow')} HTTP/1.1", "Content-Length: 10")
        for digit in b"0123456789":
            slow.send(bytes([digit]))
        assert slow.answer()[0] == 200
    line.cut()
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="files")["Contents"]] == ["slow"]


def test_a_client_that_leaves_in_the_middle_of_a_download_leaks_nothing(iamd: Iamd, ephemeral_pid: int) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="files")
    s3.put_object(Bucket="files", Key="large", Body=b"x" * (24 << 20))
    before = open_files(ephemeral_pid)
    for _ in range(5):
        with Line(iamd.endpoint) as line:
            line.request(f"GET {presigned(iamd, 'get_object', 'large')} HTTP/1.1")
            line.receive(1000)
    until = time.monotonic() + 30
    quiet = 0
    # The last client may have left before its file was opened: none stays open, seen ten times running.
    while quiet < 10 and time.monotonic() < until:
        assert s3.head_object(Bucket="files", Key="large")["ContentLength"] == 24 << 20
        quiet = 0 if open_files(ephemeral_pid) > before else quiet + 1
    assert quiet == 10


@pytest.fixture
def ephemeral_pid(iamd: Iamd) -> int:
    """The process that listens on the server's port."""
    port = f":{urlsplit(iamd.endpoint).port:04X}"
    inode = next(
        fields[9]
        for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines())
        if fields[1].endswith(port) and fields[3] == "0A"
    )
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()) == f"socket:[{inode}]":
                return int(link.parts[2])
    raise LookupError(port)


def open_files(pid: int) -> int:
    """Blobs and sockets that a process holds open."""
    count = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            target = str(link.readlink())
            count += "/blobs/" in target
    return count


def test_virtual_hosts_and_paths_name_the_same_bucket(iamd: Iamd, line: Line) -> None:
    port = urlsplit(iamd.endpoint).port
    iamd.client("s3").create_bucket(Bucket="files")
    iamd.client("s3").put_object(Bucket="files", Key="k", Body=b"1")
    for host in ("files.localhost", f"FILES.localhost:{port}", "files.s3.localhost", "files.s3.eu-west-1.localhost"):
        line.request("GET /k HTTP/1.1", host=host)
        status, _, body = line.answer()
        assert (status, b"AccessDenied" in body) == (403, True)
    line.request("GET /k HTTP/1.1", host="nobody.localhost")
    assert b"NoSuchBucket" in line.answer()[2]
