"""Sessions of users: GetSessionToken and GetFederationToken."""

from typing import Any, Final

from iamd.credentials.session_facts import SessionFacts
from iamd.kernel.context import Context
from iamd.reference.quotas import Quotas
from iamd.services.sts.api import (
    GetFederationTokenRequest,
    GetFederationTokenResponse,
    GetSessionTokenRequest,
    GetSessionTokenResponse,
)
from iamd.services.sts.rules.credentials import credentials_answer, issuer, lifetime, session_key_id
from iamd.services.sts.rules.mfa import take_given_code
from iamd.services.sts.rules.session_policies import session_policies
from iamd.services.sts.rules.session_tags import requested_tags
from iamd.services.sts.service import service

_QUOTAS: Final = Quotas()
_DEFAULT_SECONDS: Final = 43200


@service.operation(issues_credentials=True, open_to_all=True)
def get_session_token(ctx: Context, request: GetSessionTokenRequest) -> GetSessionTokenResponse:
    """Needs no permission, and no deny stops it."""
    identity, kind = issuer(ctx.caller)
    mfa = take_given_code(ctx, request)
    issued_at, expires_at = lifetime(ctx, _seconds(request, is_root=identity.is_root))
    issued = ctx.tools.tokens.issue(
        SessionFacts(
            access_key_id=session_key_id(ctx, identity.account),
            account=identity.account,
            kind="session-token",
            issuer_kind=kind,
            issuer_arn=identity.arn,
            issuer_id=identity.id,
            issuer_name=identity.name,
            session_name="",
            issued_at=issued_at,
            expires_at=expires_at,
            mfa=mfa,
            mfa_at=ctx.now if mfa else None,
            parent_access_key_id=ctx.caller.access_key_id,
        )
    )
    answer: GetSessionTokenResponse = credentials_answer(issued)
    return answer


@service.operation(issues_credentials=True)
def get_federation_token(ctx: Context, request: GetFederationTokenRequest) -> GetFederationTokenResponse:
    """Without a session policy the federated user has nothing but what resource policies give it."""
    identity, kind = issuer(ctx.caller)
    name = request["Name"]
    documents, arns = session_policies(ctx, identity.account, request)
    issued_at, expires_at = lifetime(ctx, _seconds(request, is_root=identity.is_root))
    issued = ctx.tools.tokens.issue(
        SessionFacts(
            access_key_id=session_key_id(ctx, identity.account),
            account=identity.account,
            kind="federated-user",
            issuer_kind=kind,
            issuer_arn=identity.arn,
            issuer_id=identity.id,
            issuer_name=identity.name,
            session_name=name,
            issued_at=issued_at,
            expires_at=expires_at,
            policies=documents,
            policy_arns=arns,
            tags=requested_tags(request),
            parent_access_key_id=ctx.caller.access_key_id,
        )
    )
    user = {
        "FederatedUserId": f"{identity.account}:{name}",
        "Arn": f"arn:aws:sts::{identity.account}:federated-user/{name}",
    }
    answer: Any = {**credentials_answer(issued), "FederatedUser": user}
    result: GetFederationTokenResponse = answer
    return result


def _seconds(request: GetSessionTokenRequest | GetFederationTokenRequest, *, is_root: bool) -> int:
    """Root's sessions are cut to an hour without a word."""
    seconds = request.get("DurationSeconds", _DEFAULT_SECONDS)
    return min(seconds, _QUOTAS.root_session_token_seconds) if is_root else seconds
