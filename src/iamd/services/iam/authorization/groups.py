"""What the operations on groups must be allowed."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks
from iamd.model.arn import iam_arn
from iamd.services.iam.authorization.subjects import on_user_asked
from iamd.services.iam.authorization.targets import listed, new_thing, on_group


def _create(ask: Ask) -> Iterable[Check]:
    yield new_thing(ask, "group", ask.params["GroupName"])


def _list(ask: Ask) -> Iterable[Check]:
    yield listed(ask, "group")


def _named(ask: Ask) -> Iterable[Check]:
    yield on_group(ask)


def _update(ask: Ask) -> Iterable[Check]:
    """On the group as it is and as it will be (API Reference, UpdateGroup)."""
    source = on_group(ask)
    yield source
    group = ask.state.groups.get(ask.account, ask.params["GroupName"])
    path = ask.params.get("NewPath", "/" if group is None else group.path)
    target = iam_arn(ask.account, f"group{path}{ask.params.get('NewGroupName', ask.params['GroupName'])}")
    if target != source.resource:
        yield Check(source.action, target)


GROUPS: Final[Mapping[str, Checks]] = {
    "CreateGroup": _create,
    "GetGroup": _named,
    "ListGroups": _list,
    "UpdateGroup": _update,
    "DeleteGroup": _named,
    "AddUserToGroup": _named,
    "RemoveUserFromGroup": _named,
    "ListGroupsForUser": on_user_asked,
}
