"""The build hook: what it writes, when it does nothing, and that it never runs the code of its source."""

import importlib.metadata
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import hatch_build

SOURCE = """
import does_not_exist
aws_managed_policies_data = '''{"Z": {"CreateDate": "2020-01-01T00:00:00+00:00", "DefaultVersionId": "v2",
 "Document": {"Statement": {"Action": "a:B", "Effect": "Allow", "Resource": "*", "Sid": "S"}, "Version": "2012-10-17"},
 "Path": "/p/", "UpdateDate": "2021-01-01T00:00:00+00:00"}}'''
"""


@pytest.fixture
def distribution(tmp_path: Path) -> importlib.metadata.Distribution:
    site = tmp_path / "site"
    (site / "moto/iam").mkdir(parents=True)
    (site / "moto/iam/aws_managed_policies.py").write_text(SOURCE)
    info = site / "moto-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: moto\nVersion: 1.0\n")
    (info / "LICENSE").write_text("the licence")
    (info / "RECORD").write_text("moto-1.0.dist-info/LICENSE,,\n")
    return importlib.metadata.Distribution.at(info)


def build_hook(root: Path) -> hatch_build.CustomBuildHook:
    metadata: Any = None
    return hatch_build.CustomBuildHook(str(root), {}, metadata, metadata, str(root), "wheel")


def test_the_source_is_data_and_never_runs(distribution: importlib.metadata.Distribution, tmp_path: Path) -> None:
    hatch_build.convert(distribution, tmp_path / "data", "stamp")
    (row,) = json.loads((tmp_path / "data/managed_policies.json").read_text())
    assert row[:3] == ["arn:aws:iam::aws:policy/p/Z", "Z", "/p/"]
    document = (tmp_path / "data/managed_policies.documents").read_bytes()[row[7] : row[7] + row[8]].decode()
    assert document == (
        '{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Action":"a:B","Resource":"*"}]}'
    )
    assert (tmp_path / "data/LICENSE").read_text() == "the licence"
    assert "moto 1.0" in (tmp_path / "data/NOTICE").read_text()


def test_current_data_is_left_alone_and_stale_data_is_made_again(
    distribution: importlib.metadata.Distribution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _name: distribution)
    hook = build_hook(tmp_path)
    data = tmp_path / "src/iamd/reference/data"
    hook.initialize("editable", {})
    (data / "managed_policies.json").write_text("kept")
    hook.initialize("standard", {})
    assert (data / "managed_policies.json").read_text() == "kept"
    (data / "stamp").write_text("moto 0.9 other")
    hook.initialize("standard", {})
    assert (data / "managed_policies.json").read_text() != "kept"


def test_without_the_source_current_data_is_enough_and_missing_data_is_an_error(
    distribution: importlib.metadata.Distribution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = build_hook(tmp_path)
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _name: distribution)
    hook.initialize("standard", {})

    def absent(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", absent)
    hook.initialize("standard", {})
    shutil.rmtree(tmp_path / "src")
    with pytest.raises(RuntimeError, match="`data` group"):
        hook.initialize("standard", {})
