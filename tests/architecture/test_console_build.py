"""The console is built when its source has changed, and only then; without npm the API is installed all the same."""

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from tools import console_types

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A checkout with a console that npm would build."""
    source = tmp_path / "web"
    (source / "node_modules").mkdir(parents=True)
    (source / "package-lock.json").write_text("{}")
    (source / "main.tsx").write_text("1")
    return source


def count_builds(hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    built: list[str] = []

    def npm(_: object, *words: str) -> None:
        built.append(words[0])
        (web / "dist").mkdir(exist_ok=True)
        (web / "dist" / "index.html").write_text(str(len(built)))

    monkeypatch.setattr(hook.ConsoleBuild, "_npm", npm)
    return built


def test_only_a_change_of_the_source_builds_anew(hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = count_builds(hook, web, monkeypatch)
    build = hook.ConsoleBuild(web.parent)
    build.run(required=True)
    build.run(required=True)
    assert built == ["ci", "run"]
    (web / "main.tsx").write_text("2")
    build.run(required=True)
    assert built == ["ci", "run", "run"], "the modules of an unchanged lock are installed once"
    assert (web.parent / "src/iamd/console/static/index.html").read_text() == "3"


def test_without_npm_an_install_goes_on_and_a_wheel_does_not(
    hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(_: object, *words: str) -> None:
        raise subprocess.CalledProcessError(1, words)

    monkeypatch.setattr(hook.ConsoleBuild, "_npm", unreachable)
    build = hook.ConsoleBuild(web.parent)
    build.run(required=False)
    assert "make console" in capsys.readouterr().err
    assert not (web.parent / "src/iamd/console/static").exists()
    with pytest.raises(RuntimeError, match="could not be built"):
        build.run(required=True)


def test_types_of_the_consoles_operations_are_up_to_date() -> None:
    assert console_types.TYPES.read_text() == console_types.types(), "run make api"


def test_the_lock_of_the_console_names_no_place_to_fetch_from() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_bytes())
    assert [path for path, entry in lock["packages"].items() if "resolved" in entry] == []
    assert [path for path, entry in lock["packages"].items() if path and "integrity" not in entry] == []


def test_every_version_of_the_console_is_exact() -> None:
    wanted = json.loads((ROOT / "web" / "package.json").read_bytes())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert {name: each for name, each in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", each)} == {}
