"""`iamd explain`: why a recorded request was denied, or what would be decided now."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from iamd.bootstrap.place import Place
from iamd.cli.options import EnvironmentCommand, json_option
from iamd.cli.place import place_options, refusals

if TYPE_CHECKING:
    from iamd.stores.ports.events import Event
    from iamd.stores.ports.state import State

ALLOWED: Final = 0
DENIED: Final = 1
NO_ANSWER: Final = 2
_STYLES: Final = {"": "", "good": "green", "bad": "red", "faint": "dim"}


@click.command(cls=EnvironmentCommand)
@click.argument("request_id", required=False)
@click.option("--principal", help="ARN of a user, role, session or root; a service's name; or anonymous.")
@click.option("--action", help="For example s3:GetObject.")
@click.option("--resource", help="ARN, * by default.")
@click.option("--context", "entries", multiple=True, metavar="KEY=VALUE", help="Several of one key make a list.")
@place_options
@json_option
def explain(
    request_id: str | None,
    *,
    principal: str | None,
    action: str | None,
    resource: str | None,
    entries: tuple[str, ...],
    place: Place,
    as_json: bool,
) -> int:
    """Explain a recorded request by its id, as it was decided then; or ask what would be decided now.

    Reads the data directory or the database, whether its server runs or not. Exit status: 0 allowed, 1 denied, 2 no
    answer.
    """
    asked = principal is not None or action is not None or resource is not None or bool(entries)
    if (request_id is None) != asked or (asked and (principal is None or action is None)):
        no_answer("give a request id, or --principal and --action")
    try:
        with place.state() as state:
            if request_id is not None:
                shown = _recorded(state, request_id)
            else:
                shown = _asked(state, principal or "", action or "", resource or "*", entries)
    except refusals() as refusal:
        no_answer(str(refusal))
    if as_json:
        click.echo(json.dumps(shown))
    else:
        click.echo(f"{shown['from']}, in {place}")
        show(shown)
    return ALLOWED if shown["decision"] == "Allowed" else DENIED


def no_answer(message: str) -> NoReturn:
    """One line, and exit status 2: a script must not take it for a denial."""
    raise click.UsageError(message)


def show(explanation: Mapping[str, Any]) -> None:
    """As text; in colour on a terminal."""
    from rich.console import Console  # noqa: PLC0415  # only people need it
    from rich.text import Text  # noqa: PLC0415  # as above

    from iamd.policy.telling import tell  # noqa: PLC0415  # as above

    console = Console(soft_wrap=True, highlight=False)
    for line in tell(explanation):
        # What a caller wrote is text, never markup.
        console.print(Text("  " * line.indent + line.text, _STYLES[line.style]))
    sys.stdout.flush()


def _recorded(state: "State", request_id: str) -> dict[str, Any]:
    from iamd.model.times import iso_seconds  # noqa: PLC0415  # as above
    from iamd.policy.kept import unpack  # noqa: PLC0415  # as above

    events = _events(state, request_id)
    if not events:
        no_answer(f"no event of request {request_id}: events of reads and denials go after 90 days")
    event = next((each for each in events if each.details is not None), events[0])
    moment = f"request {request_id} as it was decided at {iso_seconds(event.at // 1000)}"
    if event.details is not None:
        return {**unpack(event.details).to_json(), "from": moment}
    if not event.error_code and event.actions:
        return {**_allowed(event), "from": moment}
    no_answer(f"request {request_id} was not denied by policies: {event.error_code or 'it succeeded'}")


def _events(state: "State", request_id: str) -> "list[Event]":
    """Whole: pages leave out what a denial was decided on."""
    from iamd.audit.search import of_request  # noqa: PLC0415  # as above

    found = (state.events.get(each.at, each.id) for each in of_request(state, request_id))
    return [event for event in found if event is not None]


def _allowed(event: "Event") -> dict[str, Any]:
    """What allowed a request is not kept."""
    resources = json.loads(event.record).get("resources") or [{"ARN": "*"}]
    return {
        "request": {
            "principal": event.principal or None,
            "action": event.actions.replace(" ", ", "),
            "resource": resources[0]["ARN"],
        },
        "decision": "Allowed",
        "blockedBy": None,
        "barred": False,
        "abridged": False,
        "blocking": [],
        "layers": [],
        "fix": None,
        "fixBlockedBy": None,
    }


def _asked(state: "State", principal: str, action: str, resource: str, entries: Iterable[str]) -> dict[str, Any]:
    from iamd.authz.asking import Unanswerable, asker  # noqa: PLC0415  # as above
    from iamd.bootstrap.clock import now_ms  # noqa: PLC0415  # as above

    try:
        question = asker(state, now_ms()).question(principal, action, resource, read_context(entries))
    except Unanswerable as unanswerable:
        no_answer(str(unanswerable))
    return {**question.to_json(), "from": "what would be decided now"}


def read_context(entries: Iterable[str]) -> dict[str, str | tuple[str, ...]]:
    """`key=value` each; a key that comes twice has several values."""
    context: dict[str, str | tuple[str, ...]] = {}
    for entry in entries:
        key, equals, held = entry.partition("=")
        if not equals or not key:
            no_answer(f"--context {entry}: key=value is expected")
        before = context.get(key.lower())
        context[key.lower()] = held if before is None else (*((before,) if isinstance(before, str) else before), held)
    return context
