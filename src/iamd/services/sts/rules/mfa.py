"""MFA codes that come with a call."""

from collections.abc import Mapping
from typing import Any

from iamd.model.errors import access_denied


def check_mfa(request: Mapping[str, Any]) -> None:
    """Raises AccessDenied for every device: none can be registered yet."""
    serial, code = request.get("SerialNumber"), request.get("TokenCode")
    if serial is None and code is None:
        return
    if serial is None or code is None:
        raise access_denied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
        )
    raise access_denied(
        "MultiFactorAuthentication failed, unable to validate MFA code.  "
        "Please verify your MFA serial number is valid and associated with this user."
    )
