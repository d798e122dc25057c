"""What an encoded authorization message says."""

from iamd.authz.encoded_message import decode
from iamd.credentials.sealing import UnsealError
from iamd.kernel.context import Context
from iamd.model.errors import AwsError
from iamd.services.sts.api import DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse
from iamd.services.sts.service import service


@service.operation
def decode_authorization_message(
    ctx: Context, request: DecodeAuthorizationMessageRequest
) -> DecodeAuthorizationMessageResponse:
    """Of the caller's account only. The text of the refusal is inferred (~)."""
    try:
        return {"DecodedMessage": decode(ctx.tools.sealer, ctx.account, request["EncodedMessage"])}
    except UnsealError:
        raise AwsError("InvalidAuthorizationMessageException", "The encoded message is not valid.") from None
