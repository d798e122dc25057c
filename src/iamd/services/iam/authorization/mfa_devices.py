"""What the operations on MFA devices must be allowed: on the device itself, or on the user that has it."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks, look_up
from iamd.model.arn import iam_arn
from iamd.services.iam.authorization.subjects import on_user_asked
from iamd.services.iam.authorization.targets import listed, new_thing, request_tags, tag_keys

_ARN: Final = "arn:"


def _create(ask: Ask) -> Iterable[Check]:
    made = new_thing(ask, "mfa", ask.params["VirtualMFADeviceName"])
    yield made
    if made.request_tags:
        yield Check("iam:TagMFADevice", made.resource, request_tags=made.request_tags)


def _on_device(ask: Ask) -> Iterable[Check]:
    """A virtual device's serial number is its ARN."""
    serial: str = ask.params["SerialNumber"]
    device, found = look_up(ask.state, lambda state: state.mfa_devices.get(ask.account, serial))
    yield Check(
        f"iam:{ask.operation}",
        serial if serial.startswith(_ARN) else iam_arn(ask.account, f"mfa/{serial}"),
        request_tags=request_tags(ask),
        tag_keys=tag_keys(ask),
        resource_tags=device.tags if device else (),
        found=found,
    )


def _list(ask: Ask) -> Iterable[Check]:
    yield listed(ask, "mfa")


MFA_DEVICES: Final[Mapping[str, Checks]] = {
    "CreateVirtualMFADevice": _create,
    "EnableMFADevice": on_user_asked,
    "ResyncMFADevice": on_user_asked,
    "DeactivateMFADevice": on_user_asked,
    "DeleteVirtualMFADevice": _on_device,
    "GetMFADevice": on_user_asked,
    "ListMFADevices": on_user_asked,
    "ListVirtualMFADevices": _list,
    "TagMFADevice": _on_device,
    "UntagMFADevice": _on_device,
    "ListMFADeviceTags": _on_device,
}
