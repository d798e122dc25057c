"""What is given to others is whole, runs where nothing else is, and is under licences that allow it."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tools import dist

pytestmark = pytest.mark.xdist_group("dist")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dist.build(tmp_path_factory.mktemp("dist"), wheel_only=True)


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dist.install(wheel, tmp_path_factory.mktemp("bare") / "bare")


def test_the_wheel_holds_what_it_should_and_nothing_else(wheel: Path, tmp_path: Path) -> None:
    assert list(dist.faults_of_wheel(wheel)) == []
    worse = tmp_path / "worse.whl"
    with ZipFile(worse, "w") as archive:
        archive.writestr("tests/test_x.py", "")
    found = list(dist.faults_of_wheel(worse))
    assert "the wheel holds tests/test_x.py" in found
    assert "the wheel lacks its NOTICE" in found
    assert "the wheel lacks iamd/py.typed" in found


def test_it_runs_where_nothing_else_is(programs: Path, tmp_path: Path) -> None:
    assert {path.name for path in programs.glob("pip*")} == set()
    assert dist.try_out(programs, tmp_path) == "0.1.0"


def test_every_licence_is_a_free_one_and_is_collected(programs: Path, tmp_path: Path) -> None:
    found = dist.licences(programs)
    assert {"iamd", "botocore", "cryptography", "sqlalchemy"} <= {str(each["name"]).lower() for each in found}
    assert list(dist.faults_of_licences(found)) == []
    dist.write_licences(found, tmp_path / "LICENSES.txt")
    text = (tmp_path / "LICENSES.txt").read_text()
    assert text.count("Permission is hereby granted") > 5


@pytest.mark.parametrize(
    ("expression", "free"),
    [
        ("MIT", True),
        ("Apache-2.0 AND BSD-2-Clause", True),
        ("(Apache-2.0 OR GPL-3.0-only) AND MIT", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND AGPL-3.0-only", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_a_licence_that_is_not_free_is_seen(expression: str, free: bool) -> None:
    assert dist.is_free(expression) is free
    package: dict[str, Any] = {
        "name": "x", "version": "1", "expression": expression or None, "license": None, "classifiers": []
    }  # fmt: skip
    assert bool(dist._free(package)) is free
