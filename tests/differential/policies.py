"""A plain seeded generator of cases that reaches every branch of the policy language."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from iamd.model.document import Document, PolicyKind
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.policy import AccessRequest, CompiledPolicy, Layers, compile_document, parse_document
from iamd.policy.conditions import OPERATORS

HOME, AWAY = "111122223333", "444455556666"
ALICE, BOB = f"arn:aws:iam::{HOME}:user/alice", f"arn:aws:iam::{HOME}:user/team/bob"
ROLE, SESSION = f"arn:aws:iam::{HOME}:role/path/app", f"arn:aws:sts::{HOME}:assumed-role/app/s1"
LINKED = f"arn:aws:iam::{HOME}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
FEDERATED, ROOT = f"arn:aws:sts::{HOME}:federated-user/fred", f"arn:aws:iam::{HOME}:root"
PROVIDER = f"arn:aws:iam::{HOME}:saml-provider/idp"
USER_ID, ROLE_ID = "AIDAALICEALICEALICE1", "AROAAPPAPPAPPAPPAPP1"
PRINCIPALS = (
    Principal(PrincipalKind.USER, ALICE, HOME),
    Principal(PrincipalKind.USER, ALICE, HOME, unique_id=USER_ID),
    Principal(PrincipalKind.USER, BOB, HOME),
    Principal(PrincipalKind.ASSUMED_ROLE, SESSION, HOME),
    Principal(PrincipalKind.ASSUMED_ROLE, SESSION, HOME, f"{ROLE_ID}:s1", ROLE, ROLE_ID, "s1"),
    Principal(PrincipalKind.ASSUMED_ROLE, ROLE, HOME, issuer_arn=ROLE),
    Principal(PrincipalKind.ASSUMED_ROLE, LINKED, HOME, issuer_arn=LINKED),
    Principal(PrincipalKind.FEDERATED_USER, FEDERATED, HOME),
    Principal(PrincipalKind.FEDERATED_USER, FEDERATED, HOME, f"{HOME}:fred", ALICE, USER_ID),
    Principal(PrincipalKind.FEDERATED_USER, FEDERATED, HOME, issuer_arn=ALICE),
    Principal(PrincipalKind.ROOT, ROOT, HOME),
    Principal(PrincipalKind.SERVICE, "ec2.amazonaws.com", None),
    Principal(PrincipalKind.PROVIDER, PROVIDER, None),
    ANONYMOUS,
)
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:GetBucketPolicy", "kms:Decrypt", "kms:RetireGrant", "iam:GetUser")
STS = ("sts:AssumeRole", "sts:GetCallerIdentity", "sts:GetSessionToken", "sts:GetFederationToken")
ACTION_PATTERNS = (
    *ACTIONS,
    *STS,
    "",
    "*",
    "s3:*",
    "S3:get*",
    "s3:?etObject",
    "*:Get*",
    "sts:*",
    "kms:*",
    "s?:*t",
    "iam:*",
)
RESOURCES = (
    "arn:aws:s3:::b/alice/k",
    "arn:aws:s3:::b/*",
    f"arn:aws:kms:us-east-1:{HOME}:key/1",
    f"arn:aws:iam::{HOME}:role/path/app",
    f"arn:aws:iam::{AWAY}:role/other",
    f"arn:aws:sqs:us-east-1:{AWAY}:q:a",
    "arn:aws:sqs:us-east-1:abcdefghijkl:q",
    f"arn:aws:iam::{HOME}:role/aws-service-role/x/y",
    "*",
)
RESOURCE_PATTERNS = (
    *("*", "arn:aws:s3:::*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3", "arn:aws:s3:*"),
    *("arn:aws:s3:::b/${aws:missing}/*", "arn:aws:s3:::b/${aws:missing, 'alice'}/?", "arn:aws:s3:::b/${*}", "arn:*"),
    *("arn:aws:*:::b/alice/k", "arn:aws:sqs:us-*-1:*:q*", "arn:aws:sqs:u?-east-1:*:q:a", "arn:aws:sqs:us-*", "*/k"),
    *("arn:aws:k*:us-east-1:*:key/1", f"arn:aws:kms:*:{HOME}:key/*", "arn:aws:iam::*:role/*", "arn:aws:iam:*", "**"),
    *(
        f"arn:aws:sqs:*:{AWAY}:q:a",
        "arn:aws:sqs:*:q:a",
        "arn:aws:sqs:*a:q",
        "arn:aws:s3:::b/${aws:tagkeys}/k",
        "arn:?*",
        "arn:aws:s3:::b/${ aws:username}/*",
        "arn:aws:s3:::b/${aws:username ,'x'}/*",
        "arn:aws:s3:::b/${aws:missing,'alice' }/k",
        "arn:aws:s3:::b/${aws:missing,alice}/k",
        "arn:aws:s3:::b/${}/k",
        "arn:aws:s3:::b/${a{b}",
        "arn:aws:s3:::b/${a'b}",
        "arn:aws:s3:::b/${aws:missing,'a'b'}",
        "arn:aws:s3:::b/${aws:missing,'}",
        "arn:aws:s3:::b/${aws:username",
        "arn",
    ),
)
PRINCIPAL_PATTERNS: tuple[Any, ...] = (
    *("*", {"AWS": "*"}, {"AWS": HOME}, {"AWS": ROOT}, {"AWS": AWAY}, {"AWS": ALICE}, {"AWS": [BOB, ROLE]}),
    *({"AWS": SESSION}, {"AWS": FEDERATED}, {"AWS": USER_ID}, {"AWS": [ROLE_ID]}, {"Service": "ec2.amazonaws.com"}),
    *({"Federated": PROVIDER}, {"CanonicalUser": "abc"}, {"AWS": [HOME, ALICE]}, {"AWS": [ROOT, ROLE, SESSION]}, {}),
    *({"AWS": [HOME, FEDERATED]}, {"Service": PROVIDER}, {"AWS": [HOME, ROLE_ID, SESSION]}, {"AWS": [HOME, USER_ID]}),
    *({"AWS": f"arn:aws:iam::{HOME}:role/app"}, {"AWS": [LINKED, HOME]}, {"AWS": f"arn:aws:iam::{HOME}:user/*"}),
)
VALUES = {
    "String": (
        "alice",
        "Alice",
        "a*",
        "${aws:username}",
        "${aws:missing}",
        "${aws:missing,'alice'}",
        "",
        "${*}",
        "?lice",
    ),
    "Numeric": ("5", "5.0", "-1", "1e1", "abc", "10", "${aws:number}"),
    "Date": ("2026-01-01T00:00:00Z", "2026-01-01", "1767225600", "2026-01-01T01:00:00+01:00", "soon", "2026-02", "0"),
    "Bool": ("true", "False", "maybe", "${aws:flag}"),
    "Binary": ("YWxpY2U=", "!!", "Ym9i"),
    "Ip": ("10.0.0.0/8", "10.1.2.3", "10.1.2.3/8", "2001:db8::/32", "2001:db8::1", "nowhere", "0.0.0.0/0"),
    "Arn": (
        SESSION,
        "arn:aws:sts::*:assumed-role/*",
        "arn:aws:s*:*",
        "*",
        "${aws:arn}",
        "arn:aws:sts::${aws:acct}:*",
        "x",
    ),
    "Null": ("true", "false", "True"),
}
CONTEXT: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "aws:username": ("alice", "Alice", "*", "", ("alice",), ("alice", "bob"), ()),
    "aws:number": ("5", "10.0", "abc", "-1", ("5", "7"), ()),
    "aws:when": ("2026-01-01T00:00:00Z", "1767225601", "soon", "2025-12-31", ("2026-01-01", "0")),
    "aws:flag": ("true", "FALSE", "maybe", ("true", "false")),
    "aws:bytes": ("YWxpY2U=", "Ym9i", "??", ("Ym9i", "YWxpY2U=")),
    "aws:ip": ("10.1.2.3", "2001:db8::1", "11.0.0.1", "10.0.0.0/8", "x", ("10.1.2.3", "11.0.0.1")),
    "aws:arn": (SESSION, "arn:aws:s3:::b", "x", "*", (SESSION, "arn:aws:s3:::b")),
    "aws:acct": (HOME, "*", AWAY),
    "aws:tagkeys": ("a", ("alice", "a*"), ("alice",), (), ("",)),
}
KEYS = tuple(CONTEXT)
RESOURCE_KINDS = (PolicyKind.RESOURCE, PolicyKind.RESOURCE, PolicyKind.RESOURCE, PolicyKind.TRUST)
QUESTIONS = 5
Item = TypeVar("Item")


@dataclass(frozen=True)
class SpecLayers:
    """The engine's layers before compiling."""

    identity: Sequence[Document] = ()
    boundaries: Sequence[Document] = ()
    session: Sequence[Document] | None = None
    resource: Sequence[Document] | None = None
    resource_required: bool = False
    scps: Sequence[Sequence[Document]] = ()
    rcps: Sequence[Sequence[Document]] = ()


@dataclass(frozen=True)
class GeneratedCase:
    request: AccessRequest
    documents: SpecLayers
    layers: Layers


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  repeatable, not secret

    def cases(self) -> Iterator[GeneratedCase]:
        """Without end; each set of policies is asked several questions."""
        while True:
            documents = self.documents()
            layers = compiled(documents)
            for _ in range(QUESTIONS):
                yield GeneratedCase(self.request(), documents, layers)

    def documents(self) -> SpecLayers:
        roll = self.random
        return SpecLayers(
            identity=self._some(PolicyKind.IDENTITY, 3),
            boundaries=self._some(PolicyKind.BOUNDARY, 2) if roll.random() < 0.3 else (),
            session=self._some(PolicyKind.SESSION, 2) if roll.random() < 0.3 else None,
            resource=self._some(self._pick(RESOURCE_KINDS), 2) if roll.random() < 0.6 else None,
            resource_required=roll.random() < 0.2,
            scps=[self._some(PolicyKind.SCP, 2) for _ in range(roll.randint(1, 3))] if roll.random() < 0.2 else (),
            rcps=[self._some(PolicyKind.RCP, 2) for _ in range(roll.randint(1, 2))] if roll.random() < 0.2 else (),
        )

    def request(self) -> AccessRequest:
        context = {key: self._pick(values) for key, values in CONTEXT.items() if self.random.random() < 0.7}
        return AccessRequest(
            principal=self._pick(PRINCIPALS),
            action=self._pick((*ACTIONS, *ACTIONS, *STS, "S3:GETOBJECT", "s3:*")),
            resource=self._pick(RESOURCES),
            resource_account=self._pick((None, None, None, HOME, AWAY)),
            context=context,
        )

    def _pick(self, choices: tuple[Item, ...]) -> Item:
        return choices[int(self.random.random() * len(choices))]

    def _some(self, kind: PolicyKind, most: int) -> list[Document]:
        return [self.document(kind) for _ in range(self.random.randint(0, most))]

    def document(self, kind: PolicyKind) -> Document:
        count = self._pick((1, 1, 2, 2, 9))
        statements = [self._statement(kind) for _ in range(count)]
        version = (
            {"Version": self._pick(("2012-10-17", "2012-10-17", "2008-10-17"))} if self.random.random() < 0.8 else {}
        )
        return parse_document({**version, "Statement": statements}, kind=kind, structure_only=True)

    def _statement(self, kind: PolicyKind) -> dict[str, Any]:
        roll = self.random.random
        effect = "Deny" if roll() < 0.25 else "Allow"
        statement: dict[str, Any] = {"Effect": effect}
        statement["NotAction" if roll() < 0.1 else "Action"] = self._list(ACTION_PATTERNS, ("*", "s3:*"))
        if kind is not PolicyKind.TRUST:
            statement["NotResource" if roll() < 0.1 else "Resource"] = self._list(RESOURCE_PATTERNS, ("*",))
        if kind in {PolicyKind.RESOURCE, PolicyKind.TRUST} or (kind is PolicyKind.RCP and roll() < 0.8):
            spares = kind is not PolicyKind.TRUST and effect == "Deny" and roll() < 0.4
            element = "NotPrincipal" if spares else "Principal"
            statement[element] = self._pick(PRINCIPAL_PATTERNS)
        if roll() < 0.5:
            statement["Condition"] = self._conditions()
        return statement

    def _list(self, choices: tuple[str, ...], usual: tuple[str, ...]) -> str | list[str]:
        if self.random.random() < 0.4:
            return self._pick(usual)
        return [self._pick(choices) for _ in range(self.random.randint(1, 3))]

    def _conditions(self) -> dict[str, dict[str, Any]]:
        block: dict[str, dict[str, Any]] = {}
        for _ in range(self.random.randint(0, 2)):
            operator = self._pick(tuple(OPERATORS))
            family = next(name for name in VALUES if name in operator)
            values = [self._pick(VALUES[family]) for _ in range(self.random.randint(0, 2))]
            prefix = self._pick(("", "", "", "ForAllValues:", "ForAnyValue:"))
            suffix = "IfExists" if operator != "Null" and self.random.random() < 0.2 else ""
            block.setdefault(f"{prefix}{operator}{suffix}", {})[self._key(family)] = values
        return block

    def _key(self, family: str) -> str:
        usual = {"Numeric": "aws:Number", "Date": "aws:When", "Bool": "aws:Flag", "Binary": "aws:Bytes", "Ip": "aws:Ip"}
        usual |= {"Arn": "aws:Arn", "String": "aws:UserName"}
        return usual[family] if family in usual and self.random.random() < 0.8 else self._pick((*KEYS, "aws:missing"))


def compiled(documents: SpecLayers) -> Layers:
    def every(policies: Sequence[Document]) -> list[CompiledPolicy]:
        return [compile_document(policy) for policy in policies]

    return Layers(
        identity=every(documents.identity),
        boundaries=every(documents.boundaries),
        session=None if documents.session is None else every(documents.session),
        resource=None if documents.resource is None else every(documents.resource),
        resource_required=documents.resource_required,
        scps=[every(level) for level in documents.scps],
        rcps=[every(level) for level in documents.rcps],
    )
