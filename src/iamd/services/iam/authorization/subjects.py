"""Checks on the user that a request is about: the one it names, else the caller itself."""

from collections.abc import Mapping

from iamd.authz.check import NO_KEYS, Ask, Check, Found, KeyValue, look_up
from iamd.model.arn import iam_arn
from iamd.services.iam.authorization.targets import on_principal
from iamd.services.iam.rules.entities import calling_user, is_root
from iamd.stores.ports.identities import User
from iamd.stores.ports.state import State


def user_asked(ask: Ask) -> User | None:
    """The user that the request names, None if there is none of that name; without a name the calling user."""
    return _find(ask, ask.state)


def _find(ask: Ask, state: State) -> User | None:
    name: str | None = ask.params.get("UserName")
    return calling_user(state, ask.caller) if name is None else state.users.get(ask.account, name)


def user_check(ask: Ask, user: User | None, *, keys: Mapping[str, KeyValue] = NO_KEYS) -> Check:
    """On `user`, else on the name as given, without a path; where a request names nobody, on whoever calls.

    A session that names nobody is asked about `*`: only who may do it to everybody learns that a name is missing.
    """
    name: str | None = ask.params.get("UserName") if user is None else user.name
    if name is None:
        return Check(f"iam:{ask.operation}", iam_arn(ask.account, "root") if is_root(ask.caller) else "*", keys)
    found = Found(lambda state: _find(ask, state), user)
    return on_principal(ask, user, "user", name, keys, bounded=False, found=found)


def on_user_asked(ask: Ask) -> tuple[Check]:
    return (user_check(ask, user_asked(ask)),)


def on_caller(ask: Ask) -> tuple[Check]:
    """For what a caller can do only to itself."""
    user, found = look_up(ask.state, lambda state: calling_user(state, ask.caller))
    if user is None:
        root = is_root(ask.caller)
        return (Check(f"iam:{ask.operation}", iam_arn(ask.account, "root") if root else "*"),)
    return (on_principal(ask, user, "user", user.name, NO_KEYS, bounded=False, found=found),)
