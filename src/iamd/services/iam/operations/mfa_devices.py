"""Virtual MFA devices (RFC 6238): made, assigned by two consecutive codes, found again, taken away."""

import io
from base64 import b32encode
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote

import segno

from iamd.credentials import attempts
from iamd.credentials.mfa import ANYWHERE, WrongCodeError, seal_seed, take_two_codes
from iamd.credentials.totp import SEED_BYTES
from iamd.kernel.context import Context
from iamd.kernel.paging import read_page
from iamd.kernel.tags import check_keys, checked_tags, tag_list, with_tags, without_tags
from iamd.model.arn import iam_arn
from iamd.model.errors import delete_conflict, entity_already_exists, limit_exceeded
from iamd.services.iam.api import (
    CreateVirtualMFADeviceRequest,
    CreateVirtualMFADeviceResponse,
    DeactivateMFADeviceRequest,
    DeleteVirtualMFADeviceRequest,
    EnableMFADeviceRequest,
    GetMFADeviceRequest,
    GetMFADeviceResponse,
    ListMFADevicesRequest,
    ListMFADevicesResponse,
    ListMFADeviceTagsRequest,
    ListMFADeviceTagsResponse,
    ListVirtualMFADevicesRequest,
    ListVirtualMFADevicesResponse,
    ResyncMFADeviceRequest,
    TagMFADeviceRequest,
    UntagMFADeviceRequest,
)
from iamd.services.iam.rules.accounts import own_account
from iamd.services.iam.rules.entities import calling_user
from iamd.services.iam.rules.mfa_devices import (
    device_known,
    device_of,
    device_shape,
    invalid_code,
    owner_named,
    virtual_shape,
)
from iamd.services.iam.rules.paths import ROOT_PATH, checked_path
from iamd.services.iam.rules.tag_pages import tag_page
from iamd.services.iam.service import service
from iamd.stores.ports.mfa import MfaDevice
from iamd.stores.ports.records import AlreadyExists

_ISSUER: Final = "iamd"
_PIXELS: Final = 6


@dataclass(frozen=True, slots=True)
class _NewSeed:
    """`text` is the seed in base32, `picture` a PNG of the QR code that an authenticator app reads."""

    seed: bytes = field(repr=False)
    text: str = field(repr=False)
    picture: bytes = field(repr=False)


def _draw(ctx: Context, request: CreateVirtualMFADeviceRequest) -> _NewSeed:
    """API Reference, VirtualMFADevice: `otpauth://totp/$virtualMFADeviceName@$AccountName?secret=$Base32String`."""
    seed = ctx.tools.ids.token_bytes(SEED_BYTES)
    text = b32encode(seed).decode("ascii")
    user, account = calling_user(ctx.state, ctx.caller), own_account(ctx)
    whose = user.name if user is not None else account.alias or account.id
    label = quote(f"{request['VirtualMFADeviceName']}@{whose}", safe="@")
    picture = io.BytesIO()
    segno.make_qr(f"otpauth://totp/{label}?secret={text}&issuer={_ISSUER}").save(picture, kind="png", scale=_PIXELS)
    return _NewSeed(seed, text, picture.getvalue())


@service.operation(prepare=_draw)
def create_virtual_mfa_device(ctx: Context, request: CreateVirtualMFADeviceRequest) -> CreateVirtualMFADeviceResponse:
    """The seed and its picture are shown now and never again."""
    if not isinstance(ctx.prepared, _NewSeed):
        raise TypeError("the seed was not drawn")
    quota = ctx.tools.quotas.users
    if ctx.state.mfa_devices.count("key", ctx.account) >= quota:
        raise limit_exceeded(f"Cannot exceed quota for VirtualMFADevicesPerAccount: {quota}")
    path = checked_path(request.get("Path", ROOT_PATH))
    serial = iam_arn(ctx.account, f"mfa{path}{request['VirtualMFADeviceName']}")
    device = MfaDevice(
        account=ctx.account,
        serial=serial,
        created_at=ctx.now_ms,
        sealed_seed=seal_seed(ctx.tools.sealer, ctx.prepared.seed, ctx.account, serial),
        tags=with_tags((), checked_tags(request.get("Tags"))),
    )
    try:
        ctx.state.mfa_devices.insert(device)
    except AlreadyExists:
        raise entity_already_exists("MFADevice entity at the same path and name already exists.") from None
    shape = virtual_shape(ctx, device)
    shape["Base32StringSeed"] = ctx.prepared.text.encode("ascii")
    shape["QRCodePNG"] = ctx.prepared.picture
    if device.tags:
        shape["Tags"] = tag_list(device.tags)
    return {"VirtualMFADevice": shape}


@service.operation
def enable_mfa_device(ctx: Context, request: EnableMFADeviceRequest) -> None:
    """Both codes are taken by it: neither signs anybody in afterwards. The text for a device in use is inferred (~)."""
    owner = owner_named(ctx, request["UserName"])
    device = device_known(ctx, request["SerialNumber"])
    if device.user_id is not None:
        raise entity_already_exists(f"MFA device {device.serial} is already in use.")
    quota = ctx.tools.quotas.mfa_devices_per_user
    if ctx.state.mfa_devices.count("user", ctx.account, owner.id) >= quota:
        raise limit_exceeded(f"Cannot exceed quota for MFADevicesPerUser: {quota}")
    found = _found(ctx, device, request["AuthenticationCode1"], request["AuthenticationCode2"])
    ctx.state.mfa_devices.replace(replace(found, user_id=owner.id, enabled_at=ctx.now_ms))


@service.operation
def resync_mfa_device(ctx: Context, request: ResyncMFADeviceRequest) -> None:
    device = device_of(ctx, owner_named(ctx, request["UserName"]), request["SerialNumber"])
    found = _found(ctx, device, request["AuthenticationCode1"], request["AuthenticationCode2"])
    ctx.state.mfa_devices.replace(found)


@service.operation
def deactivate_mfa_device(ctx: Context, request: DeactivateMFADeviceRequest) -> None:
    """The device stays, nobody's; it can be assigned again."""
    device = device_of(ctx, owner_named(ctx, request.get("UserName")), request["SerialNumber"])
    ctx.state.mfa_devices.replace(replace(device, user_id=None, enabled_at=None))


@service.operation
def delete_virtual_mfa_device(ctx: Context, request: DeleteVirtualMFADeviceRequest) -> None:
    device = device_known(ctx, request["SerialNumber"])
    if device.user_id is not None:
        raise delete_conflict("MFA VirtualDevice in use. Must deactivate first.")
    ctx.state.mfa_devices.delete(ctx.account, device.serial)


@service.operation
def get_mfa_device(ctx: Context, request: GetMFADeviceRequest) -> GetMFADeviceResponse:
    owner = owner_named(ctx, request.get("UserName"))
    shape = device_shape(device_of(ctx, owner, request["SerialNumber"]), owner)
    return {"UserName": shape["UserName"], "SerialNumber": shape["SerialNumber"], "EnableDate": shape["EnableDate"]}


@service.operation
def list_mfa_devices(ctx: Context, request: ListMFADevicesRequest) -> ListMFADevicesResponse:
    owner = owner_named(ctx, request.get("UserName"))
    page = read_page(
        request,
        lambda after, limit: ctx.state.mfa_devices.page("user", ctx.account, owner.id, after=after, limit=limit),
        lambda device: (device.serial,),
    )
    return {"MFADevices": [device_shape(device, owner) for device in page.records], **page.members}


@service.operation
def list_virtual_mfa_devices(ctx: Context, request: ListVirtualMFADevicesRequest) -> ListVirtualMFADevicesResponse:
    wanted = request.get("AssignmentStatus", "Any")
    page = read_page(
        request,
        lambda after, limit: _assigned(ctx, wanted, after, limit),
        lambda device: (device.serial,),
    )
    return {"VirtualMFADevices": [virtual_shape(ctx, device) for device in page.records], **page.members}


@service.operation
def tag_mfa_device(ctx: Context, request: TagMFADeviceRequest) -> None:
    device = device_known(ctx, request["SerialNumber"])
    ctx.state.mfa_devices.replace(replace(device, tags=with_tags(device.tags, checked_tags(request["Tags"]))))


@service.operation
def untag_mfa_device(ctx: Context, request: UntagMFADeviceRequest) -> None:
    device = device_known(ctx, request["SerialNumber"])
    check_keys(request["TagKeys"])
    ctx.state.mfa_devices.replace(replace(device, tags=without_tags(device.tags, request["TagKeys"])))


@service.operation
def list_mfa_device_tags(ctx: Context, request: ListMFADeviceTagsRequest) -> ListMFADeviceTagsResponse:
    answer: ListMFADeviceTagsResponse = tag_page(request, device_known(ctx, request["SerialNumber"]).tags)
    return answer


def _found(ctx: Context, device: MfaDevice, first: str, second: str) -> MfaDevice:
    """Raises InvalidAuthenticationCode unless the two codes follow each other and are new, or too many were wrong.

    Those are counted apart from single codes: whose clock has drifted has shown wrong ones before. Two days of codes
    are searched, for which nobody may make the writer wait time and again.
    """
    guessed = f"two codes of {device.serial}"
    if attempts.is_locked(ctx.state, guessed, ANYWHERE, ctx.now_ms):
        raise invalid_code()
    found = take_two_codes(ctx.tools.sealer, device, first, second, ctx.now_ms)
    if found is None:
        raise WrongCodeError(invalid_code(), [guessed])
    attempts.forget(ctx.state, guessed, ANYWHERE)
    return found


def _assigned(ctx: Context, wanted: str, after: tuple[str | int, ...] | None, limit: int) -> list[MfaDevice]:
    """A page of the account's devices in this state, in the order of their serial numbers."""
    found: list[MfaDevice] = []
    while True:
        page = ctx.state.mfa_devices.page("key", ctx.account, after=after, limit=limit)
        found += [
            device for device in page if wanted == "Any" or (wanted == "Assigned") == (device.user_id is not None)
        ]
        if len(page) < limit or len(found) >= limit:
            return found[:limit]
        after = (page[-1].serial,)
