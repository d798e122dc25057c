"""Sessions of roles."""

from base64 import urlsafe_b64decode
from typing import Any, Final

import orjson

from iamd.credentials.session_facts import SessionFacts
from iamd.kernel.context import Context
from iamd.model.errors import AwsError, access_denied, validation_error
from iamd.reference.quotas import Quotas
from iamd.services.sts.api import (
    AssumeRoleRequest,
    AssumeRoleResponse,
    AssumeRoleWithSAMLRequest,
    AssumeRoleWithSAMLResponse,
    AssumeRoleWithWebIdentityRequest,
    AssumeRoleWithWebIdentityResponse,
)
from iamd.services.sts.rules.credentials import credentials_answer, lifetime, session_key_id
from iamd.services.sts.rules.mfa import take_given_code
from iamd.services.sts.rules.roles import find_role
from iamd.services.sts.rules.session_policies import session_policies
from iamd.services.sts.rules.session_tags import session_tags, source_identity
from iamd.services.sts.service import service
from iamd.stores.ports.identities import Role

_QUOTAS: Final = Quotas()
_DEFAULT_SECONDS: Final = 3600
_JWT_PARTS: Final = 3


@service.operation(issues_credentials=True)
def assume_role(ctx: Context, request: AssumeRoleRequest) -> AssumeRoleResponse:
    """Behind the checks, which hold the MFA code, the trust policy and both sides' policies against the call."""
    role = _role(ctx, request["RoleArn"])
    session = ctx.caller.session
    chained = session is not None and session.kind == "assumed-role"
    seconds = _duration(request, role, chained=chained)
    if request.get("ProvidedContexts"):
        raise AwsError("InvalidContextAssertion", "No context provider is registered.")
    documents, arns = session_policies(ctx, role.account, request)
    tags, transitive = session_tags(request, session)
    issued_at, expires_at = lifetime(ctx, seconds)
    take_given_code(ctx, request)
    name = request["RoleSessionName"]
    identity = source_identity(request, session)
    issued = ctx.tools.tokens.issue(
        SessionFacts(
            access_key_id=session_key_id(ctx, role.account),
            account=role.account,
            kind="assumed-role",
            issuer_kind="Role",
            issuer_arn=role.arn,
            issuer_id=role.id,
            issuer_name=role.name,
            session_name=name,
            issued_at=issued_at,
            expires_at=expires_at,
            policies=documents,
            policy_arns=arns,
            tags=tags,
            transitive_tag_keys=transitive,
            source_identity=identity,
            mfa=False,
            chained=chained,
            parent_access_key_id=ctx.caller.access_key_id,
        )
    )
    answer: Any = {
        **credentials_answer(issued),
        "AssumedRoleUser": {
            "AssumedRoleId": f"{role.id}:{name}",
            "Arn": f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{name}",
        },
    }
    if identity is not None:
        answer["SourceIdentity"] = identity
    result: AssumeRoleResponse = answer
    return result


@service.operation(unsigned=True, open_to_all=True)
def assume_role_with_web_identity(
    _ctx: Context, request: AssumeRoleWithWebIdentityRequest
) -> AssumeRoleWithWebIdentityResponse:
    """No identity provider can be registered yet, so no token is anybody's."""
    issuer = _token_issuer(request["WebIdentityToken"])
    if issuer is None:
        message = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
    else:
        message = f"No OpenIDConnect provider found in your account for {issuer}"
    raise AwsError("InvalidIdentityToken", message)


@service.operation(unsigned=True, open_to_all=True)
def assume_role_with_saml(_ctx: Context, _request: AssumeRoleWithSAMLRequest) -> AssumeRoleWithSAMLResponse:
    """No identity provider can be registered yet."""
    raise AwsError("InvalidIdentityToken", "Specified provider doesn't exist")


def _role(ctx: Context, arn: str) -> Role:
    """The role that was authorized: where another has taken its name since, it has been decided anew."""
    role = find_role(ctx.state, arn)
    if role is None:
        who = ctx.caller.principal.arn
        raise access_denied(f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {arn}")
    return role


def _duration(request: AssumeRoleRequest, role: Role, *, chained: bool) -> int:
    """Raises ValidationError."""
    seconds = request.get("DurationSeconds", _DEFAULT_SECONDS)
    if chained and seconds > _QUOTAS.chained_session_seconds:
        raise validation_error(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        )
    if seconds > role.max_session_seconds:
        raise validation_error("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    return seconds


def _token_issuer(token: str) -> str | None:
    """What a token says of its issuer, for the message only: nothing in it is believed."""
    parts = token.split(".")
    if len(parts) != _JWT_PARTS:
        return None
    try:
        claims = orjson.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    return issuer if isinstance(issuer, str) else None
