"""What the operations on users must be allowed."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks
from iamd.model.arn import iam_arn
from iamd.services.iam.authorization.subjects import on_user_asked, user_asked, user_check
from iamd.services.iam.authorization.targets import BOUNDARY_KEY, listed, new_tagged_thing


def _create(ask: Ask) -> Iterable[Check]:
    boundary: str | None = ask.params.get("PermissionsBoundary")
    keys = {} if boundary is None else {BOUNDARY_KEY: boundary}
    yield from new_tagged_thing(ask, "user", ask.params["UserName"], keys=keys)


def _list(ask: Ask) -> Iterable[Check]:
    yield listed(ask, "user")


def _update(ask: Ask) -> Iterable[Check]:
    """On the user as it is and as it will be (API Reference, UpdateUser)."""
    user = user_asked(ask)
    source = user_check(ask, user)
    yield source
    path = ask.params.get("NewPath", "/" if user is None else user.path)
    target = iam_arn(ask.account, f"user{path}{ask.params.get('NewUserName', ask.params['UserName'])}")
    if target != source.resource:
        yield Check(source.action, target, source.keys, resource_tags=source.resource_tags)


def _put_boundary(ask: Ask) -> Iterable[Check]:
    yield user_check(ask, user_asked(ask), keys={BOUNDARY_KEY: ask.params["PermissionsBoundary"]})


def _delete_boundary(ask: Ask) -> Iterable[Check]:
    """The key holds the boundary that is attached now."""
    user = user_asked(ask)
    boundary = None if user is None else user.boundary_arn
    yield user_check(ask, user, keys={} if boundary is None else {BOUNDARY_KEY: boundary})


USERS: Final[Mapping[str, Checks]] = {
    "CreateUser": _create,
    "GetUser": on_user_asked,
    "ListUsers": _list,
    "UpdateUser": _update,
    "DeleteUser": on_user_asked,
    "TagUser": on_user_asked,
    "UntagUser": on_user_asked,
    "ListUserTags": on_user_asked,
    "PutUserPermissionsBoundary": _put_boundary,
    "DeleteUserPermissionsBoundary": _delete_boundary,
}
