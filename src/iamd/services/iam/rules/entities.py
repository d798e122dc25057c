"""Finding users and groups by name, or saying as AWS does that they are not there."""

from iamd.authz.caller import Caller
from iamd.model.errors import AwsError, no_such_entity, validation_error
from iamd.model.principal import PrincipalKind
from iamd.stores.ports.identities import Group, User
from iamd.stores.ports.state import State


def folded(name: str) -> str:
    """The form in which names are unique."""
    return name.lower()


def user_named(state: State, account: str, name: str) -> User:
    """Raises NoSuchEntity."""
    user = state.users.get(account, name)
    if user is None:
        raise no_such_user(name)
    return user


def no_such_user(name: str) -> AwsError:
    return no_such_entity(f"The user with name {name} cannot be found.")


def group_named(state: State, account: str, name: str) -> Group:
    """Raises NoSuchEntity."""
    group = state.groups.get(account, name)
    if group is None:
        raise no_such_entity(f"The group with name {name} cannot be found.")
    return group


def calling_user(state: State, caller: Caller) -> User | None:
    """The IAM user who calls, by its key or by a session of its own; None for everybody else."""
    if caller.principal.kind is not PrincipalKind.USER or caller.identity is None:
        return None
    return state.users.find("id", caller.account, caller.identity.id)


def is_root(caller: Caller) -> bool:
    return caller.principal.kind is PrincipalKind.ROOT


def named_or_calling_user(state: State, caller: Caller, name: str | None) -> User | None:
    """The user that a request is about: the named one, else the caller itself; None is the account's root.

    Raises NoSuchEntity, and ValidationError for a session that names nobody.
    """
    if name is not None:
        return user_named(state, caller.account, name)
    if is_root(caller):
        return None
    user = calling_user(state, caller)
    if user is None:
        raise validation_error("Must specify userName when calling with non-User credentials")
    return user
