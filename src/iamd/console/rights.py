"""Which actions nothing allows whoever is signed in, on any resource: what a page says before they are tried.

It is a hint and decides nothing: an action that is not missing may still be denied, by a condition, on this resource,
by a deny. What a resource's own policy may grant is for the asker to leave out.
"""

from typing import Any, Final

from iamd.authz.caller import Identity
from iamd.console.answers import as_json
from iamd.console.own import Asked
from iamd.model.document import Effect
from iamd.model.errors import validation_error
from iamd.model.http import HttpResponse
from iamd.policy import CompiledPolicy

_MOST: Final = 100
_LONGEST: Final = 128


async def rights(asked: Asked) -> HttpResponse:
    """`POST /console/api/rights`: of `actions` those that are `missing`."""
    content: Any = asked.content
    actions = content.get("actions") if isinstance(content, dict) else None
    if (
        not isinstance(actions, list)
        or len(actions) > _MOST
        or not all(isinstance(each, str) and len(each) <= _LONGEST for each in actions)
    ):
        raise validation_error(f"actions must be a list of at most {_MOST} names.")
    identity = asked.session.caller.identity
    return as_json({"missing": [each for each in actions if identity is not None and _is_missing(identity, each)]})


def _is_missing(identity: Identity, action: str) -> bool:
    if identity.is_root:
        return False
    wanted = action.lower()
    bounded = all(_allows(boundary, wanted) for boundary in identity.boundaries)
    return not bounded or not any(_allows(policy, wanted) for policy in identity.policies)


def _allows(policy: CompiledPolicy, action: str) -> bool:
    return any(each.source.effect is Effect.ALLOW and each.covers_action(action) for each in policy.statements)
