"""How the layers' verdicts become one decision. Pure logic over abstract verdicts; it sees no policy.

User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic"; AWS KMS Developer Guide, "Key
policies" for resource policies that are required.
"""

from enum import Enum, auto

from iamd.model.decision import Layer, Outcome
from iamd.model.values import value
from iamd.policy.principals import BY_ACCOUNT, BY_ROLE, BY_SELF


class Standing(Enum):
    """Where the caller stands towards the resource."""

    SAME_ACCOUNT = auto()
    CROSS_ACCOUNT = auto()
    OUTSIDE = auto()
    """A service, a provider or nobody: no account, so nothing on an identity side."""


@value
class Situation:
    """`refused_by`: this caller may never do this, and that is where it is said."""

    standing: Standing
    is_root: bool
    resource_required: bool
    refused_by: Layer | None


@value
class Verdicts:
    """What each layer says by itself.

    `denies`: layers with a matching Deny. The others: whether the layer's needed Allow is there; a layer that does
    not apply allows. `naming`: how the resource policy's Allows name the caller, see `principals`.
    """

    denies: frozenset[Layer]
    scp: bool
    identity: bool
    boundary: bool
    session: bool
    naming: int


def combine(situation: Situation, verdicts: Verdicts) -> tuple[Outcome, tuple[Layer, ...]]:
    """The outcome, and every layer that blocks, the first being the one to name."""
    if verdicts.denies:
        return Outcome.EXPLICITLY_DENIED, tuple(layer for layer in Layer if layer in verdicts.denies)
    missing = _missing(situation, verdicts)
    if missing:
        return Outcome.IMPLICITLY_DENIED, missing
    return Outcome.ALLOWED, ()


def _missing(situation: Situation, verdicts: Verdicts) -> tuple[Layer, ...]:
    """The layers without a needed Allow, in the order SCP, IDENTITY, RESOURCE, BOUNDARY, SESSION."""
    if situation.standing is Standing.OUTSIDE:
        return () if verdicts.naming else (Layer.RESOURCE,)
    identity = verdicts.identity or situation.is_root
    boundary, session, resource = verdicts.boundary, verdicts.session, True
    if situation.standing is Standing.CROSS_ACCOUNT:
        resource = bool(verdicts.naming)
    else:
        if verdicts.naming & BY_SELF:
            identity = boundary = session = True
        elif verdicts.naming & BY_ROLE:
            identity = True
        if situation.resource_required:
            resource = bool(verdicts.naming & (BY_SELF | BY_ROLE | BY_ACCOUNT))
    refused = situation.refused_by
    if refused is None and identity and boundary and session and resource and verdicts.scp:
        return ()
    present = (
        (Layer.SCP, verdicts.scp),
        (Layer.IDENTITY, identity and refused is not Layer.IDENTITY),
        (Layer.RESOURCE, resource),
        (Layer.BOUNDARY, boundary),
        (Layer.SESSION, session and refused is not Layer.SESSION),
    )
    return tuple(layer for layer, is_present in present if not is_present)
