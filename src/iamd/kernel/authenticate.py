"""Who is calling: a signature held against the key that it claims, and nothing taken on the caller's word."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from iamd.authz.caller import Caller, Identity
from iamd.authz.facts import Note
from iamd.authz.gather import compiled
from iamd.credentials.session_facts import SessionFacts
from iamd.credentials.session_token import InvalidSessionTokenError
from iamd.kernel.call import Call
from iamd.kernel.callers import principal_of
from iamd.kernel.kernel import Kernel
from iamd.model.errors import access_denied
from iamd.model.ids import SESSION_KEY
from iamd.model.principal import Principal, PrincipalKind
from iamd.model.tags import Tags
from iamd.policy import CompiledPolicy, PolicyKind
from iamd.stores.ports.credentials import AccessKeyUse
from iamd.stores.ports.identities import RoleUse
from iamd.stores.ports.state import State
from iamd.wire.sigv4 import AuthScheme, Claim, faults, read_claim, verify, verify_unknown

_ANONYMOUS_RULES: Final = "rest-xml"
_VERSION_2_SERVICE: Final = "s3"
_AHEAD: Final = timedelta(minutes=15)
"""How far ahead of this node's clock another may be that issues a session. Where the clock has gone back by more, a
session of that future has no validity: it would live longer than it was given."""


@dataclass(frozen=True, slots=True)
class LongTermKey:
    account: str
    user_id: str
    active: bool
    secret: str = field(repr=False)


def authenticate(kernel: Kernel, call: Call) -> None:
    """Fills in the claim and the caller; raises AwsError with the protocol's own code.

    INVARIANT: the service that the signature covers is the one that was found.
    """
    assert call.spec is not None  # noqa: S101  # found by the step before
    kernel.facts.refresh(call.came)
    call.epoch, call.turn = kernel.store.epoch, kernel.facts.turn
    call.identify = authenticate
    protocol = call.spec.signature_rules
    claim = read_claim(call.http, protocol=protocol)
    if claim is None:
        call.is_known = True
        if not call.host_is_trusted:
            # A page of another site has made a browser send this: it learns nothing, not even what is built.
            raise access_denied("Unsigned requests are accepted on this server's own names only.")
        return
    if claim.service != call.signed_for:
        # Spelled so that it was not recognized when the service was chosen (`X-Amz-C%72edential`).
        raise faults.other_service(protocol)
    call.claim = claim
    call.scheme = claim.scheme
    call.region = claim.region or call.region
    if claim.access_key_id.startswith(SESSION_KEY):
        call.caller = _session(kernel, call, claim, protocol)
    else:
        call.caller = _long_term(kernel, call, claim, protocol)
    call.is_known = True
    _stamp(kernel, call, claim)


def _stamp(kernel: Kernel, call: Call, claim: Claim) -> None:
    """Last used: of a user's or root's key, or of the role behind a session."""
    session = call.caller.session
    if session is None:
        service = claim.service or _VERSION_2_SERVICE
        kernel.trail.key_used(AccessKeyUse(claim.access_key_id, call.now_ms, service, call.region))
    elif session.kind == "assumed-role":
        kernel.trail.role_used(RoleUse(session.account, session.issuer_id, call.now_ms, call.region))


def require_credentials(call: Call) -> None:
    """Anonymous calls end here, save S3's (its policies decide) and those that carry their own proof.

    By the console's door a session proves who calls, without a claim.
    """
    assert call.spec is not None  # noqa: S101  # found by the step before
    if call.scheme is not AuthScheme.ANONYMOUS:
        return
    if call.spec.signature_rules == _ANONYMOUS_RULES:
        return
    if call.operation is None or not call.operation.unsigned:
        raise faults.no_credentials(call.spec.signature_rules)


def _long_term(kernel: Kernel, call: Call, claim: Claim, protocol: str) -> Caller:
    key_id = claim.access_key_id

    def load(state: State, note: Note) -> LongTermKey | None:
        note(f"key:{key_id}")
        kept = state.access_keys.get(key_id)
        if kept is None:
            return None
        secret = kernel.tools.sealer.open(kept.sealed_secret, kept.account, kept.id).decode("ascii")
        return LongTermKey(kept.account, kept.user_id, kept.active, secret)

    key = kernel.facts.get((key_id, "access-key"), load)
    if key is None or not key.active:
        raise verify_unknown(call.http, claim, call.now, protocol=protocol)
    verify(call.http, claim, key.secret, call.now, protocol=protocol, keys=kernel.signing_keys)
    if claim.session_token is not None:
        raise faults.invalid_token(protocol)
    call.secret = key.secret
    identity = kernel.authorizer.gatherer.identity(key.account, key.user_id)
    if identity is None:
        raise faults.unknown_key(protocol, key_id)
    return kernel.callers.of(key_id, identity)


def _session(kernel: Kernel, call: Call, claim: Claim, protocol: str) -> Caller:
    if claim.session_token is None:
        raise faults.missing_token(protocol, claim.access_key_id)
    try:
        facts = kernel.tools.tokens.open_token(claim.session_token, claim.access_key_id)
    except InvalidSessionTokenError:
        verify_unknown(call.http, claim, call.now, protocol=protocol)
        raise faults.invalid_token(protocol) from None
    verify(call.http, claim, facts.secret, call.now, protocol=protocol, keys=kernel.signing_keys)
    call.secret = facts.secret
    if not facts.issued_at - _AHEAD <= call.now < facts.expires_at:
        raise faults.expired_token(protocol)
    identity = kernel.authorizer.gatherer.identity(facts.account, facts.issuer_id)
    if identity is None:
        raise faults.invalid_token(protocol)
    return Caller(
        principal=session_principal(facts, identity),
        access_key_id=facts.access_key_id,
        identity=identity,
        session=facts,
        session_policies=_session_policies(kernel, facts),
        tags=merge_tags(identity.tags, facts.tags),
        mfa=facts.mfa,
        mfa_at=None if facts.mfa_at is None else int(facts.mfa_at.timestamp() * 1000),
        issued_at=int(facts.issued_at.timestamp() * 1000),
    )


def session_principal(facts: SessionFacts, identity: Identity) -> Principal:
    """The principal of a session; the issuer is named as it is called now, and matched by its id."""
    match facts.kind:
        case "assumed-role":
            return Principal(
                PrincipalKind.ASSUMED_ROLE,
                f"arn:aws:sts::{facts.account}:assumed-role/{identity.name}/{facts.session_name}",
                facts.account,
                f"{facts.issuer_id}:{facts.session_name}",
                issuer_arn=identity.arn,
                issuer_id=facts.issuer_id,
                session_name=facts.session_name,
            )
        case "federated-user":
            return Principal(
                PrincipalKind.FEDERATED_USER,
                f"arn:aws:sts::{facts.account}:federated-user/{facts.session_name}",
                facts.account,
                f"{facts.account}:{facts.session_name}",
                issuer_arn=identity.arn,
                issuer_id=facts.issuer_id,
                session_name=facts.session_name,
            )
        case "session-token" | "console":
            return principal_of(identity)


def merge_tags(own: Tags, session: Tags) -> Tags:
    """A session tag replaces the identity's tag of the same key, without regard to case."""
    if not session:
        return own
    replaced = {name.lower() for name, _ in session}
    return (*(tag for tag in own if tag[0].lower() not in replaced), *session)


def _session_policies(kernel: Kernel, facts: SessionFacts) -> tuple[CompiledPolicy, ...] | None:
    """None without a session policy, save for a federated user: then nothing but resource policies count."""
    if not facts.policies and not facts.policy_arns:
        return () if facts.kind == "federated-user" else None
    inline = kernel.facts.get(
        (facts.account, "session-policies", facts.policies),
        lambda _state, _note: tuple(compiled(text, PolicyKind.SESSION) for text in facts.policies),
    )
    managed = (kernel.authorizer.gatherer.session_policy(arn) for arn in facts.policy_arns)
    return (*inline, *(policy for policy in managed if policy is not None))
