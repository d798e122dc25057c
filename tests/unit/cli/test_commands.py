"""Whatever cannot be understood or done ends in one clear line and a status, never in a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest

from iamd.cli.main import main


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: Any, **env: str
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["iamd", *map(str, words)])
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--prot"], "No such option"),
        (["--host", "0.0.0.0"], "not loopback"),  # noqa: S104  # to be refused
        (["--host", "example.org"], "give an address"),
        (["--ephemeral", "--host", "0.0.0.0", "--insecure-http"], "loopback only"),  # noqa: S104  # as above
        (["--workers", "0"], "workers"),
        (["--ephemeral", "--database-url", "postgresql://x"], "it takes no --database-url"),
        (["--object-store-url", "file:///x"], "for nodes that share a --database-url"),
        (["--metrics-port", "70000"], "metrics"),
        (["--log-format", "xml"], "xml"),
        (["--account-id", "123"], "12 digits"),
        (["--account-id", "12345678901a"], "12 digits"),
        (["--account-id", "\uff11" * 12], "12 digits"),
        (["--region", "nowhere"], "no region"),
        (["--trusted-proxy", "10.0.0.1/8"], "no network"),
        (["--port", "70000"], "port"),
        (["--tls-cert", __file__], "go together"),
        (["--tls-key", __file__], "go together"),
        (["--tls-cert", "/nowhere", "--tls-key", "/nowhere"], "does not exist"),
        (["--master-key-file", "/nowhere"], "does not exist"),
        (["--events-max-size", "1GB"], "no size"),
        (["--public-url", "iamd.example.org"], "no URL"),
        (["--public-url", "ftp://iamd.example.org"], "no URL"),
        (["--public-url", "https://"], "no URL"),
        (["--public-url", "https://h/path"], "no URL"),
        (["--public-url", "https://[::1"], "no URL"),
        (["--console-public-url", "https://h:99999"], "no URL"),
        (["stray"], "unexpected extra argument"),
    ],
)
def test_serve_refuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], reason: str
) -> None:
    status, out, err = run(monkeypatch, capsys, "serve", *words)
    assert status == 2
    assert reason in err
    assert err.startswith("iamd: ")
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize(
    "words", [["serve"], ["decide"], ["events"], ["env"], ["accounts", "list"], ["accounts", "create"]]
)
def test_every_command_refuses_a_mistyped_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(monkeypatch, capsys, *words, IAMD_ENFORCMENT="off") == (
        2,
        "",
        "iamd: IAMD_ENFORCMENT is no setting of iamd's\n",
    )


@pytest.mark.parametrize("variable", ["IAMD_WORKERS", "IAMD_REGION", "IAMD_TRUSTED_PROXY", "IAMD_EVENTS_MAX_SIZE"])
def test_variables_are_checked_as_flags_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str
) -> None:
    status, _, err = run(monkeypatch, capsys, "serve", **{variable: "nonsense,10.0.0.0/8"})
    assert status == 2
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", ["prove", "x"])
def test_what_is_not_built_is_no_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run(monkeypatch, capsys, command) == (2, "", f"iamd: No such command '{command}'.\n")


@pytest.mark.parametrize("words", [["events"], ["accounts", "list"], ["accounts", "create", "--name", "x"], ["env"]])
def test_a_directory_without_data_is_refused_and_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str]
) -> None:
    status, out, err = run(monkeypatch, capsys, *words, "--data-dir", tmp_path / "none")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert str(tmp_path / "none") in err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("since", ["yesterday", "1x", "-1h", "2026-13-01"])
def test_a_time_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], since: str
) -> None:
    status, _, err = run(monkeypatch, capsys, "events", f"--since={since}")
    assert (status, err.count("\n")) == (2, 1)


def test_env_prints_the_exports_of_the_account_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    content = {"account_id": "111111111111", "region": "eu-west-1", "endpoint_url": "http://127.0.0.1:1",
               "access_key_id": "AKIA1", "secret_access_key": "s/+"}  # fmt: skip
    (tmp_path / "bootstrap.json").write_text(json.dumps(content))
    other = {**content, "account_id": "222222222222", "access_key_id": "AKIA2"}
    (tmp_path / "bootstrap-222222222222.json").write_text(json.dumps(other))
    first = run(monkeypatch, capsys, "env", "--data-dir", tmp_path)[1]
    assert first.splitlines()[:2] == ["export AWS_ACCESS_KEY_ID=AKIA1", "export AWS_SECRET_ACCESS_KEY=s/+"]
    assert run(monkeypatch, capsys, "env", "--account-id", "111111111111", "--data-dir", tmp_path)[1] == first
    second = run(monkeypatch, capsys, "env", "--account-id", "222222222222", "--json", "--data-dir", tmp_path)[1]
    assert json.loads(second)["AWS_ACCESS_KEY_ID"] == "AKIA2"
    assert run(monkeypatch, capsys, "env", "--account-id", "333333333333", "--data-dir", tmp_path)[0] == 1
    assert run(monkeypatch, capsys, "env", IAMD_DATA_DIR=str(tmp_path))[1] == first
