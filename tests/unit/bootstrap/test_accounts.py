"""Bootstrap files are whole or not there, for their owner alone, and never come back once deleted."""

import json
import stat
from pathlib import Path

from iamd.bootstrap.accounts import (
    Urls,
    account_bootstrap_file,
    bootstrap_file,
    plan_account,
    read_endpoint,
    refresh_bootstraps,
    write_bootstrap,
    write_endpoint,
)
from iamd.credentials.randomness import Ids

OLD, NEW = Urls("http://127.0.0.1:1", "http://localhost:2"), Urls("http://127.0.0.1:3", "http://localhost:4")


def test_the_file_is_for_its_owner_alone_and_leaves_no_draft(tmp_path: Path) -> None:
    path = bootstrap_file(tmp_path)
    write_bootstrap(path, plan_account(Ids(), None, "root"), "us-east-1", OLD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["bootstrap.json"]
    assert list(json.loads(path.read_bytes())) == [
        "account_id",
        "region",
        "endpoint_url",
        "console_url",
        "root_email",
        "root_password",
        "access_key_id",
        "secret_access_key",
    ]


def test_a_later_start_refreshes_the_urls_and_nothing_else(tmp_path: Path) -> None:
    paths = [bootstrap_file(tmp_path), account_bootstrap_file(tmp_path, "123456789012")]
    for path in paths:
        write_bootstrap(path, plan_account(Ids(), None, "x"), "eu-west-1", OLD)
    before = [json.loads(path.read_bytes()) for path in paths]
    refresh_bootstraps(tmp_path, NEW)
    for path, content in zip(paths, before, strict=True):
        assert json.loads(path.read_bytes()) == {**content, "endpoint_url": NEW.endpoint, "console_url": NEW.console}
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_deleted_file_is_not_written_again(tmp_path: Path) -> None:
    refresh_bootstraps(tmp_path, NEW)
    assert list(tmp_path.iterdir()) == []


def test_commands_find_where_the_server_listens(tmp_path: Path) -> None:
    write_endpoint(tmp_path, "eu-west-1", OLD)
    write_endpoint(tmp_path, "eu-west-1", NEW)
    assert read_endpoint(tmp_path) == ("eu-west-1", NEW)


def test_an_account_that_is_drawn_has_twelve_digits_and_carries_into_its_key() -> None:
    plan = plan_account(Ids(), None, "x")
    assert len(plan.id) == 12
    assert plan.id[0] != "0"
    assert plan.secret_access_key not in repr(plan)
    assert plan.root_password not in repr(plan)
