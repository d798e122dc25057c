"""Guessing is slow: ten sign-ins that fail within five minutes lock who was named, from that address, for five more.

The count lies in the store, so that all workers share it, and it goes up before the password is looked at, so that many
guesses at once are no way around it. Wrong codes behind a right password count whatever address they come from: six
digits would not withstand a thousand of those.
"""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from iamd.model.errors import AwsError
from iamd.stores.ports.signin import SigninFailures
from iamd.stores.ports.state import State

LIMIT: Final = 10
WINDOW_MS: Final = 5 * 60 * 1000
_ANYWHERE: Final = "*"
_PRUNED: Final = 20
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
    for address in (who.address, _ANYWHERE):
        known = state.signin_failures.get(who.key, address)
        if known is not None and known.count >= LIMIT and now - known.since < WINDOW_MS:
            raise AwsError("Throttled", "Too many attempts to sign in. Wait five minutes and try again.", 401)
    _prune(state, now)
    _count(state, who.key, who.address, now)


def count_code(state: State, who: Subject, now: int) -> None:
    """A wrong code behind a right password."""
    _count(state, who.key, _ANYWHERE, now)


def forget(state: State, who: Subject) -> None:
    for address in (who.address, _ANYWHERE):
        state.signin_failures.delete(who.key, address)


def _count(state: State, key: str, address: str, now: int) -> None:
    known = state.signin_failures.get(key, address)
    if known is None or now - known.since >= WINDOW_MS:
        known = SigninFailures(key, address, now, 0)
    count = known.count + 1
    # The lock lasts a whole window from its last failure, not what is left of the one in which they were counted.
    state.signin_failures.put(SigninFailures(key, address, now if count >= LIMIT else known.since, count))


def _prune(state: State, now: int) -> None:
    for old in state.signin_failures.page("since", limit=_PRUNED):
        if now - old.since < WINDOW_MS:
            break
        state.signin_failures.delete(old.subject, old.address)


def _site(client_ip: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    address = ip_address(client_ip)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _SITE_BITS), strict=False))
    return client_ip
