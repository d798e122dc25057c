"""The log has lines that machines read, and no flood in it."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from iamd.bootstrap import logs
from iamd.bootstrap.logs import Bounded, configure

Lines = Callable[[], list[str]]


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """The lines on standard error; the root logger is as it was afterwards."""
    handlers, level = logging.root.handlers[:], logging.root.level
    monkeypatch.setattr(logs, "_BOUNDED", Bounded())

    def lines() -> list[str]:
        return capsys.readouterr().err.splitlines()

    yield lines
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    logging.captureWarnings(capture=False)


def fail() -> None:
    raise ValueError("two\nlines")


def test_json_is_one_object_a_line_traceback_included(out: Lines) -> None:
    configure("json")
    try:
        fail()
    except ValueError:
        logging.getLogger("iamd.here").exception("request %s failed", "r1")
    (line,) = out()
    content = json.loads(line)
    assert (content["level"], content["logger"], content["message"]) == ("error", "iamd.here", "request r1 failed")
    assert content["time"].endswith("Z")
    assert "two\nlines" in content["exception"]


def test_text_says_when_what_and_who(out: Lines) -> None:
    configure("text")
    logging.getLogger("iamd.here").warning("one %d", 1)
    logging.getLogger("iamd.here").info("not for everybody")
    (line,) = out()
    assert line.split(" ", 1)[1].startswith("WARNING iamd.here [")
    assert line.endswith("]: one 1")


def test_a_flood_of_equal_lines_is_cut_and_counted(out: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("iamd.bootstrap.logs.time.monotonic", lambda: now[0])
    configure("text")
    for number in range(1000):
        logging.getLogger("a").warning("bad %d", number)
        logging.getLogger("b").warning("other")
    assert len(out()) == 20
    assert logs.left_out() == 1980
    now[0] = 61.0
    logging.getLogger("a").warning("bad %d", 1000)
    assert out()[-1].endswith("bad 1000 (990 more like it were left out)")


def test_what_is_remembered_of_lines_is_bounded() -> None:
    bounded = Bounded()
    for number in range(5000):
        assert bounded.filter(logging.LogRecord(f"logger{number}", logging.ERROR, "f", 1, "m", None, None))
    assert len(bounded._places) == 1000
