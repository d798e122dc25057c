"""Scalars of the wire: text to value and value to text.

Everything that reads raises BadValueError; the protocol at hand turns it into its own error.
"""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}")
_FLOAT: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_ISO8601: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.,]{2,20}([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?")
_EPOCH: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_HTTP_DATE: Final = re.compile(
    r"(?:[A-Za-z]{3,9}, ?)?(?P<day>[0-9]{1,2})[ -](?P<month>[A-Za-z]{3})[ -](?P<year>[0-9]{2}|[0-9]{4}) "
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) (?P<zone>GMT|UTC|UT|Z|[+-][0-9]{4})"
)
_ASCTIME: Final = re.compile(
    r"[A-Za-z]{3} (?P<month>[A-Za-z]{3}) (?P<day>[ 0-9][0-9]) "
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) (?P<year>[0-9]{4})(?P<zone>)"
)
_WHITE: Final = re.compile(r"[ \t\r\n]+")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class BadValueError(ValueError):
    """Text that is no value of the type that the model says."""


def read_string(text: str) -> str:
    return text


def _read_whole(text: str, bits: int) -> int:
    if not _INTEGER.fullmatch(text):
        raise BadValueError(f'For input string: "{text}"')
    number = int(text)
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        raise BadValueError(f'For input string: "{text}"')
    return number


def read_integer(text: str) -> int:
    return _read_whole(text, 32)


def read_long(text: str) -> int:
    return _read_whole(text, 64)


def read_float(text: str) -> float:
    if _FLOAT.fullmatch(text) or text in {"NaN", "Infinity", "-Infinity"}:
        return float(text)
    raise BadValueError(f'For input string: "{text}"')


def read_boolean(text: str) -> bool:
    folded = text.lower()
    if folded == "true":
        return True
    if folded == "false":
        return False
    raise BadValueError(f"Invalid boolean value: {text}")


def read_blob(text: str) -> bytes:
    try:
        return base64.b64decode(_WHITE.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        raise BadValueError("Invalid base64-encoded value") from None


def read_iso8601(text: str) -> datetime:
    """An aware UTC datetime; text without an offset is UTC, seconds since the epoch are accepted too."""
    try:
        if _ISO8601.fullmatch(text):
            moment = datetime.fromisoformat(text.upper().replace(",", "."))
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise BadValueError("timestamp must follow ISO8601")


def read_http_date(text: str) -> datetime:
    """RFC 9110's three forms of a date: IMF-fixdate, RFC 850's and asctime's."""
    found = _HTTP_DATE.fullmatch(text) or _ASCTIME.fullmatch(text)
    if found is None:
        raise BadValueError(f"Invalid date: {text}")
    try:
        year = int(found["year"])
        if year < 100:
            year += 1900 if year >= 70 else 2000
        zone = found["zone"]
        offset = timedelta()
        if zone[:1] in {"+", "-"}:
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:])) * (-1 if zone[0] == "-" else 1)
        month = MONTHS.index(found["month"].title()) + 1
        moment = datetime(
            year,
            month,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"]),
            tzinfo=timezone(offset),
        )
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValueError(f"Invalid date: {text}") from None


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def write_iso8601(moment: datetime) -> str:
    return _utc(moment).isoformat(timespec="seconds")[:19] + "Z"


def write_iso8601_millis(moment: datetime) -> str:
    return _utc(moment).isoformat(timespec="milliseconds")[:23] + "Z"


def write_http_date(moment: datetime) -> str:
    utc = _utc(moment)
    return (
        f"{DAYS[utc.weekday()]}, {utc.day:02d} {MONTHS[utc.month - 1]} {utc.year:04d} "
        f"{utc.hour:02d}:{utc.minute:02d}:{utc.second:02d} GMT"
    )


@lru_cache(maxsize=64)
def write_trail_date(moment: datetime) -> str:
    """A date as CloudTrail prints one inside requestParameters and responseElements: `Jul 15, 2020, 9:39:40 PM`."""
    utc = _utc(moment)
    half = "PM" if utc.hour >= 12 else "AM"
    return (
        f"{MONTHS[utc.month - 1]} {utc.day}, {utc.year}, {utc.hour % 12 or 12}:{utc.minute:02d}:{utc.second:02d} {half}"
    )


def write_epoch(moment: datetime) -> str:
    return str(int(_utc(moment).timestamp()))


def write_boolean(flag: bool) -> str:
    return "true" if flag else "false"


def write_float(number: float) -> str:
    if number != number:  # noqa: PLR0124 - the definition of NaN
        return "NaN"
    if number in {float("inf"), float("-inf")}:
        return "Infinity" if number > 0 else "-Infinity"
    return repr(float(number))


def write_blob(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def write_whole(number: int) -> str:
    return str(int(number))
