"""Date operators: ISO 8601 as the W3C profiles it, or whole seconds since 1970 (integers are always seconds)."""

import re
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Final

from iamd.policy.conditions.comparer import typed_family

_EPOCH_SECONDS: Final = re.compile(r"[+-]?[0-9]{1,20}")
_ISO: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,20})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?"
)
_EPOCH: Final = date(1970, 1, 1).toordinal()


def read_date(text: str) -> Decimal | None:
    """Seconds since 1970; a time without a zone is UTC. None for what is no date."""
    if _EPOCH_SECONDS.fullmatch(text):
        return Decimal(text)
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        days = date(int(year), int(month), int(day or "1")).toordinal() - _EPOCH
    except ValueError:
        return None
    clock = (int(hour or "0"), int(minute or "0"), int(second or "0"))
    offset = _offset(zone or "Z")
    if offset is None or clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    seconds = days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2] - offset
    return Decimal(seconds) + Decimal(f"0{fraction}" if fraction else "0")


def _offset(zone: str) -> int | None:
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 23 or minutes > 59:
        return None
    return (hours * 3_600 + minutes * 60) * (-1 if zone[0] == "-" else 1)


equals = typed_family(read_date, eq)
less_than = typed_family(read_date, lt)
less_than_equals = typed_family(read_date, le)
greater_than = typed_family(read_date, gt)
greater_than_equals = typed_family(read_date, ge)
