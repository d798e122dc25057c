"""Files of any size by the stock clients, over HTTP and HTTPS, in memory that does not grow with them."""

import hashlib
import io
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

from tests.clients.server import running

pytestmark = pytest.mark.xdist_group("streams")
MIB = 1 << 20
STREAM_LIMIT = 64 * MIB


@dataclass(frozen=True)
class Server:
    pid: int
    s3: Any


class Pattern(io.RawIOBase):
    """A file of any size that nobody holds: every mebibyte is another one."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        return self.at

    def readinto(self, buffer: Any) -> int:
        """Fills it, short of the end of the file."""
        wanted = min(len(buffer), self.size - self.at)
        done = 0
        while done < wanted:
            block, inner = divmod(self.at, MIB)
            piece = block_of(block)[inner : inner + wanted - done]
            buffer[done : done + len(piece)] = piece
            done += len(piece)
            self.at += len(piece)
        return done


@lru_cache(16)
def block_of(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest() * (MIB // 32)


@pytest.fixture(scope="module", params=["http", "https"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with its files on the disk, and a client of it as anybody would make one."""
    directory = tmp_path_factory.mktemp(request.param)
    certificate, key = directory / "cert.pem", directory / "key.pem"
    flags: list[str] = []
    if request.param == "https":
        command: list[Any] = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                   "-nodes", "-days", "2", "-subj", "/CN=localhost",
                   "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                   "-keyout", key, "-out", certificate]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        flags = ["--tls-cert", str(certificate), "--tls-key", str(key)]
    with running(directory / "data", *flags) as (iamd, process):
        s3 = boto3.client(
            "s3",
            endpoint_url=iamd.endpoint,
            region_name=iamd.region,
            aws_access_key_id=iamd.key.access_key,
            aws_secret_access_key=iamd.key.secret_key,
            verify=str(certificate) if flags else None,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )
        s3.create_bucket(Bucket="files")
        yield Server(process.pid, s3)


class Peak:
    """The most memory that a process has had since `begin`, over what it had then: bytes."""

    def __init__(self, pid: int) -> None:
        self._proc = Path(f"/proc/{pid}")
        (self._proc / "clear_refs").write_text("5")
        self._before = self._read("VmRSS")

    def growth(self) -> int:
        return self._read("VmHWM") - self._before

    def _read(self, name: str) -> int:
        lines = (self._proc / "status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def digest_of(stream: Any) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(MIB):
        digest.update(piece)
    return digest.hexdigest()


def test_a_hundred_megabytes_by_the_transfer_manager(server: Server, tmp_path: Path) -> None:
    """`upload_file` and `download_file` as they are: parts of 8 MiB, ten at a time."""
    pid, s3 = server.pid, server.s3
    size = 100_000_000
    with (tmp_path / "up").open("wb") as file:
        source = Pattern(size)
        while piece := source.read(MIB):
            file.write(piece)
    peak = Peak(pid)
    s3.upload_file(str(tmp_path / "up"), "files", "hundred")
    s3.download_file("files", "hundred", str(tmp_path / "down"))
    assert peak.growth() < TransferConfig().max_concurrency * STREAM_LIMIT
    assert s3.head_object(Bucket="files", Key="hundred")["ETag"].endswith('-12"')
    with (tmp_path / "down").open("rb") as file:
        assert digest_of(file) == digest_of(Pattern(size))


def test_a_gibibyte_in_one_request(server: Server) -> None:
    pid, s3 = server.pid, server.s3
    size = 1 << 30
    peak = Peak(pid)
    put = s3.put_object(Bucket="files", Key="whole", Body=Pattern(size), ContentLength=size)
    assert peak.growth() < STREAM_LIMIT
    got = s3.get_object(Bucket="files", Key="whole", ChecksumMode="ENABLED")
    assert (got["ContentLength"], got["ChecksumCRC32"]) == (size, put["ChecksumCRC32"])
    peak = Peak(pid)
    assert digest_of(got["Body"]) == digest_of(Pattern(size))
    assert peak.growth() < STREAM_LIMIT
    s3.delete_object(Bucket="files", Key="whole")


def test_many_streams_at_once_have_each_their_share(server: Server) -> None:
    pid, s3 = server.pid, server.s3
    streams, size = 8, 48 * MIB
    peak = Peak(pid)
    failures: list[BaseException] = []

    def one(number: int) -> None:
        try:
            s3.put_object(Bucket="files", Key=f"k{number}", Body=Pattern(size), ContentLength=size)
            assert digest_of(s3.get_object(Bucket="files", Key=f"k{number}")["Body"]) == digest_of(Pattern(size))
        except BaseException as failure:  # noqa: BLE001  # told by the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert peak.growth() < streams * STREAM_LIMIT
