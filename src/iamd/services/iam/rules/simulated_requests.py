"""From a call of the policy simulator to the requests that it asks about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from iamd.model.arn import Arn
from iamd.model.errors import AwsError
from iamd.model.principal import Principal, PrincipalKind
from iamd.model.tags import Tags
from iamd.model.values import value
from iamd.policy import AccessRequest, PolicyKind
from iamd.policy.simulation import Source
from iamd.services.iam.rules.policy_sources import entity_name, given_source, given_sources
from iamd.services.iam.rules.simulated_context import context_of, invalid_input

ANYTHING: Final = "*"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_NOBODY_S_ID: Final = "STUB_PRINCIPAL_FOR_POLICY_SIMULATOR"
"""The simulator's aws:userid where no caller is named."""
_MOST_RESOURCES: Final = 1_000
_KINDS: Final = {"user": PrincipalKind.USER, "role": PrincipalKind.ASSUMED_ROLE, "group": PrincipalKind.USER}
_TYPES: Final = {PrincipalKind.USER: "User", PrincipalKind.ASSUMED_ROLE: "AssumedRole"}

Request = Mapping[str, Any]


@value
class Simulated:
    """The simulated caller: `arn` None where nobody is named; `unique_id` and `tags` of an entity that exists."""

    account: str
    arn: str | None = None
    unique_id: str | None = None
    tags: Tags = ()


def checked_actions(request: Request) -> Sequence[str]:
    """Raises InvalidInput."""
    actions: Sequence[str] = request["ActionNames"]
    if not actions:
        raise invalid_input("ActionNames cannot be null or empty.")
    for action in actions:
        if ":" not in action:
            raise invalid_input("The action is invalid since it is missing names")
    return actions


def checked_resources(request: Request) -> Sequence[str]:
    """`*` where none are named. Raises InvalidInput."""
    resources: Sequence[str] = request.get("ResourceArns") or [ANYTHING]
    if len(resources) > _MOST_RESOURCES:
        raise invalid_input(f"ResourceArns cannot contain more than {_MOST_RESOURCES} ARNs.")
    for resource in resources if list(resources) != [ANYTHING] else ():
        fields = resource.split(":", 5)
        if len(fields) != 6 or fields[0] != "arn" or not fields[1] or not fields[2] or not fields[5]:
            raise invalid_input(f"ResourceNames are not in a valid ARN format: {resource}.")
    return resources


def resource_policy_of(request: Request, caller: Simulated, resources: Sequence[str]) -> Source | None:
    """A role's trust policy where the resources are roles. Raises InvalidInput."""
    text = request.get("ResourcePolicy")
    if text is None:
        return None
    if caller.arn is None:
        raise invalid_input("Invalid caller - Caller cannot be null or empty.")
    if list(resources) == [ANYTHING]:
        raise invalid_input(f"Invalid Entity Arn: {ANYTHING} does not clearly define entity type and name.")
    roles = all(re.match(r"arn:[^:]+:iam::[0-9]*:role/", resource) for resource in resources)
    return given_source("ResourcePolicy", text, PolicyKind.TRUST if roles else PolicyKind.RESOURCE)


def boundary_of(request: Request, attached: Source | None) -> Source | None:
    """The one that comes with the request in place of the attached one. Raises InvalidInput."""
    member = "PermissionsBoundaryPolicyInputList"
    given = given_sources(request.get(member) or (), member, PolicyKind.BOUNDARY)
    if len(given) > 1:
        raise invalid_input("Only one permissions boundary can be provided.")
    return given[0] if given else attached


def scps_of(request: Request) -> Sequence[Sequence[Source]] | None:
    """Levels from the root to the account. Raises InvalidInput."""
    member = "OrderedOrganizationPolicyInputList"
    levels = request.get(member)
    if not levels:
        return None
    return [
        given_sources(level.get("ServiceControlPolicyInputList") or (), f"{member}.{number}", PolicyKind.SCP)
        for number, level in enumerate(levels, 1)
    ]


def check_caller(arn: str) -> None:
    """Raises InvalidInput."""
    try:
        entity_name(arn)
    except AwsError:
        raise invalid_input("Invalid caller - Caller must be an IAM user, role or group in this context.") from None


def requests_of(
    request: Request, caller: Simulated, action: str, resources: Sequence[str], *, with_policy: bool
) -> Iterator[AccessRequest]:
    """One for each resource. Raises InvalidInput.

    Without a policy of the resource only the caller's side is asked, unless ResourceOwner says whose it is.
    """
    principal = _principal(caller)
    given = context_of(request.get("ContextEntries") or ())
    owner = _owner(request)
    for resource in resources:
        named = _account_in(resource) or owner
        account = (named if with_policy or owner is not None else None) or caller.account
        context = {**_facts(caller, principal), **({"aws:resourceaccount": named} if named else {}), **given}
        yield AccessRequest(principal, action, resource, account, context)


def _principal(caller: Simulated) -> Principal:
    if caller.arn is None:
        return Principal(PrincipalKind.USER, None, caller.account)
    kind = _KINDS[entity_name(caller.arn).kind]
    issuer = caller.arn if kind is PrincipalKind.ASSUMED_ROLE else None
    return Principal(kind, caller.arn, caller.account, issuer_arn=issuer)


def _facts(caller: Simulated, principal: Principal) -> dict[str, str | tuple[str, ...]]:
    """What is known of the caller itself; entries of the request go before it."""
    facts: dict[str, str | tuple[str, ...]] = {"aws:principalaccount": caller.account}
    if caller.arn is None:
        return {**facts, "aws:userid": _NOBODY_S_ID}
    named = entity_name(caller.arn)
    facts |= {"aws:principalarn": caller.arn, "aws:principaltype": _TYPES[principal.kind]}
    facts["aws:userid"] = caller.unique_id or caller.arn
    if named.kind == "user":
        facts["aws:username"] = named.name
    for key, held in caller.tags:
        facts[f"aws:principaltag/{key.lower()}"] = held
    return facts


def _owner(request: Request) -> str | None:
    text = request.get("ResourceOwner")
    if text is None:
        return None
    try:
        fields = Arn.parse(text)
    except ValueError:
        fields = None
    if fields is None or fields.service != "iam" or not _ACCOUNT.fullmatch(fields.account):
        raise invalid_input(f"'{text}' is not a valid as a Resource Owner.")
    return fields.account


def _account_in(resource: str) -> str | None:
    fields = resource.split(":", 5)
    return fields[4] if len(fields) == 6 and _ACCOUNT.fullmatch(fields[4]) else None
