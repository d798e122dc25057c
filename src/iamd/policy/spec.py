"""The same meaning written naively; nothing is shared with the engine but the parsed document. Only tests import it.

`decide` answers (outcome, first blocking layer) as texts; its layers hold Documents where the engine's are compiled.
"""

import base64
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from iamd.model.document import Condition, Document, Effect, PolicyKind, Statement
from iamd.model.principal import Principal, PrincipalKind

Context = Mapping[str, str | tuple[str, ...]]
OUTSIDE = (PrincipalKind.SERVICE, PrincipalKind.PROVIDER, PrincipalKind.ANONYMOUS)
COMPLETED = (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SCP)
FREE = ("sts:getcalleridentity", "sts:getsessiontoken")
BUCKET_POLICY = ("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy")


def glob(pattern: Sequence[str], text: str) -> bool:
    """Wildcards are the items "**" and "??" of the pattern."""
    reach = {0}
    for item in pattern:
        if item == "**":
            reach = {end for at in reach for end in range(at, len(text) + 1)}
        else:
            reach = {at + 1 for at in reach if at < len(text) and item in ("??", text[at])}
    return len(text) in reach


def items(text: str, context: Context | None = None, *, wild: bool = True) -> list[str] | None:
    """Characters and wildcards of a pattern; with a context variables are replaced: None if one does not resolve."""
    found: list[str] = []
    while text:
        if context is not None and text.startswith("${") and "}" in text:
            inner, _, text = text[2:].partition("}")
            key, comma, rest = inner.partition(",")
            quote = rest.strip()
            default = quote[1:-1] if quote[:1] == quote[-1:] == "'" != quote else None
            value = context.get((key.rstrip() if comma else key).lower())
            value = value if isinstance(value, str) else default
            if inner in ("*", "?", "$"):
                value = inner
            elif key == "" or {"{", "'"} & set(key) or (comma and (default is None or "'" in default)):
                value = None
            if value is None:
                return None
            found += value
        else:
            found, text = [*found, {"*": "**", "?": "??"}.get(text[0], text[0]) if wild else text[0]], text[1:]
    return found


def resource_matches(pattern: str, doc: Document, st: Statement, resource: str, context: Context) -> bool | None:
    fields = pattern.split(":", 5)
    if fields[0] == "arn" and len(fields) > 1:
        short = len(fields) < 6 and not pattern.endswith("*")
        refused = len(fields) < 3 or {"*", "?"} & set(fields[2]) or (short and doc.kind not in COMPLETED)
        if refused and (st.effect is Effect.ALLOW) is not st.not_resource:
            return False
        fields += ["*"] * (6 - len(fields)) if short else []
    last = items(fields[5], context if doc.has_variables else None) if len(fields) == 6 else []
    return None if last is None else walk(fields, last, resource)


def walk(fields: Sequence[str], last: list[str], rest: str, number: int = 0) -> bool:
    """Field by field; one that ends in `*` may swallow further colons. Text without fields is one pattern."""
    pattern = last if number == 5 else items(":".join(fields[number : number + 1])) or []
    if number == 5 or len(fields) == 1 or number == len(fields):
        return number < len(fields) and glob(pattern, rest)
    ends = [at for at, char in enumerate(rest) if char == ":"] + [len(rest)]
    return any(
        (walk(fields, last, rest[end + 1 :], number + 1) if end < len(rest) else number + 1 == len(fields))
        for end in ends
        if glob(pattern, rest[:end].partition(":")[0]) and (end == ends[0] or fields[number].endswith("*"))
    )


def typed(operator: str, text: str) -> Any:
    """A value as the operator reads it; None if it is not of its type."""
    try:
        if operator.startswith("Numeric") or (operator.startswith("Date") and text.lstrip("-").isdigit()):
            return Decimal(text)
        if operator.startswith("Date"):
            moment = datetime.fromisoformat(text + "-01" if len(text) == 7 else text)
            return Decimal(str((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))
        if operator == "BinaryEquals":
            return base64.b64decode(text, validate=True)
        if "Ip" in operator:
            return ipaddress.ip_network(text, strict=False)
    except (ValueError, InvalidOperation):
        return None
    wrong = operator.startswith("Arn") and (not text.startswith("arn:") or text.count(":") < 5)
    return None if wrong or (operator == "Bool" and text.lower() not in ("true", "false")) else text


def match(operator: str, had: Any, written: str, context: Context | None) -> bool | None:
    """Whether one value matches one of the policy's; None where the latter is of the wrong type."""
    if operator.startswith(("String", "Arn", "Bool")):
        pattern = items(written, context, wild="Like" in operator or operator.startswith("Arn"))
        if pattern is not None and operator.startswith("Arn"):
            cuts = [at for at, item in enumerate(pattern) if item == ":"][:5]
            fields = zip([-1, *cuts], [*cuts, len(pattern)], had.split(":", 5), strict=False)
            return all(glob(pattern[a + 1 : b], field) for a, b, field in fields) if len(cuts) == 5 else None
        fold = str.lower if "IgnoreCase" in operator or operator == "Bool" else str
        return pattern is not None and glob([fold(item) for item in pattern], fold(had))
    want: Any = typed(operator, written)
    if want is None or "Ip" in operator:
        return bool(had.version == want.version and had.subnet_of(want)) if want is not None else None
    less, more = "Less" in operator and had < want, "Greater" in operator and had > want
    return bool(less or more or (("Than" not in operator or operator.endswith("ThanEquals")) and had == want))


def condition_holds(cond: Condition, doc: Document, context: Context) -> bool:
    value, many = context.get(cond.key.lower()), cond.quantifier.value
    missing = value is None or (many != "" and len(value) == 0)
    if cond.operator == "Null":
        return str(missing or value == ()).lower() in [text.lower() for text in cond.values]
    if value is None or missing:
        return many == "ForAllValues" or (many == "" and (cond.if_exists or "Not" in cond.operator))
    if not many and not isinstance(value, str):
        return False
    results, negated, variables = [], "Not" in cond.operator, context if doc.has_variables else None
    for one in (value,) if isinstance(value, str) else value:
        had = None if "Ip" in cond.operator and "/" in one else typed(cond.operator, one)
        matches = [had is not None and match(cond.operator, had, text, variables) for text in cond.values]
        results.append(had is not None and not ({True, None} & set(matches)) if negated else True in matches)
    return any(results) if many == "ForAnyValue" else all(results)


def naming(st: Statement, who: Principal, *, bounded: bool) -> set[str]:
    """How the statement names the caller: account, role, self."""
    listed = {(pattern.type, pattern.value) for pattern in st.principals or ()}
    aws, arn = {value for kind, value in listed if kind == "AWS"}, who.arn or ""
    by_id, kind, where = who.unique_id != "" or who.issuer_id is not None, who.kind, arn.split(":", 5)
    found = set[str]()
    if who.account:
        found |= {"account"} if {who.account, f"arn:{where[1]}:iam::{who.account}:root"} & aws else set()
        own = who.unique_id if by_id and kind is PrincipalKind.USER else arn
        found |= {"self"} if own in aws and kind is not PrincipalKind.ROOT and ":role/" not in arn else set()
        issuers = {who.issuer_id if by_id else who.issuer_arn}
        if kind is PrincipalKind.ASSUMED_ROLE and not by_id:
            name = where[5].split("/")[1 if where[5].startswith("assumed") else -1]
            start = f"arn:{where[1]}:iam::{where[4]}:role/"
            issuers = {value for value in aws if value.startswith(start) and value.split("/")[-1] == name}
        found |= {"role"} if issuers & aws else set()
    elif ("Service" if kind is PrincipalKind.SERVICE else "Federated", arn) in listed:
        found = {"self"}
    if "*" in aws or st.principals is None:
        found = {"account", "role", "self"}
    kinds = {PrincipalKind.ROOT: {"account"}, PrincipalKind.ASSUMED_ROLE: {"account", "role", "self"}}
    needed = {"self"} if kind in OUTSIDE else kinds.get(kind, {"account", "self"})
    return found if not st.not_principal else {"self"} if bounded or not needed <= found else set()


def decide(request: Any, layers: Any) -> tuple[str, str | None]:
    who, act, arn, context = request.principal, request.action.lower(), request.resource, request.context
    outside, root, fields = who.kind in OUTSIDE, who.kind is PrincipalKind.ROOT, arn.split(":", 5)

    def hits(documents: Iterable[Document], effect: Effect) -> set[str]:
        named: set[str] = set()
        for doc in documents:
            for st in [each for each in doc.statements if each.effect is effect]:
                found = [resource_matches(text, doc, st, arn, context) for text in st.resources or ()]
                covers = True in found or st.resources is None
                if st.not_resource:
                    covers = True not in found and (effect is Effect.DENY or None not in found)
                acts = any(glob(items(text.lower()) or [], act) for text in st.actions) is not st.not_action
                if acts and covers and all(condition_holds(cond, doc, context) for cond in st.conditions):
                    named |= naming(st, who, bounded=bool(layers.boundaries) and not outside)
        return named

    owner = fields[4] if len(fields) == 6 and len(fields[4]) == 12 and fields[4].isdigit() else who.account
    owner, linked = request.resource_account or owner, ":role/aws-service-role/"
    federated, role = who.kind is PrincipalKind.FEDERATED_USER, who.kind is PrincipalKind.ASSUMED_ROLE
    limited = (federated and act[:4] in ("iam:", "sts:")) or (
        role and act in ("sts:getfederationtoken", "sts:getsessiontoken")
    )
    refused = "SESSION" if limited and act not in FREE[:1] else "IDENTITY" if root and act == "sts:assumerole" else None
    if act in FREE and not outside and refused is None:
        return "Allowed", None
    assumes = who.kind is PrincipalKind.SERVICE and act == "sts:assumerole" and linked in arn
    scps = () if outside or linked in str(who.issuer_arn) else layers.scps
    rcps = () if assumes or linked in str(who.issuer_arn) or act == "kms:retiregrant" else layers.rcps
    policy = () if root and act in BUCKET_POLICY and owner == who.account else layers.resource or ()
    identity, boundaries = () if outside or root else layers.identity, () if outside else layers.boundaries
    session = None if outside else () if layers.session is None and federated else layers.session
    denying = (("SCP", chain(*scps)), ("RCP", chain(*rcps)), ("RESOURCE", policy), ("IDENTITY", identity))
    for layer, documents in (*denying, ("BOUNDARY", boundaries), ("SESSION", session or ())):
        if hits(documents, Effect.DENY):
            return "ExplicitlyDenied", layer
    named, cross = hits(policy, Effect.ALLOW), not outside and owner != who.account
    alone, stands_in = outside or (not cross and "self" in named), not cross and "role" in named
    checks = (
        ("SCP", all(hits(level, Effect.ALLOW) for level in scps)),
        ("IDENTITY", refused != "IDENTITY" and (alone or stands_in or root or hits(identity, Effect.ALLOW))),
        ("RESOURCE", named or not (outside or cross or layers.resource_required)),
        ("BOUNDARY", alone or all(hits([each], Effect.ALLOW) for each in boundaries)),
        ("SESSION", refused != "SESSION" and (alone or session is None or hits(session, Effect.ALLOW))),
    )
    return next((("ImplicitlyDenied", layer) for layer, present in checks if not present), ("Allowed", None))
