"""Guessing passwords is slow: ten sign-ins that fail lock who was named, from that address.

The count goes up before the password is looked at, so that many guesses at once are no way around it.
"""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from iamd.credentials import attempts
from iamd.model.errors import AwsError
from iamd.stores.ports.state import State

_SITE_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """Who was named (`key` is a hash, whatever was typed), and from where."""

    key: str
    address: str


def subject(who: str, client_ip: str) -> Subject:
    return Subject(sha256(who.encode("utf-8", "surrogatepass")).hexdigest(), _site(client_ip))


def begin(state: State, who: Subject, now: int) -> None:
    """Counts an attempt; a success forgets it again. Raises Throttled."""
    if attempts.is_locked(state, who.key, who.address, now):
        raise AwsError("Throttled", "Too many attempts to sign in. Wait five minutes and try again.", 401)
    attempts.count(state, who.key, who.address, now)


def forget(state: State, who: Subject) -> None:
    attempts.forget(state, who.key, who.address)


def _site(client_ip: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    address = ip_address(client_ip)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _SITE_BITS), strict=False))
    return client_ip
