"""Why a call was denied, for whoever may know: the explanation as JSON, now or from what its event kept."""

from typing import Any

from iamd.authz.decide import Verdict
from iamd.policy.kept import unpack
from iamd.policy.question import Question
from iamd.stores.ports.events import Event


def explanation_of(verdict: Verdict) -> dict[str, Any] | None:
    """The explanation of a denial (`Question.to_json`) for its caller, None for what was allowed."""
    question = verdict.question
    return None if question is None else explain_to(question, question.request.principal.account)


def explanation_of_event(event: Event) -> dict[str, Any] | None:
    """The same from an event, for the account whose trail it is in: as it would have been told at that moment.

    None where nothing is kept: pages of events leave `details` out, and only denials by policies have them.
    """
    return None if event.details is None else explain_to(unpack(event.details), event.account)


def explain_to(question: Question, account: str | None) -> dict[str, Any]:
    """Of another account's resource only what its policies say is told, not their statements."""
    return question.to_json(outside=question.is_foreign_to(account))
