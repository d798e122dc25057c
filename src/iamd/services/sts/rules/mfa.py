"""MFA codes that come with a call."""

from collections.abc import Mapping
from typing import Any, Final

from iamd.authz.check import Ask, KeyValue
from iamd.credentials.mfa import WrongCodeError, take_code
from iamd.kernel.context import Context
from iamd.model.errors import AwsError, access_denied

_INVALID: Final = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
"""AWS's text, its last blank included."""
_UNKNOWN: Final = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
_HALF: Final = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."


def code_keys(ask: Ask) -> dict[str, KeyValue]:
    """What a right code adds to the call's own context: it was given just now. Raises AccessDenied for a wrong one."""
    given = _given(ask.params)
    if given is None:
        return {}
    serial, code = given
    identity = ask.caller.identity
    device = ask.state.mfa_devices.get(ask.account, serial)
    if identity is None or device is None or device.user_id != identity.id:
        raise access_denied(_UNKNOWN)
    if not ask.shows_code(serial, code):
        raise _wrong(serial)
    return {"aws:multifactorauthpresent": "true", "aws:multifactorauthage": "0"}


def take_given_code(ctx: Context, request: Mapping[str, Any]) -> bool:
    """Whether a code came with the call; it is taken with the call's own commit. Raises AccessDenied."""
    given = _given(request)
    if given is None:
        return False
    serial, code = given
    identity = ctx.caller.identity
    device = ctx.state.mfa_devices.get(ctx.account, serial)
    if identity is None or device is None or device.user_id != identity.id:
        raise access_denied(_UNKNOWN)
    if take_code(ctx.state, ctx.tools.sealer, [device], code, ctx.now_ms) is None:
        raise _wrong(serial)
    return True


def _given(request: Mapping[str, Any]) -> tuple[str, str] | None:
    serial, code = request.get("SerialNumber"), request.get("TokenCode")
    if serial is None and code is None:
        return None
    if serial is None or code is None:
        raise access_denied(_HALF)
    return serial, code


def _wrong(serial: str) -> AwsError:
    return WrongCodeError(access_denied(_INVALID), [serial])
