"""Asks the services' own tables about requests with everything in them, and notes the condition keys that come out.

A key counts as filled only if it was seen: nothing is declared.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from iamd.authz.caller import NOBODY, Caller, Identity
from iamd.authz.check import Ask
from iamd.authz.context_keys import check_keys, request_keys
from iamd.credentials.session_facts import IssuerKind, SessionFacts, SessionKind
from iamd.kernel.authenticate import session_principal
from iamd.kernel.callers import principal_of
from iamd.kernel.service import Operation, Service
from iamd.model.http import HttpRequest
from iamd.model.tags import Tags
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.buckets import Bucket, S3Object
from iamd.stores.ports.credentials import AccessKey
from iamd.stores.ports.identities import Group, InstanceProfile, Role, User
from iamd.stores.ports.mfa import MfaDevice
from iamd.stores.ports.policies import Policy
from iamd.stores.ports.state import KINDS, State
from iamd.wire.models import Shape, load_model

ACCOUNT: Final = "111122223333"
NAME: Final = "thing"
TAGS: Final[Tags] = (("team", "red"),)
BOUNDARY: Final = f"arn:aws:iam::{ACCOUNT}:policy/{NAME}"
KEY: Final = "AKIAIOSFODNN7EXAMPLE"
NOW: Final = 1_767_323_105_000
THEN: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NAMES: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("UserName", "GroupName", "RoleName", "InstanceProfileName", "PolicyName", "Bucket", "Key"), NAME),
    "AccessKeyId": KEY,
    "ACL": "public-read",
    "CopySource": f"{NAME}/{NAME}",
    "ExpectedBucketOwner": ACCOUNT,
    "ExpectedSourceBucketOwner": ACCOUNT,
    "PermissionsBoundary": BOUNDARY,
    "PolicyArn": BOUNDARY,
    "SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/{NAME}",
    "VirtualMFADeviceName": NAME,
    "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{NAME}",
    "PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/{NAME}",
    "Tagging": "team=red",
    "TaggingDirective": "REPLACE",
    "SourceIdentity": "alice",
    "TransitiveTagKeys": ["team"],
}
"""Members with these names, at the top of a request, name things of the scene or ask for what has keys of its own."""
ALWAYS_SENT: Final = (
    *(b"user-agent", b"referer", b"x-amz-content-sha256"),
    # Documented for actions whose operations do not have them in the model: any client may send any header.
    *(b"x-amz-grant-write", b"x-amz-storage-class"),
)
UNWANTED: Final = frozenset({("sts", "SerialNumber"), ("sts", "TokenCode"), ("s3", "ContentMD5")})
"""A wrong MFA code ends an AssumeRole before any check is made."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The keys of one check, in lower case, that one probe brought."""

    operation: str
    action: str
    keys: frozenset[str]


def probe(service: Service) -> Iterator[Seen]:
    """Every built operation with every member set, with and without a version, by each kind of caller."""
    state = _scene()
    for name in sorted(service.operations):
        operation = service.operations[name]
        if operation.checks is None:
            continue
        params = _params(service.name, name)
        for caller in callers():
            for asked in _variants(params):
                yield from _seen(state, service.name, operation, asked, caller)


def callers() -> Iterable[Caller]:
    user = Identity(ACCOUNT, "AIDA1", NAME, f"arn:aws:iam::{ACCOUNT}:user/{NAME}", is_root=False, tags=TAGS)
    role = Identity(ACCOUNT, "AROA1", NAME, f"arn:aws:iam::{ACCOUNT}:role/{NAME}", is_root=False, tags=TAGS)
    return (
        Caller(principal_of(user), "AKIA1", user, tags=TAGS),
        _session("session-token", user, mfa=True),
        _session("assumed-role", role, mfa=False),
        NOBODY,
    )


def _session(kind: SessionKind, identity: Identity, *, mfa: bool) -> Caller:
    issuer: IssuerKind = "Role" if kind == "assumed-role" else "IAMUser"
    facts = SessionFacts(
        access_key_id="ASIA1",
        account=ACCOUNT,
        kind=kind,
        issuer_kind=issuer,
        issuer_arn=identity.arn,
        issuer_id=identity.id,
        issuer_name=identity.name,
        session_name="run",
        issued_at=THEN,
        expires_at=THEN,
        source_identity="alice",
        mfa=mfa,
    )
    principal = session_principal(facts, identity)
    return Caller(principal, "ASIA1", identity, facts, tags=TAGS, mfa=mfa, mfa_at=NOW if mfa else None, issued_at=NOW)


def _seen(
    state: State, service: str, operation: Operation, params: Mapping[str, Any], caller: Caller
) -> Iterator[Seen]:
    is_known = caller is not NOBODY
    ask = Ask(
        operation=operation.spec.name,
        params=params,
        caller=caller,
        account=caller.account,
        region="us-east-1",
        state=state,
        http=HttpRequest("POST", b"/", headers=_headers(service, operation.spec.name, params), scheme="https"),
        now=NOW,
        auth="REST-HEADER" if is_known else "",
        signature_version="AWS4-HMAC-SHA256" if is_known else "",
        signed_at=NOW,
    )
    base = request_keys(ask)
    assert operation.checks is not None
    for check in operation.checks(ask):
        yield Seen(operation.spec.name, check.action, frozenset(check_keys(base, check, ask.account)))


def _variants(params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Whole, without a version (which asks for another action), and with AWS's other form of the tags."""
    yield params
    without = {name: value for name, value in params.items() if name != "VersionId"}
    yield without
    if params.get("TaggingDirective"):
        yield {**without, "TaggingDirective": "COPY"}


def _params(service: str, operation: str) -> dict[str, Any]:
    shape = load_model(service).input_of(operation)
    members = {} if shape is None else shape.members
    return {name: _member(name, member) for name, member in members.items() if (service, name) not in UNWANTED}


def _member(name: str, shape: Shape) -> Any:
    known = NAMES.get(name)
    if known is not None and not (name == "Tagging" and shape.type == "structure"):
        return known
    return _value(shape)


def _value(shape: Shape, depth: int = 0) -> Any:
    match shape.type:
        case "structure":
            members = shape.members.items() if depth < 4 else ()
            return {name: _named(name, member, depth + 1) for name, member in members}
        case "list":
            return [_value(shape.element, depth + 1)]
        case "map":
            return {}
        case "boolean":
            return True
        case "timestamp":
            return THEN
        case "blob":
            return b""
        case "string":
            return shape.enum[-1] if shape.enum else NAME
    return 1


def _named(name: str, shape: Shape, depth: int) -> Any:
    tag = {"Key": TAGS[0][0], "Value": TAGS[0][1]}
    return tag[name] if name in tag and shape.name != "ObjectKey" else NAME if name == "Key" else _value(shape, depth)


def _headers(service: str, operation: str, params: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """What a client says of itself, and the members that stand in headers."""
    shape = load_model(service).input_of(operation)
    found = [(name, b"x") for name in ALWAYS_SENT]
    for name, member in ({} if shape is None else shape.members).items():
        if member.location == "header" and name in params:
            found.append(((member.location_name or name).lower().encode(), str(params[name]).encode()))
    return found


def _scene() -> State:
    """One of everything, tagged and with a boundary where it can have one."""
    store = MemoryStore()
    common = (ACCOUNT, NAME, NAME, "/")
    records: tuple[Any, ...] = (
        Account(ACCOUNT, "x", 1, "root", "", "canonical"),
        User(*common, "AIDA1", 1, boundary_arn=BOUNDARY, tags=TAGS),
        AccessKey(KEY, ACCOUNT, "AIDA1", active=True, created_at=1, sealed_secret=b""),
        Group(*common, "AGPA1", 1),
        Role(*common, "AROA1", 1, boundary_arn=BOUNDARY, tags=TAGS),
        InstanceProfile(*common, "AIPA1", 1, tags=TAGS),
        Policy(*common, "ANPA1", 1, 1, 1, 1, tags=TAGS),
        MfaDevice(ACCOUNT, str(NAMES["SerialNumber"]), 1, b"", "AIDA1", 1, tags=TAGS),
        Bucket(NAME, ACCOUNT, "us-east-1", "b", 1, tags=TAGS),
        S3Object("b", NAME.encode(), "e", 0, 1, "{}", "{}", tags=TAGS),
    )

    def fill(transaction: Any) -> None:
        for record in records:
            kind = next(kind.name for kind in KINDS if kind.record is type(record))
            getattr(transaction.state, kind).put(record)

    store.write_now(fill)
    return store.state
