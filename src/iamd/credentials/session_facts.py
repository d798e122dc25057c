"""What a session token says, and how it is written down inside one."""

import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

import orjson

from iamd.model.tags import Tags

SessionKind = Literal["assumed-role", "federated-user", "session-token", "console"]
IssuerKind = Literal["Role", "IAMUser", "Root"]


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session, as it was when its token was made. Times are aware, in UTC, and whole seconds.

    `issuer_…` is the role behind an assumed-role session, else the user (or root) behind the others; `issuer_id` is
    its unique id and is checked at every call, so a recreated namesake inherits nothing. A session of kind "console"
    is one of the web console: no token is ever made of it. `session_name` is the role session's name or the federated
    user's, "" for the others. `mfa` is None where AWS leaves the key out (policy-semantics, "Context keys").
    `policies` are session policy documents as JSON text. `chained`: the session was assumed by a session.
    `parent_access_key_id` is the key that asked for it. `federated_provider` is the identity provider behind a web
    identity or SAML session. `secret` is filled in by `SessionTokens`.
    """

    access_key_id: str
    account: str
    kind: SessionKind
    issuer_kind: IssuerKind
    issuer_arn: str
    issuer_id: str
    issuer_name: str
    session_name: str
    issued_at: datetime
    expires_at: datetime
    policies: tuple[str, ...] = ()
    policy_arns: tuple[str, ...] = ()
    tags: Tags = ()
    transitive_tag_keys: tuple[str, ...] = ()
    source_identity: str | None = None
    mfa: bool | None = None
    mfa_at: datetime | None = None
    chained: bool = False
    parent_access_key_id: str | None = None
    federated_provider: str | None = None
    secret: str = field(default="", repr=False)

    def with_secret(self, secret: str) -> "SessionFacts":
        return replace(self, secret=secret)


# What tokens have in common, most frequent last: a token of a few hundred bytes shrinks by a third.
_DICTIONARY: Final = (
    b'"arn:aws:s3:::*"]}]}","Condition":{"StringEquals":{"aws:PrincipalTag/"NotAction":"Effect":"Deny"'
    b'["arn:aws:iam::aws:policy/ReadOnlyAccess","arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]'
    b'{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Action\\":[\\"s3:GetObject\\"],'
    b'\\"Resource\\":\\"*\\"}]}\\"s3:ListBucket\\"["federated-user","IAMUser","arn:aws:iam::"session-token","Root"'
    b'["assumed-role","Role","arn:aws:iam::/","AROA[],[],[],[],null,null,null,false,"AKIA",null]'
)
# 8 KiB of window and a small table: a token is at most 4 KiB, and the usual 256 KiB cost more to clear than to use.
_WINDOW: Final = -13
_TABLE: Final = 5
_LARGEST: Final = 262_144
_FIELDS: Final = 19


def pack(facts: SessionFacts) -> bytes:
    """A flag byte, then the facts as JSON, deflated if that is shorter; the access key id and secret stay outside."""
    plain = orjson.dumps(
        (
            facts.account,
            facts.kind,
            facts.issuer_kind,
            facts.issuer_arn,
            facts.issuer_id,
            facts.issuer_name,
            facts.session_name,
            int(facts.issued_at.timestamp()),
            int(facts.expires_at.timestamp()),
            facts.policies,
            facts.policy_arns,
            facts.tags,
            facts.transitive_tag_keys,
            facts.source_identity,
            facts.mfa,
            None if facts.mfa_at is None else int(facts.mfa_at.timestamp()),
            facts.chained,
            facts.parent_access_key_id,
            facts.federated_provider,
        )
    )
    packed = deflate(plain)
    return b"\x01" + packed if len(packed) < len(plain) else b"\x00" + plain


def unpack(packed: bytes, access_key_id: str, secret: str) -> SessionFacts:
    """Raises ValueError for anything that `pack` did not write."""
    plain = _inflate(packed[1:]) if packed[:1] == b"\x01" else packed[1:]
    fields: Any = orjson.loads(plain)
    if not isinstance(fields, list) or len(fields) != _FIELDS:
        raise ValueError("not a session's facts")
    return SessionFacts(
        access_key_id,
        fields[0],
        fields[1],
        fields[2],
        fields[3],
        fields[4],
        fields[5],
        fields[6],
        _time(fields[7]),
        _time(fields[8]),
        tuple(fields[9]),
        tuple(fields[10]),
        tuple([(name, value) for name, value in fields[11]]),
        tuple(fields[12]),
        fields[13],
        fields[14],
        None if fields[15] is None else _time(fields[15]),
        fields[16],
        fields[17],
        fields[18],
        secret,
    )


def deflate(plain: bytes) -> bytes:
    squeezer = zlib.compressobj(9, wbits=_WINDOW, memLevel=_TABLE, zdict=_DICTIONARY)
    return squeezer.compress(plain) + squeezer.flush()


def _inflate(packed: bytes) -> bytes:
    stretcher = zlib.decompressobj(wbits=_WINDOW, zdict=_DICTIONARY)
    try:
        plain = stretcher.decompress(packed, _LARGEST)
    except zlib.error as error:
        raise ValueError("not deflated") from error
    if not stretcher.eof or stretcher.unused_data:
        raise ValueError("too large, cut or followed by something")
    return plain


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
