"""`iamd decide`: offline decisions, JSON lines in, JSON lines out."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from iamd.model.principal import PrincipalKind
from iamd.policy.cases import Case, CaseError, read_case
from iamd.policy.details import AuthorizationDetails
from iamd.policy.jsontext import JsonTextError, load_json_leniently
from iamd.policy.question import Question
from iamd.policy.situation import OUTSIDERS

_EXPLANATION: Final = ("blocking", "layers", "fix", "fixBlockedBy")


@click.command()
@click.option(
    "--authorization-details",
    "details_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Output of `aws iam get-account-authorization-details`, for the principals' policies and boundaries.",
)
def decide(details_file: Path | None) -> None:
    """Decide access requests offline.

    Reads one JSON case a line from standard input and writes one answer a line, in the same order.
    """
    details: AuthorizationDetails | None = None
    if details_file is not None:
        try:
            details = AuthorizationDetails(details_file.read_bytes())
        except CaseError as error:
            raise click.ClickException(f"{details_file}: {error}") from None
    output = sys.stdout.buffer
    for line in sys.stdin.buffer:
        output.write(_to_line(answer(line, details)))
        output.flush()


def answer(line: bytes, details: AuthorizationDetails | None = None) -> dict[str, Any]:
    """One case's answer; what goes wrong with it is in the answer."""
    identifier = None
    try:
        raw, repeated = load_json_leniently(line)
        if not isinstance(raw, dict):
            return _error(None, "a case is a JSON object")
        identifier = raw.get("id")
        if repeated is not None:
            return _error(identifier, f'the name "{repeated}" is repeated')
        case = read_case(raw)
        if details is not None:
            case = _with_details(case, details)
        return _decided(identifier, case)
    except JsonTextError as error:
        return _error(None, f"not valid JSON: {error}")
    except CaseError as error:
        return _error(identifier, str(error))
    except Exception as error:  # noqa: BLE001  one case must not take the others' answers with it, and is never allowed
        return _error(identifier, f"internal error: {type(error).__name__}: {error}")


def _decided(identifier: Any, case: Case) -> dict[str, Any]:
    shown = Question(case.request, case.layers).to_json()
    return {
        "id": identifier,
        "decision": shown["decision"],
        "blockedBy": shown["blockedBy"],
        "explanation": {name: shown[name] for name in _EXPLANATION},
    }


def _with_details(case: Case, details: AuthorizationDetails) -> Case:
    """Fills in what the case does not give; root and callers without an account have no policies to look up."""
    principal = case.request.principal
    if principal.kind in OUTSIDERS or principal.kind is PrincipalKind.ROOT:
        return case
    if case.gives_identity and case.gives_boundaries:
        return case
    found = details.of(principal)
    if principal.kind is PrincipalKind.ASSUMED_ROLE:
        principal = replace(principal, issuer_arn=found.arn)
    layers = replace(
        case.layers,
        identity=case.layers.identity if case.gives_identity else found.identity,
        boundaries=case.layers.boundaries if case.gives_boundaries else found.boundaries,
    )
    return case._replace(request=replace(case.request, principal=principal), layers=layers)


def _error(identifier: Any, message: str) -> dict[str, Any]:
    return {"id": identifier, "error": message}


def _to_line(result: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(result, separators=(",", ":"), allow_nan=False)
    except ValueError:  # an id such as 1e999, which JSON cannot say again
        text = json.dumps({**result, "id": None}, separators=(",", ":"))
    return text.encode() + b"\n"
