"""A remembered caller is the one of the identity at hand, never of what it was before."""

from dataclasses import replace

from iamd.authz.caller import Identity
from iamd.kernel.callers import Callers
from iamd.model.principal import PrincipalKind

ALICE = Identity("111122223333", "AIDAALICE", "alice", "arn:aws:iam::111122223333:user/alice", is_root=False)


def test_the_same_identity_is_the_same_caller() -> None:
    callers = Callers()
    caller = callers.of("AKIAONE", ALICE)
    assert callers.of("AKIAONE", ALICE) is caller
    assert (caller.access_key_id, caller.identity, caller.principal.arn) == ("AKIAONE", ALICE, ALICE.arn)
    assert callers.of("AKIATWO", ALICE).access_key_id == "AKIATWO"


def test_an_identity_that_was_loaded_anew_is_another_caller() -> None:
    callers = Callers()
    callers.of("AKIAONE", ALICE)
    moved = replace(ALICE, arn="arn:aws:iam::111122223333:user/new/alice", tags=(("team", "a"),))
    caller = callers.of("AKIAONE", moved)
    assert (caller.identity, caller.principal.arn, caller.tags) == (moved, moved.arn, moved.tags)


def test_root_is_root_and_the_memory_is_bounded() -> None:
    callers = Callers(capacity=2)
    root = Identity("111122223333", "111122223333", "", "arn:aws:iam::111122223333:root", is_root=True)
    assert callers.of("AKIAROOT", root).principal.kind is PrincipalKind.ROOT
    first = callers.of("AKIAONE", ALICE)
    callers.of("AKIATWO", ALICE)
    assert callers.of("AKIAONE", ALICE) is not first
