"""Why a call was denied, for whoever may know: the explanation as JSON, now or from what its event kept."""

from typing import Any, Final

from iamd.authz.decide import Verdict
from iamd.model.decision import Layer
from iamd.policy.kept import unpack
from iamd.policy.question import Question

_OF_THE_OWNER: Final = frozenset({Layer.RESOURCE, Layer.RCP})


def explanation_of(verdict: Verdict) -> dict[str, Any] | None:
    """The explanation of a denial (`Question.to_json`), None for what was allowed.

    It is for the caller's account: of another account's resource only what its policy says is told, not its statements.
    """
    return None if verdict.question is None else explain_to_caller(verdict.question)


def explanation_of_details(details: bytes) -> dict[str, Any]:
    """The same from `Event.details`: as it would have been told at the event's moment."""
    return explain_to_caller(unpack(details))


def explain_to_caller(question: Question) -> dict[str, Any]:
    request = question.request
    foreign = request.resource_account not in (None, request.principal.account)
    return question.to_json(hide=_OF_THE_OWNER if foreign else frozenset())
