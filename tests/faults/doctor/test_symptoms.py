"""`iamd doctor` sees each symptom where it is really there, says what to do, and finds nothing where all is well."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.doctor import clock, endpoint
from iamd.bootstrap.doctor.examination import CHECKS
from iamd.bootstrap.doctor.finding import Site
from iamd.cli.main import main
from tests.clients.server import running
from tests.postgres.cluster import Cluster

pytestmark = pytest.mark.xdist_group("postgres")
Doctor = Callable[..., tuple[int, list[dict[str, str]]]]
DAY = 24 * 3600


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that a server has used: one user, one object whose bytes are a file."""
    data_dir = tmp_path_factory.mktemp("doctor") / "data"
    with running(data_dir) as (iamd, _):
        iamd.user("alice")
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="large", Body=b"x" * 200_000)
    return data_dir


@pytest.fixture
def data_dir(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "data")


@pytest.fixture
def doctor(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Its exit status, and its findings but for the reminder of bootstrap.json."""

    def run(*flags: object) -> tuple[int, list[dict[str, str]]]:
        words = ["--port", "0", "--console-port", "0", "--data-dir", data_dir, "--json", *flags]
        monkeypatch.setattr("sys.argv", ["iamd", "doctor", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = json.loads(capsys.readouterr().out)
        assert told["checks"] == list(CHECKS)
        assert told["ok"] is (ended.value.code == 0)
        found = [finding for finding in told["findings"] if finding["check"] != "bootstrap-file"]
        assert all(finding["symptom"] and finding["meaning"] and finding["remedy"] for finding in found)
        return int(ended.value.code or 0), found

    return run


def only(found: list[dict[str, str]], check: str, severity: str = "error") -> str:
    """The one symptom, of this check."""
    assert [(finding["check"], finding["severity"]) for finding in found] == [(check, severity)], found
    return found[0]["symptom"]


def errors(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Without the notes of what could not be looked at because of them."""
    return [finding for finding in found if finding["severity"] == "error"]


def test_all_is_well_and_a_person_is_told_so(
    data_dir: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in data_dir.rglob("*") if path.is_file()}
    assert doctor() == (0, [])
    monkeypatch.setattr(
        "sys.argv", ["iamd", "doctor", "--data-dir", str(data_dir), "--port", "0", "--console-port", "0"]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert told.splitlines()[-1] == "15 checks: all is well"
    assert "bootstrap.json still holds" in told
    after = {path: path.stat().st_mtime_ns for path in data_dir.rglob("*") if path.is_file()}
    assert {path: after.get(path) for path in before} == before


def test_a_directory_that_is_not_there_yet_is_well(doctor: Doctor, tmp_path: Path) -> None:
    assert doctor("--data-dir", tmp_path / "none") == (0, [])
    assert not (tmp_path / "none").exists()


def test_a_running_server_is_well_and_one_that_hangs_is_not(
    tmp_path: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "_SECONDS", 0.5)
    with running(tmp_path / "live") as (iamd, process):
        port = urlsplit(iamd.endpoint).port
        assert doctor("--data-dir", tmp_path / "live", "--port", port) == (0, [])
        process.send_signal(signal.SIGSTOP)
        try:
            status, found = doctor("--data-dir", tmp_path / "live", "--port", port)
        finally:
            process.send_signal(signal.SIGCONT)
        assert f"process {process.pid} holds" in only(found, "endpoint")
        assert status == 1


def test_a_mistyped_variable_is_named_with_the_one_that_was_meant(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IAMD_WORKRES", "2")
    status, found = doctor()
    assert (status, only(found, "variables")) == (1, "IAMD_WORKRES is no setting of iamd's")
    assert found[0]["remedy"].endswith("Did you mean IAMD_WORKERS?")


@pytest.mark.parametrize("name", [".", "blobs", "master.key", "bootstrap.json", "iamd.db"])
def test_what_others_may_read(data_dir: Path, doctor: Doctor, name: str) -> None:
    path = data_dir / name
    path.chmod(path.stat().st_mode | 0o044)
    status, found = doctor()
    assert status == 1
    assert only(found, "permissions").startswith(f"{path} may be read or written by others")


def test_a_disk_that_is_nearly_full_and_one_that_is_full(data_dir: Path, doctor: Doctor, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", small]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a file system of its own needs the right to mount one: {mounted.stderr.strip()}")
    try:
        shutil.copytree(data_dir, small / "data")
        status, found = doctor("--data-dir", small / "data")
        assert (status, "nearly full" in only(found, "disk-space", "warning")) == (1, True)
        (small / "data" / "reserve").unlink()
        with (small / "filler").open("wb") as filler:
            free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
            os.posix_fallocate(filler.fileno(), 0, free - (1 << 20))
        status, found = doctor("--data-dir", small / "data")
        assert (status, "is full" in only(found, "disk-space")) == (1, True)
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_clock_that_went_back(data_dir: Path, doctor: Doctor) -> None:
    ahead = now_ms() / 1000 + 3600
    os.utime(data_dir / "iamd.db", (ahead, ahead))
    status, found = doctor()
    assert status == 1
    assert "s in the future" in only(found, "clock", "warning")


@pytest.mark.parametrize(("by", "where"), [(3_600_000, "ahead of"), (-3_600_000, "behind")])
def test_a_clock_that_is_not_the_file_system_s(data_dir: Path, by: int, where: str) -> None:
    site = Site(data_dir, None, "127.0.0.1", (0,), None, None, {}, now_ms() + by)
    symptoms = [finding.symptom for finding in clock.check(site)]
    assert any(f"{where} the file system's" in symptom for symptom in symptoms)


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(16_384)
        file.write(os.urandom(65_536))


def test_a_damaged_database(data_dir: Path, doctor: Doctor) -> None:
    damage(data_dir / "iamd.db")
    status, found = doctor()
    assert status == 1
    assert "database" in {finding["check"] for finding in found if finding["severity"] == "error"}
    assert any("is damaged" in finding["symptom"] for finding in found)


def test_a_format_and_a_schema_of_a_newer_version(data_dir: Path, doctor: Doctor) -> None:
    (data_dir / "format").write_text("2\n")
    assert "data format '2'" in only(doctor()[1], "format")
    (data_dir / "format").write_text("1\n")
    with sqlite3.connect(data_dir / "iamd.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    status, found = doctor()
    assert (status, "schema 9999" in only(errors(found), "format")) == (1, True)


def test_a_master_key_that_is_gone_or_none_or_another_s(data_dir: Path, doctor: Doctor, tmp_path: Path) -> None:
    key = data_dir / "master.key"
    other = tmp_path / "other.key"
    other.write_text("00" * 32)
    other.chmod(0o600)
    assert "another key" in only(doctor("--master-key-file", other)[1], "master-key")
    key.write_text("nonsense")
    assert "64 hex digits" in only(doctor()[1], "master-key")
    key.unlink()
    assert "No such file" in only(doctor()[1], "master-key")


def test_bytes_that_are_gone_and_bytes_that_nobody_needs(data_dir: Path, doctor: Doctor) -> None:
    (blob,) = data_dir.glob("blobs/??/*")
    orphan = blob.with_name(blob.name[:-1] + "_")
    shutil.copy(blob, orphan)
    assert doctor() == (0, [])
    long_ago = now_ms() / 1000 - 4 * DAY
    os.utime(orphan, (long_ago, long_ago))
    assert orphan.name in only(doctor()[1], "blobs", "warning")
    orphan.unlink()
    blob.unlink()
    assert blob.name in only(doctor()[1], "blobs")


def test_a_database_server_that_does_not_answer_and_one_of_a_newer_version(
    doctor: Doctor, tmp_path: Path, postgres: Cluster
) -> None:
    none = "--data-dir", tmp_path / "none"
    closed = "postgresql://iamd:not-to-be-told@127.0.0.1:1/iamd"
    status, found = doctor(*none, "--database-url", closed)
    assert (status, "does not answer" in only(errors(found), "database-server")) == (1, True)
    assert "not-to-be-told" not in json.dumps(found)
    assert "no URL" in only(doctor(*none, "--database-url", "mysql://x")[1], "database-server")
    url = postgres.database("doctor")
    assert doctor(*none, "--database-url", url) == (0, [])
    twice = f"127.0.0.1:{postgres.port},127.0.0.1:{postgres.port}"
    several = doctor(*none, "--database-url", f"postgresql://postgres@{twice}/doctor")
    assert "wait for no standby" in only(several[1], "standby", "warning")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    assert "schema 9999" in only(errors(doctor(*none, "--database-url", url)[1]), "database-server")


@pytest.mark.parametrize("flag", ["--port", "--console-port", "--metrics-port"])
def test_a_port_that_another_program_has(doctor: Doctor, flag: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, found = doctor(flag, port)
    assert (status, only(found, "ports")) == (1, f"port {port} on 127.0.0.1 is in use")


def certify(folder: Path, begin: timedelta, end: timedelta) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now + begin, now + end)
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return paths


@pytest.mark.parametrize(
    ("begin", "end", "finding"),
    [(-1, 10, ("warning", "expires in 9")), (-9, -1, ("error", "has expired")), (1, 90, ("error", "is valid from"))],
)
def test_a_certificate_that_clients_refuse_or_soon_will(
    tmp_path: Path, doctor: Doctor, begin: int, end: int, finding: tuple[str, str]
) -> None:
    certificate, key = certify(tmp_path, timedelta(days=begin), timedelta(days=end))
    status, found = doctor("--tls-cert", certificate, "--tls-key", key)
    severity, symptom = finding
    assert (status, symptom in only(found, "certificate", severity)) == (1, True)


def test_a_certificate_and_a_key_that_do_not_belong_together(tmp_path: Path, doctor: Doctor) -> None:
    certificate, key = certify(tmp_path, timedelta(days=-1), timedelta(days=90))
    assert doctor("--tls-cert", certificate, "--tls-key", key) == (0, [])
    key.rename(tmp_path / "old.pem")
    (tmp_path / "other").mkdir()
    other = certify(tmp_path / "other", timedelta(0), timedelta(days=90))[1]
    assert "--tls-key" in only(doctor("--tls-cert", certificate, "--tls-key", other)[1], "certificate")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("IAMD_"):
            monkeypatch.delenv(name)
