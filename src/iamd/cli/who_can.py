"""`iamd who-can`: every principal that may do an action on a resource, and the path that lets it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iamd.bootstrap.place import Place
from iamd.cli.explain import no_answer, read_context
from iamd.cli.options import EnvironmentCommand, json_option
from iamd.cli.place import place_options, refusals

if TYPE_CHECKING:
    from iamd.policy.access import Access
    from iamd.policy.details import AuthorizationDetails

Context = Mapping[str, str | tuple[str, ...]]


@click.command(cls=EnvironmentCommand, name="who-can")
@click.argument("action")
@click.argument("resource")
@click.option("--context", "entries", multiple=True, metavar="KEY=VALUE", help="Several of one key make a list.")
@click.option(
    "--authorization-details",
    "details_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Output of `aws iam get-account-authorization-details`: ask its principals, offline.",
)
@place_options
@json_option
def who_can(
    action: str,
    resource: str,
    *,
    entries: tuple[str, ...],
    details_file: Path | None,
    place: Place,
    as_json: bool,
) -> None:
    """Print every principal that may do ACTION on RESOURCE, one a line, and what lets it.

    Asks every account of the data directory or the database, whether its server runs or not; or a file's principals.
    """
    context = read_context(entries)
    if details_file is not None:
        found = _in_file(details_file, action, resource, context)
    else:
        found = _kept(place, action, resource, context)
    for access in found:
        if as_json:
            click.echo(json.dumps({"principal": access.principal, "via": [path.to_json() for path in access.via]}))
        else:
            click.echo(f"{access.principal}\t{'; '.join(str(path) for path in access.via)}")


def _kept(place: Place, action: str, resource: str, context: Context) -> "Iterator[Access]":
    from iamd.authz.asking import asker  # noqa: PLC0415  # `--help` needs no store
    from iamd.bootstrap.clock import now_ms  # noqa: PLC0415  # as above

    try:
        with place.state() as state:
            yield from asker(state, now_ms()).who_can(action, resource, context)
    except refusals() as refusal:
        no_answer(str(refusal))


def _in_file(file: Path, action: str, resource: str, context: Context) -> "Iterator[Access]":
    from iamd.policy.cases import CaseError  # noqa: PLC0415  # as above
    from iamd.policy.details import AuthorizationDetails  # noqa: PLC0415  # as above

    try:
        yield from _asked(AuthorizationDetails(file.read_bytes()), action, resource, context)
    except CaseError as error:
        no_answer(f"{file}: {error}")


def _asked(details: "AuthorizationDetails", action: str, resource: str, context: Context) -> "Iterator[Access]":
    """Of resource policies the file holds those of its roles: who may assume them."""
    from iamd.policy import AccessRequest, Layers, Question  # noqa: PLC0415  # as above
    from iamd.policy.access import access_of  # noqa: PLC0415  # as above
    from iamd.policy.situation import requires_resource_policy  # noqa: PLC0415  # as above

    required = requires_resource_policy(action, resource)
    trust = details.trust_policy(resource) if required else None
    for principal in details.principals():
        held = details.of(principal)
        known = {"aws:principalarn": principal.arn or "", "aws:principalaccount": principal.account or ""}
        known |= {f"aws:principaltag/{key.lower()}": text for key, text in details.tags_of(principal).items()}
        if principal.issuer_arn is None:
            known |= {"aws:username": (principal.arn or "").rpartition("/")[2], "aws:userid": principal.unique_id}
        request = AccessRequest(principal, action, resource, None, {**known, **context})
        layers = Layers(
            identity=held.identity,
            boundaries=held.boundaries,
            resource=None if trust is None else (trust,),
            resource_required=required,
        )
        access = access_of(Question(request, layers), held.held)
        if access is not None:
            yield access
