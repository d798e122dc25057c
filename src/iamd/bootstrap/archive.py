"""The backup file: a tar of regular files whose last members are their checksums and a seal over these.

iamd-backup.json       {"format": 1, "iamd": …, "created_at": …, "data_format": …, "schema": …, "key_id": …}
master.key, bootstrap.json, bootstrap-<account>.json   where they belong to it
iamd.db                the database as of one commit
blobs/<ab>/<id>        every blob that a row of it refers to
SHA256SUMS             a line for each member above, as `sha256sum -c` reads it
SHA256SUMS.hmac        HMAC-SHA256 of the digest of SHA256SUMS, in hex, under a key derived from the master key
"""

import hashlib
import hmac
import io
import json
import re
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

FORMAT: Final = 1
MASTER_KEY: Final = "master.key"
_HEADER: Final = "iamd-backup.json"
_SUMS: Final = "SHA256SUMS"
_SEAL: Final = "SHA256SUMS.hmac"
_NAME: Final = re.compile(
    r"master\.key|bootstrap(?:-[0-9]{12})?\.json|iamd\.db"
    r"|blobs/(?P<folder>[0-9A-Za-z_-]{2})/(?P=folder)[0-9A-Za-z_-]{2,62}"
)
_SMALL: Final = 64 << 10
_CHUNK: Final = 1 << 20

Progress = Callable[[int], None]
"""Told how many bytes have just been done."""


class BackupRefused(Exception):  # noqa: N818  # names what was found
    """The file is no backup that can be restored here, or none can be made; the text says why."""


def seal_of(master_key: bytes, sums: bytes) -> str:
    """What only who has the master key can write under these checksums (their SHA-256)."""
    return hmac.digest(hashlib.sha256(b"iamd backup" + master_key).digest(), sums, "sha256").hex()


class _Hashed:
    """A file being read, its digest in passing."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        self._progress(len(data))
        return data

    def line(self, name: str) -> bytes:
        return f"{self.digest.hexdigest()}  {name}\n".encode("ascii")


class ArchiveWriter:
    """INVARIANT: memory does not grow with the number of members nor with their size."""

    def __init__(self, file: IO[bytes], header: dict[str, Any], progress: Progress) -> None:
        self._tar = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.GNU_FORMAT, copybufsize=_CHUNK)
        self._progress = progress
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`
        self.add_bytes(_HEADER, json.dumps({"format": FORMAT, **header}).encode("ascii") + b"\n")

    def add(self, name: str, size: int, file: IO[bytes]) -> None:
        """Raises OSError if the file ends early."""
        hashed = _Hashed(file, self._progress)
        self._put(name, size, hashed)
        self._sums.write(hashed.line(name))

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, len(content), io.BytesIO(content))

    def finish(self, master_key: bytes) -> None:
        size = self._sums.tell()
        self._sums.seek(0)
        hashed = _Hashed(self._sums, self._progress)
        self._put(_SUMS, size, hashed)
        line = seal_of(master_key, hashed.digest.digest()).encode("ascii") + b"\n"
        self._put(_SEAL, len(line), io.BytesIO(line))
        self._tar.close()

    def close(self) -> None:
        self._sums.close()

    def _put(self, name: str, size: int, file: Any) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, file)
        # tarfile would remember every member, and here nobody asks.
        self._tar.members.clear()  # type: ignore[attr-defined]  # missing in its types


@dataclass(frozen=True, slots=True)
class Contents:
    """What a whole, undamaged backup file holds. `sums` is the digest of its checksums, `seal` its own last word."""

    header: dict[str, Any]
    master_key: bytes | None
    blobs: int
    sums: bytes
    seal: str


def read_archive(file: IO[bytes], progress: Progress, into: Path | None = None) -> Contents:
    """Read to the end and check every member, writing them below `into` if it is given. Raises BackupRefused."""
    with tempfile.TemporaryFile() as lines:
        reader = _Reader(lines, into, progress)
        try:
            with tarfile.open(fileobj=file, mode="r|", bufsize=_CHUNK) as tar:
                while (member := tar.next()) is not None:
                    tar.members.clear()  # type: ignore[attr-defined]  # as above
                    reader.take(member, tar)
        except (tarfile.TarError, EOFError, ValueError, FileExistsError) as error:
            if reader.header is None:
                raise BackupRefused("it is no iamd backup") from error
            raise BackupRefused(f"it is cut short or damaged ({error})") from error
        return reader.contents()


class _Reader:
    def __init__(self, lines: IO[bytes], into: Path | None, progress: Progress) -> None:
        self._lines = lines
        self._into = into
        self._progress = progress
        self._sums: bytes | None = None
        self._seal: str | None = None
        self._master_key: bytes | None = None
        self._blobs = 0
        self.header: dict[str, Any] | None = None

    def take(self, member: tarfile.TarInfo, tar: tarfile.TarFile) -> None:
        name = member.name
        content = tar.extractfile(member) if member.type == tarfile.REGTYPE else None
        if content is None:
            raise BackupRefused(f"it holds {name!r}, which is no regular file")
        if self._sums is not None:
            if name != _SEAL or self._seal is not None:
                raise BackupRefused(f"{name!r} follows its checksums")
            self._seal = content.read(_SMALL).decode("ascii").strip()
        elif self.header is None:
            self.header = _header(name, self._small(name, content))
        elif name == _SUMS:
            self._sums = self._compare(content)
        elif not _NAME.fullmatch(name):
            raise BackupRefused(f"it holds {name!r}, which belongs to no backup")
        elif name == MASTER_KEY:
            self._master_key = self._small(name, content)
        else:
            self._blobs += name.startswith("blobs/")
            self._keep(name, content)

    def contents(self) -> Contents:
        if self.header is None:
            raise BackupRefused("it is no iamd backup")
        if self._sums is None or self._seal is None:
            raise BackupRefused("it is cut short: its checksums are missing")
        return Contents(self.header, self._master_key, self._blobs, self._sums, self._seal)

    def _small(self, name: str, content: IO[bytes]) -> bytes:
        hashed = _Hashed(content, self._progress)
        text = hashed.read(_SMALL)
        self._lines.write(hashed.line(name))
        return text

    def _keep(self, name: str, content: IO[bytes]) -> None:
        hashed = _Hashed(content, self._progress)
        target = None if self._into is None else self._into / name
        if target is not None:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with nullcontext(None) if target is None else target.open("xb") as file:
            while chunk := hashed.read(_CHUNK):
                if file is not None:
                    file.write(chunk)
        if target is not None:
            target.chmod(0o600)
        self._lines.write(hashed.line(name))

    def _compare(self, content: IO[bytes]) -> bytes:
        self._lines.seek(0)
        digest = hashlib.sha256()
        for found in self._lines:
            said = content.readline(_SMALL)
            if said != found:
                raise BackupRefused(f"it is damaged: {found[66:].decode().strip()} does not match its checksum")
            digest.update(said)
        if content.read(1):
            raise BackupRefused("it is damaged: it has checksums of what is missing")
        return digest.digest()


def _header(name: str, text: bytes) -> dict[str, Any]:
    header = json.loads(text) if name == _HEADER else None
    if not isinstance(header, dict) or type(header.get("format")) is not int:
        raise BackupRefused("it is no iamd backup")
    if header["format"] != FORMAT:
        raise BackupRefused(f"it has backup format {header['format']}; this iamd knows format {FORMAT}")
    return header
