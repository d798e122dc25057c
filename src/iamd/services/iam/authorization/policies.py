"""Managed and inline policies, and who has them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks
from iamd.services.iam.authorization.targets import (
    anywhere,
    listed,
    new_tagged_thing,
    on_group,
    on_policy,
    on_role,
    on_user,
)

_POLICY: Final = (
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "GetPolicy",
    "GetPolicyVersion",
    "ListEntitiesForPolicy",
    "ListPolicyTags",
    "ListPolicyVersions",
    "SetDefaultPolicyVersion",
    "TagPolicy",
    "UntagPolicy",
)


def _policy(ask: Ask) -> Iterable[Check]:
    yield on_policy(ask)


def _create_policy(ask: Ask) -> Iterable[Check]:
    yield from new_tagged_thing(ask, "policy", ask.params["PolicyName"])


def _list_policies(ask: Ask) -> Iterable[Check]:
    yield listed(ask, "policy")


def _account(ask: Ask) -> Iterable[Check]:
    yield anywhere(ask)


def _attachments(on: Callable[..., Check], *, bounded: bool) -> Checks:
    """Attach and Detach: the managed policy is the key iam:PolicyARN."""

    def checks(ask: Ask) -> Iterable[Check]:
        keys = {"iam:policyarn": ask.params["PolicyArn"]}
        yield on(ask, keys=keys, bounded=True) if bounded else on(ask, keys=keys)

    return checks


def _carriers(on: Callable[..., Check], *, bounded: bool) -> Checks:
    def checks(ask: Ask) -> Iterable[Check]:
        yield on(ask, bounded=True) if bounded else on(ask)

    return checks


def _of_kind(kind: str, on: Callable[..., Check]) -> dict[str, Checks]:
    """Groups have no boundary; reading and listing has no iam:PermissionsBoundary."""
    principal = kind != "Group"
    return {
        f"Attach{kind}Policy": _attachments(on, bounded=principal),
        f"Detach{kind}Policy": _attachments(on, bounded=principal),
        f"Put{kind}Policy": _carriers(on, bounded=principal),
        f"Delete{kind}Policy": _carriers(on, bounded=principal),
        f"Get{kind}Policy": _carriers(on, bounded=False),
        f"List{kind}Policies": _carriers(on, bounded=False),
        f"ListAttached{kind}Policies": _carriers(on, bounded=False),
    }


POLICIES: Final[Mapping[str, Checks]] = {
    "CreatePolicy": _create_policy,
    "GetAccountAuthorizationDetails": _account,
    "ListPolicies": _list_policies,
    **dict.fromkeys(_POLICY, _policy),
    **_of_kind("User", on_user),
    **_of_kind("Group", on_group),
    **_of_kind("Role", on_role),
}
