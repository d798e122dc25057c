"""MFA devices: whose they are, and how IAM answers with them."""

from dataclasses import dataclass

from iamd.kernel.context import Context
from iamd.kernel.times import whole_seconds
from iamd.model.errors import AwsError, no_such_entity
from iamd.services.iam import api
from iamd.services.iam.rules.accounts import own_account
from iamd.services.iam.rules.entities import is_root, named_or_calling_user
from iamd.services.iam.rules.shapes import root_shape, user_with_sign_in
from iamd.stores.ports.mfa import MfaDevice

_ROOT_NAME = "root"


@dataclass(frozen=True, slots=True)
class Owner:
    """A user, or the account's root, whose id is the account's number."""

    id: str
    name: str


def owner_named(ctx: Context, name: str | None) -> Owner:
    """Whom a request is about: the named user, else the caller. Root may name itself by the account's number (~).

    Raises NoSuchEntity, ValidationError.
    """
    if is_root(ctx.caller) and name == ctx.account and ctx.state.users.get(ctx.account, name) is None:
        name = None
    user = named_or_calling_user(ctx.state, ctx.caller, name)
    return Owner(ctx.account, _ROOT_NAME) if user is None else Owner(user.id, user.name)


def device_known(ctx: Context, serial: str) -> MfaDevice:
    """Raises NoSuchEntity."""
    device = ctx.state.mfa_devices.get(ctx.account, serial)
    if device is None:
        raise no_such_entity(f"VirtualMFADevice with serial number {serial} doesn't exist.")
    return device


def device_of(ctx: Context, owner: Owner, serial: str) -> MfaDevice:
    """Raises NoSuchEntity for a device that is not assigned to this owner."""
    device = device_known(ctx, serial)
    if device.user_id != owner.id:
        raise no_such_entity("MFA Device invalid for user.")
    return device


def invalid_code() -> AwsError:
    return AwsError("InvalidAuthenticationCode", "Authentication code for device is not valid.", 403)


def device_shape(device: MfaDevice, owner: Owner) -> api.MFADevice:
    return {
        "UserName": owner.name,
        "SerialNumber": device.serial,
        "EnableDate": whole_seconds(device.enabled_at or device.created_at),
    }


def virtual_shape(ctx: Context, device: MfaDevice) -> api.VirtualMFADevice:
    """Without the seed, which is shown once; an assigned device says to whom."""
    shape: api.VirtualMFADevice = {"SerialNumber": device.serial}
    if device.user_id is None:
        return shape
    if device.user_id == ctx.account:
        shape["User"] = root_shape(own_account(ctx))
    else:
        user = ctx.state.users.find("id", ctx.account, device.user_id)
        if user is not None:
            shape["User"] = user_with_sign_in(user)
    if device.enabled_at is not None:
        shape["EnableDate"] = whole_seconds(device.enabled_at)
    return shape
