"""The log: lines on standard error, as text or as JSON, and never more than a few equal ones a minute."""

import json
import logging
import time
from datetime import UTC, datetime
from typing import Final

FORMATS: Final = ("text", "json")
_EQUAL: Final = 10
"""Lines of one place in the code that are printed in a window."""
_WINDOW_SECONDS: Final = 60.0
_PLACES: Final = 1000


class Bounded(logging.Filter):
    """Lets no flood through: whoever can make the server say a thing can make it say it without end."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out = 0
        self._places: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place = record.name, str(record.msg)
        now = time.monotonic()
        since, count = self._places.get(place, (now, 0))
        more = 0
        if now - since >= _WINDOW_SECONDS:
            since, count, more = now, 0, max(0, count - _EQUAL)
        if place not in self._places and len(self._places) >= _PLACES:
            del self._places[next(iter(self._places))]
        self._places[place] = since, count + 1
        if count >= _EQUAL:
            self.left_out += 1
            return False
        record.left_out = more
        return True


class _Lines(logging.Formatter):
    """`2026-11-25T12:00:00.000Z WARNING iamd.audit.trail [4711]: text`."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{_moment(record)} {record.levelname} {record.name} [{record.process}]: {_message(record)}"
        return f"{head}\n{self.formatException(record.exc_info)}" if record.exc_info else head


class _Json(logging.Formatter):
    """One object a line, the traceback of an exception in it."""

    def format(self, record: logging.LogRecord) -> str:
        content = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": _message(record),
        }
        if record.exc_info:
            content["exception"] = self.formatException(record.exc_info)
        return json.dumps(content, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    more: int = getattr(record, "left_out", 0)
    return record.getMessage() + (f" ({more} more like it were left out)" if more else "")


_BOUNDED: Final = Bounded()


def configure(log_format: str) -> None:
    """For this process: from now on its warnings and errors are these lines, those of libraries included."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if log_format == "json" else _Lines())
    handler.addFilter(_BOUNDED)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def left_out() -> int:
    """Lines that were not printed."""
    return _BOUNDED.left_out
