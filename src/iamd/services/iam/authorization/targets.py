"""Checks on managed policies, and on the users, groups, roles and instance profiles that carry or hold something.

Service Authorization Reference, "AWS Identity and Access Management": resource types, condition keys. What the message
shows in place of the ARN is as AWS prints it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from iamd.authz.check import NO_KEYS, Ask, Check, Found, KeyValue, look_up
from iamd.kernel.tags import tags_of
from iamd.model.arn import iam_arn
from iamd.model.tags import Tags
from iamd.services.iam.rules.managed import customer_policy
from iamd.stores.ports.identities import Role, User

BOUNDARY_KEY = "iam:permissionsboundary"


def anywhere(ask: Ask) -> Check:
    """An action without a resource type."""
    return Check(f"iam:{ask.operation}", "*")


def listed(ask: Ask, kind: str) -> Check:
    """AWS asks about the path that is listed, as its own denials say, though the reference names no resource."""
    prefix = ask.params.get("PathPrefix") or "/"
    shown = f"policy path {prefix}" if kind == "policy" else None
    return Check(f"iam:{ask.operation}", iam_arn(ask.account, f"{kind}{prefix}"), shown_as=shown)


def new_thing(ask: Ask, kind: str, name: str, *, keys: Mapping[str, KeyValue] = NO_KEYS) -> Check:
    """What a Create… makes: its ARN is the request's path and name."""
    path = ask.params.get("Path") or "/"
    return Check(
        f"iam:{ask.operation}",
        iam_arn(ask.account, f"{kind}{path}{name}"),
        keys,
        request_tags=request_tags(ask),
        shown_as=f"policy {name}" if kind == "policy" else None,
    )


def new_tagged_thing(ask: Ask, kind: str, name: str, *, keys: Mapping[str, KeyValue] = NO_KEYS) -> Iterable[Check]:
    """As `new_thing`; tags that come with a Create… are a right of their own, as AWS's denials of CreateRole say."""
    made = new_thing(ask, kind, name, keys=keys)
    yield made
    if made.request_tags:
        action = f"iam:Tag{ask.operation.removeprefix('Create')}"
        yield Check(action, made.resource, request_tags=made.request_tags, shown_as=made.shown_as)


def request_tags(ask: Ask) -> Tags | None:
    return tags_of(ask.params["Tags"]) if ask.params.get("Tags") else None


def tag_keys(ask: Ask) -> tuple[str, ...] | None:
    """What an Untag… names."""
    return tuple(ask.params.get("TagKeys") or ()) or None


def on_policy(ask: Ask) -> Check:
    arn: str = ask.params["PolicyArn"]
    policy, found = look_up(ask.state, lambda state: customer_policy(state, ask.account, arn))
    return Check(
        f"iam:{ask.operation}",
        arn,
        request_tags=request_tags(ask),
        tag_keys=tag_keys(ask),
        resource_tags=policy.tags if policy else (),
        shown_as=f"policy {arn}",
        found=found,
    )


def on_user(ask: Ask, *, keys: Mapping[str, KeyValue] = NO_KEYS, bounded: bool = False) -> Check:
    """`bounded`: the action has the key iam:PermissionsBoundary, which is the boundary that the user has."""
    name: str = ask.params["UserName"]
    user, found = look_up(ask.state, lambda state: state.users.get(ask.account, name))
    return on_principal(ask, user, "user", name, keys, bounded=bounded, found=found)


def on_role(
    ask: Ask,
    *,
    keys: Mapping[str, KeyValue] = NO_KEYS,
    bounded: bool = False,
) -> Check:
    """`bounded` as for users."""
    name: str = ask.params["RoleName"]
    role, found = look_up(ask.state, lambda state: state.roles.get(ask.account, name))
    return on_principal(ask, role, "role", name, keys, bounded=bounded, found=found)


def on_group(ask: Ask, *, keys: Mapping[str, KeyValue] = NO_KEYS) -> Check:
    name: str = ask.params["GroupName"]
    group, found = look_up(ask.state, lambda state: state.groups.get(ask.account, name))
    arn = group.arn if group else iam_arn(ask.account, f"group/{name}")
    return Check(f"iam:{ask.operation}", arn, keys, shown_as=f"group {name}", found=found)


def on_instance_profile(ask: Ask) -> Check:
    name: str = ask.params["InstanceProfileName"]
    profile, found = look_up(ask.state, lambda state: state.instance_profiles.get(ask.account, name))
    return Check(
        f"iam:{ask.operation}",
        profile.arn if profile else iam_arn(ask.account, f"instance-profile/{name}"),
        request_tags=request_tags(ask),
        tag_keys=tag_keys(ask),
        resource_tags=profile.tags if profile else (),
        shown_as=f"instance profile {name}",
        found=found,
    )


def tag_condition_keys(tags: Tags) -> dict[str, KeyValue]:
    """`iam:ResourceTag/…`, which users and roles have beside `aws:ResourceTag/…`."""
    return {f"iam:resourcetag/{key.lower()}": value for key, value in tags}


def on_principal(
    ask: Ask,
    entity: User | Role | None,
    kind: str,
    name: str,
    keys: Mapping[str, Any],
    *,
    bounded: bool,
    found: Found | None,
) -> Check:
    """On a user or role of that name, existing or not."""
    own: dict[str, KeyValue] = {}
    if entity is not None:
        own = tag_condition_keys(entity.tags)
        if bounded and entity.boundary_arn is not None:
            own[BOUNDARY_KEY] = entity.boundary_arn
    return Check(
        f"iam:{ask.operation}",
        entity.arn if entity else iam_arn(ask.account, f"{kind}/{name}"),
        {**own, **keys},
        request_tags=request_tags(ask),
        tag_keys=tag_keys(ask),
        resource_tags=entity.tags if entity else (),
        shown_as=f"{kind} {name}",
        found=found,
    )
