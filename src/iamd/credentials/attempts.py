"""Counting what fails, so that guessing is slow: ten failures within five minutes lock for five minutes more.

The counts lie in the store, so that all workers share them.
"""

from typing import Final

from iamd.stores.ports.signin import SigninFailures
from iamd.stores.ports.state import State

LIMIT: Final = 10
WINDOW_MS: Final = 5 * 60 * 1000
_PRUNED: Final = 20


def is_locked(state: State, subject: str, address: str, now: int) -> bool:
    known = state.signin_failures.get(subject, address)
    return known is not None and known.count >= LIMIT and now - known.since < WINDOW_MS


def count(state: State, subject: str, address: str, now: int) -> None:
    """One more. The lock lasts a whole window from its last failure, not what is left of the one it was counted in."""
    _prune(state, now)
    known = state.signin_failures.get(subject, address)
    if known is None or now - known.since >= WINDOW_MS:
        known = SigninFailures(subject, address, now, 0)
    failures = known.count + 1
    since = now if failures >= LIMIT else known.since
    state.signin_failures.put(SigninFailures(subject, address, since, failures))


def forget(state: State, subject: str, address: str) -> None:
    state.signin_failures.delete(subject, address)


def _prune(state: State, now: int) -> None:
    for old in state.signin_failures.page("since", limit=_PRUNED):
        if now - old.since < WINDOW_MS:
            break
        state.signin_failures.delete(old.subject, old.address)
