"""`iamd serve`: two doors, one data directory, a start that is told once and an end that loses nothing."""

import json
import os
import pty
import re
import select
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config

from tests.clients.raw import Line
from tests.clients.server import BIN, Iamd, connect, running


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("IAMD_", "AWS_"))}


def refused(*words: Any, **env: str) -> str:
    """The one line that a server says which refuses to start."""
    command: list[Any] = [BIN / "iamd", "serve", *map(str, words)]
    ended = subprocess.run(command, capture_output=True, text=True, env=clean() | env, timeout=20, check=False)
    assert ended.returncode == 1, ended
    assert ended.stdout == ""
    said: str = ended.stderr
    assert said.count("\n") == 1, said
    return said


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, "subprocess.Popen[str]", Path]]:
    data_dir = tmp_path_factory.mktemp("state") / "deep" / "data"
    with running(data_dir) as (iamd, process):
        yield iamd, process, data_dir


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def test_the_data_directory_is_for_its_owner_alone(server: tuple[Iamd, Any, Path]) -> None:
    _, _, data_dir = server
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    for name in ("bootstrap.json", "master.key", "iamd.db"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600, name


def test_the_console_port_answers_a_page_built_or_not(server: tuple[Iamd, Any, Path]) -> None:
    iamd, _, _ = server
    with Line(f"http://127.0.0.1:{port_of(iamd.console)}") as line:
        line.request("GET / HTTP/1.1")
        status, head, body = line.answer()
        assert (status, b"<title>iamd" in body, b"frame-ancestors 'none'" in head) == (200, True, True)
        line.request("GET / HTTP/1.1", host="evil.example")
        assert line.answer()[0] == 421


def test_a_second_server_on_the_same_directory_refuses(server: tuple[Iamd, Any, Path]) -> None:
    _, process, data_dir = server
    said = refused("--data-dir", data_dir, "--port", 0, "--console-port", 0)
    assert said == f"iamd: {data_dir} is in use by process {process.pid}\n"


@pytest.mark.parametrize("flag", ["--port", "--console-port"])
def test_a_port_of_another_iamd_is_refused(server: tuple[Iamd, Any, Path], tmp_path: Path, flag: str) -> None:
    taken = port_of(server[0].endpoint)
    other = {"--port": "--console-port", "--console-port": "--port"}[flag]
    said = refused("--data-dir", tmp_path, flag, taken, other, 0)
    assert said == f"iamd: port {taken} on 127.0.0.1 is in use\n"


def test_one_port_for_both_doors_is_refused(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert "--console-port" in refused("--data-dir", tmp_path, "--port", free, "--console-port", free)


def test_a_port_of_anything_is_refused(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert "is in use" in refused("--data-dir", tmp_path, "--port", taken, "--console-port", 0)


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused("--data-dir", tmp_path / "file" / "below", "--port", 0, "--console-port", 0)
    assert str(tmp_path / "file") in said


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    words = ("--tls-cert", tmp_path / "none.pem", "--tls-key", tmp_path / "none.pem")
    assert "--tls-cert" in refused("--data-dir", tmp_path / "d", "--port", 0, "--console-port", 0, *words)


def test_the_process_stays_in_the_group_that_it_was_started_in(server: tuple[Iamd, Any, Path]) -> None:
    assert os.getpgid(server[1].pid) == os.getpgid(0)


def test_a_later_start_keeps_the_account_refreshes_the_urls_and_never_rewrites_a_deleted_file(tmp_path: Path) -> None:
    with running(tmp_path) as (first, _):
        first.client("iam").create_user(UserName="kept")
        before = json.loads((tmp_path / "bootstrap.json").read_bytes())
    said = refused("--data-dir", tmp_path, "--port", 0, "--console-port", 0, "--account-id", "999999999999")
    assert "999999999999" in said
    (tmp_path / "other.key").write_text("0" * 64)
    said = refused(
        "--data-dir", tmp_path, "--port", 0, "--console-port", 0, "--master-key-file", tmp_path / "other.key"
    )
    assert "master key" in said
    with running(tmp_path) as (second, _):
        after = json.loads((tmp_path / "bootstrap.json").read_bytes())
        assert after == {**before, "endpoint_url": second.endpoint, "console_url": second.console}
        assert second.client("iam").get_user(UserName="kept")["User"]["UserName"] == "kept"
    (tmp_path / "bootstrap.json").unlink()
    (tmp_path / "master.key").rename(tmp_path / "moved.key")
    assert "master.key" in refused("--data-dir", tmp_path, "--port", 0, "--console-port", 0)
    assert not (tmp_path / "master.key").exists()
    flags: list[Any] = ["--port", "0", "--console-port", "0", "--master-key-file", tmp_path / "moved.key"]
    command: list[Any] = [BIN / "iamd", "serve", "--data-dir", tmp_path, *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=clean()) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert not (tmp_path / "bootstrap.json").exists()
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0


def test_https_is_served_and_verified(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command: list[Any] = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
               "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
               "-keyout", key, "-out", certificate]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    with running(tmp_path / "data", "--tls-cert", str(certificate), "--tls-key", str(key)) as (iamd, _):
        assert iamd.endpoint.startswith("https://")
        assert iamd.console.startswith("https://localhost:")
        iam = boto3.client(
            "iam",
            endpoint_url=iamd.endpoint,
            region_name="us-east-1",
            aws_access_key_id=iamd.key.access_key,
            aws_secret_access_key=iamd.key.secret_key,
            verify=str(certificate),
            config=Config(retries={"total_max_attempts": 1}),
        )
        deny = {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
        iam.put_user_policy(UserName="admin", PolicyName="tls-only", PolicyDocument=document)
        assert iam.get_user(UserName="admin")["User"]["UserName"] == "admin"


@pytest.mark.parametrize(
    ("flags", "endpoint"),
    [
        (["--host", "::1"], "http://[::1]:"),
        (["--host", "localhost"], "http://127.0.0.1:"),
        (["--host", "0.0.0.0", "--insecure-http", "--public-url", "http://localhost:1/"], "http://localhost:1"),  # noqa: S104  # meant
    ],
)
def test_a_host_is_listened_on_and_a_public_url_shown(tmp_path: Path, flags: list[str], endpoint: str) -> None:
    with running(tmp_path, *flags) as (iamd, _):
        assert iamd.endpoint.startswith(endpoint)
        if "--public-url" not in flags:
            assert iamd.client("iam").list_users()["Users"]


def read_until(terminal: int, wanted: bytes) -> str:
    said, until = b"", time.monotonic() + 20
    while wanted not in said:
        ready, _, _ = select.select([terminal], [], [], max(0, until - time.monotonic()))
        assert ready, said
        said += os.read(terminal, 65536)
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_shows_the_account_once_ready_to_paste(tmp_path: Path) -> None:
    command: list[Any] = [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", "--data-dir", tmp_path / "d"]
    for start in ("first", "second"):
        terminal, far_end = pty.openpty()
        with subprocess.Popen(command, stdout=far_end, stderr=far_end, env=clean()) as process:
            os.close(far_end)
            said = read_until(terminal, b"bootstrap.json")
            try:
                if start == "first":
                    _paste_and_list(said, tmp_path)
                else:
                    assert "aws configure set" not in said
            finally:
                process.terminate()
                assert process.wait(15) == 0
                os.close(terminal)


def _paste_and_list(said: str, home: Path) -> None:
    lines = [line.strip() for line in said.splitlines()]
    settings = [line for line in lines if line.startswith("aws configure set ")]
    assert len(settings) == 5
    exports = [line for line in lines if line.startswith("export ")]
    assert len(exports) == 5
    env = clean() | {"HOME": str(home), "PATH": f"{BIN}:{os.environ['PATH']}", "AWS_PAGER": ""}
    for script in ("\n".join([*settings, "aws s3 ls"]), "\n".join([*exports, "aws iam list-users --output text"])):
        done = subprocess.run(["sh", "-ec", script], env=env, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        if "list-users" in script:
            assert "user/admin" in done.stdout


def wait_until_closed(port: int) -> None:
    """Returns once nobody accepts connections any more."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            # It closed with this one in its queue.
            continue


def test_sigterm_finishes_what_is_in_flight(tmp_path: Path) -> None:
    with running(tmp_path) as (iamd, process):
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="slow")
        size = 300_000
        url = s3.generate_presigned_url("put_object", {"Bucket": "slow", "Key": "k"})
        with Line(iamd.endpoint) as line:
            target = url.removeprefix(iamd.endpoint)
            line.request(f"PUT {target} HTTP/1.1", f"Content-Length: {size}", body=b"x" * 100_000)
            with Line(iamd.endpoint) as probe:
                probe.request("GET /_iamd/health HTTP/1.1")
                assert probe.answer()[0] == 200
            process.send_signal(signal.SIGTERM)
            wait_until_closed(port_of(iamd.endpoint))
            line.send(b"x" * 200_000)
            status, head, _ = line.answer()
            assert status == 200, head
        assert process.wait(15) == 0
    with running(tmp_path) as (iamd, _):
        assert iamd.client("s3").head_object(Bucket="slow", Key="k")["ContentLength"] == size


def test_settings_come_from_the_environment_too(tmp_path: Path) -> None:
    env = clean() | {
        "IAMD_PORT": "0",
        "IAMD_CONSOLE_PORT": "0",
        "IAMD_DATA_DIR": str(tmp_path),
        "IAMD_ACCOUNT_ID": "123456789012",
        "IAMD_REGION": "eu-west-1",
        "IAMD_EPHEMERAL": "true",
        "IAMD_TRUSTED_PROXY": "10.0.0.0/8,127.0.0.0/8",
        "IAMD_SERVICE_HOST": "10.96.0.1",
        "IAMD_PORT_4566_TCP": "tcp://10.96.0.1:4566",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "iamd", "serve"], stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stdout is not None
        iamd = connect(Path(process.stdout.readline().strip()))
        assert (iamd.account, iamd.region) == ("123456789012", "eu-west-1")
        iamd.reset()
        process.terminate()
        assert process.wait(15) == 0
    assert re.fullmatch(r"bootstrap\.json", "\n".join(path.name for path in tmp_path.iterdir()))
