"""Who calls, and whose a key is."""

from iamd.kernel.context import Context
from iamd.model.errors import access_denied, validation_error
from iamd.model.ids import account_of_access_key
from iamd.services.sts.api import (
    GetAccessKeyInfoRequest,
    GetAccessKeyInfoResponse,
    GetCallerIdentityRequest,
    GetCallerIdentityResponse,
)
from iamd.services.sts.service import service


@service.operation(open_to_all=True)
def get_caller_identity(ctx: Context, _request: GetCallerIdentityRequest) -> GetCallerIdentityResponse:
    """Needs no permission, and no deny stops it."""
    principal = ctx.caller.principal
    if principal.arn is None or principal.account is None:
        raise access_denied("Access denied")
    return {"UserId": principal.unique_id, "Account": principal.account, "Arn": principal.arn}


@service.operation
def get_access_key_info(ctx: Context, request: GetAccessKeyInfoRequest) -> GetAccessKeyInfoResponse:
    """Whatever the key's state: the account is part of its id. The text for other ids is inferred (~)."""
    account = account_of_access_key(request["AccessKeyId"])
    if account is None or ctx.state.accounts.get(account) is None:
        raise validation_error("The access key ID is not valid.")
    return {"Account": account}
