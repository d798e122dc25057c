"""What the operations on console passwords must be allowed."""

from collections.abc import Mapping
from typing import Final

from iamd.authz.check import Checks
from iamd.services.iam.authorization.subjects import on_caller, on_user_asked

LOGIN_PROFILES: Final[Mapping[str, Checks]] = {
    "CreateLoginProfile": on_user_asked,
    "GetLoginProfile": on_user_asked,
    "UpdateLoginProfile": on_user_asked,
    "DeleteLoginProfile": on_user_asked,
    "ChangePassword": on_caller,
}
