"""What must go before a user or a group can go (API Reference, DeleteUser and DeleteGroup)."""

from iamd.model.errors import AwsError, delete_conflict
from iamd.stores.ports.identities import Group, User
from iamd.stores.ports.state import State


def check_user_is_bare(state: State, user: User) -> None:
    """Raises DeleteConflict for the first thing that is still attached; a boundary goes with its user."""
    if state.memberships.page("user", user.account, user.id, limit=1):
        raise _conflict("must remove users from group first")
    _check_no_policies(state, user.account, user.id)
    if state.access_keys.page("user", user.account, user.id, limit=1):
        raise _conflict("must delete access keys first")
    if state.login_profiles.get(user.account, user.id) is not None:
        raise _conflict("must delete login profile first")
    if state.mfa_devices.page("user", user.account, user.id, limit=1):
        raise _conflict("must delete MFA device first")


def check_group_is_bare(state: State, group: Group) -> None:
    """Raises DeleteConflict for the first thing that is still attached."""
    if state.memberships.page("key", group.account, group.id, limit=1):
        raise _conflict("must remove users from group first")
    _check_no_policies(state, group.account, group.id)


def _check_no_policies(state: State, account: str, owner_id: str) -> None:
    if state.attachments.page("key", account, owner_id, "policy", limit=1):
        raise _conflict("must detach all policies first")
    if state.inline_policies.page("key", account, owner_id, limit=1):
        raise _conflict("must delete policies first")


def _conflict(what: str) -> AwsError:
    return delete_conflict(f"Cannot delete entity, {what}.")
