"""What the Host header says: which bucket it names, and whether an unsigned call may come by it.

A page of another site can make a browser send requests here under a name that its owner points at this machine (DNS
rebinding), but it cannot sign them. So any Host is accepted for signed calls, and for unsigned ones only loopback
names, IP literals and the names that the operator configured.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# One way to match each text: with two, `s3-----…` in an unsigned request would keep the server busy for ever.
_S3_LABEL: Final = re.compile(r"(?:^|\.)s3(?:-[a-z0-9-]+)?\.")
_PORT: Final = re.compile(r":[0-9]{1,5}$")
_LOCALHOST: Final = "localhost"
_LONGEST: Final = 255
_REMEMBERED: Final = 256


@dataclass(frozen=True, slots=True)
class Host:
    """`name` without the port, in lower case; `bucket` in virtual-host style; `trusted` for unsigned calls too."""

    name: str
    bucket: str | None
    trusted: bool


class Hosts:
    """Knows the server's own names: a bucket may stand in front of any of them."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(name.lower() for name in names) | {_LOCALHOST}
        # Clients say the same few names again and again, and parsing one costs ten microseconds.
        self._remember = lru_cache(_REMEMBERED)(self._read)

    def read(self, header: str) -> Host:
        """Of a Host header as it was sent."""
        return self._remember(header) if len(header) <= _LONGEST else self._read(header)

    def _read(self, header: str) -> Host:
        name = _PORT.sub("", header).lower().rstrip(".")
        if is_ip(name):
            return Host(name, None, trusted=True)
        bucket, base = self._split(name)
        return Host(name, bucket, trusted=self._is_own(base))

    def _split(self, name: str) -> tuple[str | None, str]:
        for own in self._names:
            if name == own:
                return None, own
            if name.endswith("." + own):
                front = name[: -len(own) - 1]
                return self._bucket_of(front), own
        match = _S3_LABEL.search(name)
        if match is None:
            return None, name
        bucket = name[: match.start()]
        return (bucket if _BUCKET.fullmatch(bucket) else None), name[match.end() :]

    def _bucket_of(self, front: str) -> str | None:
        """The bucket in what stands before an own name: `b`, `b.s3` or `b.s3.eu-west-1`; `s3…` alone names none."""
        match = _S3_LABEL.search(front + ".")
        bucket = front if match is None else front[: match.start()]
        return bucket if _BUCKET.fullmatch(bucket) else None

    def _is_own(self, base: str) -> bool:
        return base in self._names or any(base.endswith("." + own) for own in self._names)


def is_ip(name: str) -> bool:
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reachable from this machine alone."""
    if host == _LOCALHOST:
        return True
    return is_ip(host) and ip_address(host).is_loopback
