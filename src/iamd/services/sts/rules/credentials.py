"""Making a session and answering with it."""

from datetime import datetime, timedelta
from typing import Any

from iamd.authz.caller import Caller, Identity
from iamd.credentials.session_facts import IssuerKind
from iamd.credentials.session_token import IssuedSession
from iamd.kernel.context import Context
from iamd.model.errors import access_denied
from iamd.model.ids import SESSION_KEY


def lifetime(ctx: Context, seconds: int) -> tuple[datetime, datetime]:
    """From now on; a session that makes another does not outlive itself in it.

    AWS lets the child of a chain live its own hour, by which a chain renews itself for ever; here it cannot.
    """
    issued = ctx.now.replace(microsecond=0)
    expires = issued + timedelta(seconds=seconds)
    session = ctx.caller.session
    return issued, expires if session is None else min(expires, session.expires_at)


def session_key_id(ctx: Context, account: str) -> str:
    return ctx.tools.ids.access_key_id(account, SESSION_KEY)


def issuer(caller: Caller) -> tuple[Identity, IssuerKind]:
    """The user or root whose long-term key signed. Raises AccessDenied for anyone else."""
    if caller.identity is None or caller.session is not None:
        raise access_denied("Access denied")
    return caller.identity, "Root" if caller.identity.is_root else "IAMUser"


def credentials_answer(issued: IssuedSession) -> Any:
    """The `Credentials` member, and `PackedPolicySize` where policies or tags were passed."""
    facts = issued.facts
    credentials = {
        "AccessKeyId": facts.access_key_id,
        "SecretAccessKey": facts.secret,
        "SessionToken": issued.token,
        "Expiration": facts.expires_at,
    }
    size = {"PackedPolicySize": issued.packed_size} if issued.packed_size else {}
    return {"Credentials": credentials, **size}
