"""Offline decisions: a case of `iamd decide` becomes a request and its layers. Nothing is derived that is not given."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from iamd.model.document import PolicyKind
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.policy.compiled import CompiledPolicy, compile_document
from iamd.policy.errors import PolicyError
from iamd.policy.jsontext import scalar_text
from iamd.policy.parse import parse_document
from iamd.policy.request import AccessRequest, Layers
from iamd.policy.situation import requires_resource_policy

_FIELDS: Final = frozenset(
    {
        "principal",
        "principalAccount",
        "anonymous",
        "resourceAccount",
        "context",
        "identityPolicies",
        "permissionBoundaries",
        "sessionPolicy",
        "resourcePolicy",
        "scps",
        "rcps",
    }
)
"""Those that others could be misspellings of."""
_POLICY_WORDS: Final = ("polic", "boundar", "scp", "rcp", "anonym", "context", "principal", "account")
_PRINCIPAL: Final = re.compile(
    r"arn:[a-z-]+:(?:iam::(?P<iam>[0-9]{12}):(?:(?P<root>root)|(?P<user>user/.+)|(?P<role>role/.+)"
    r"|(?P<provider>(?:saml|oidc)-provider/.+))"
    r"|sts::(?P<sts>[0-9]{12}):(?:assumed-role/[^/]+/(?P<session>[^/]+)|(?P<federated>federated-user/.+)))",
    re.DOTALL,
)
_SERVICE: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_BUILT_IN_PROVIDERS: Final = frozenset(
    {"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}
)
"""Web identity providers that need no ARN (User Guide, "Principal", OIDC federated principals)."""
_WITHOUT_RESOURCE: Final = "ecr"


class CaseError(ValueError):
    """Not a valid case; the message says where and why."""


class Case(NamedTuple):
    request: AccessRequest
    layers: Layers
    gives_identity: bool
    gives_boundaries: bool


def read_case(raw: Mapping[str, Any]) -> Case:
    """Raises CaseError."""
    _check_fields(raw)
    action = _text(raw, "action")
    if not action:
        raise CaseError("action is missing")
    resource = _text(raw, "resource") or "*"
    _text(raw, "principalAccount")
    request = AccessRequest(
        principal=_caller(raw),
        action=action,
        resource=resource,
        resource_account=_text(raw, "resourceAccount") or None,
        context=_context(raw.get("context")),
    )
    session = raw.get("sessionPolicy")
    layers = Layers(
        identity=_policies(raw.get("identityPolicies"), PolicyKind.IDENTITY, "identityPolicies"),
        boundaries=_policies(raw.get("permissionBoundaries"), PolicyKind.BOUNDARY, "permissionBoundaries"),
        session=None if session is None else (read_policy(session, PolicyKind.SESSION, "sessionPolicy"),),
        resource=_resource_policy(raw.get("resourcePolicy"), action, resource),
        resource_required=requires_resource_policy(action, resource),
        scps=_levels(raw.get("scps"), PolicyKind.SCP, "scps"),
        rcps=_levels(raw.get("rcps"), PolicyKind.RCP, "rcps"),
    )
    return Case(
        request,
        layers,
        gives_identity=raw.get("identityPolicies") is not None,
        gives_boundaries=raw.get("permissionBoundaries") is not None,
    )


def principal_named(text: str) -> Principal:
    """The caller that an ARN or a service's name stands for; raises CaseError."""
    match = _PRINCIPAL.fullmatch(text)
    if match is None:
        if not _SERVICE.fullmatch(text):
            raise CaseError(
                f"principal {text} is no user, role, session, root or provider ARN and no service principal"
            )
        built_in = text in _BUILT_IN_PROVIDERS
        return Principal(PrincipalKind.PROVIDER if built_in else PrincipalKind.SERVICE, text, None)
    found = match.groupdict()
    account = found["iam"] or found["sts"]
    if found["provider"]:
        return Principal(PrincipalKind.PROVIDER, text, None)
    if found["role"]:
        return Principal(PrincipalKind.ASSUMED_ROLE, text, account, issuer_arn=text)
    if found["session"]:
        return Principal(PrincipalKind.ASSUMED_ROLE, text, account, session_name=found["session"])
    kinds = {"root": PrincipalKind.ROOT, "user": PrincipalKind.USER, "federated": PrincipalKind.FEDERATED_USER}
    kind = next(kind for name, kind in kinds.items() if found[name])
    return Principal(kind, text, account)


def read_policy(raw: Any, kind: PolicyKind, name: str, *, implied_resource: bool = False) -> CompiledPolicy:
    """`name` is what errors and explanations call it; raises CaseError."""
    if not isinstance(raw, Mapping):
        raise CaseError(f"{name}: a policy is a JSON object")
    try:
        document = parse_document(raw, kind=kind, structure_only=True, implied_resource=implied_resource)
    except PolicyError as error:
        raise CaseError(f"{name}: {error}") from None
    return compile_document(document, name=name)


def _check_fields(raw: Mapping[str, Any]) -> None:
    """A misspelt policy must not count as none; what a field cannot mean for the decision is ignored."""
    for name in raw:
        if name not in _FIELDS and any(word in name.lower() for word in _POLICY_WORDS):
            raise CaseError(f"unknown field {name}")


def _caller(raw: Mapping[str, Any]) -> Principal:
    anonymous = raw.get("anonymous")
    if anonymous is not None and not isinstance(anonymous, bool):
        raise CaseError("anonymous must be true or false")
    text = _text(raw, "principal")
    if anonymous:
        return ANONYMOUS
    if not text:
        raise CaseError("principal is missing")
    return principal_named(text)


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if value is not None and not isinstance(value, str):
        raise CaseError(f"{name} must be a string")
    return value


def _context(raw: Any) -> Mapping[str, str | tuple[str, ...]]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise CaseError("context must be an object")
    context: dict[str, str | tuple[str, ...]] = {}
    for key, value in raw.items():
        folded = key.lower()
        if folded in context:
            raise CaseError(f"context: the key {key} is repeated")
        if isinstance(value, list):
            context[folded] = tuple(_context_value(each, key) for each in value)
        else:
            context[folded] = _context_value(value, key)
    return context


def _context_value(value: Any, key: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return scalar_text(value)
    raise CaseError(f"context: {key} must be a string or a list of strings")


def _list(raw: Any, name: str) -> Sequence[Any]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise CaseError(f"{name} must be a list")
    return raw


def _policies(raw: Any, kind: PolicyKind, name: str) -> Sequence[CompiledPolicy]:
    return [read_policy(each, kind, f"{name}[{number}]") for number, each in enumerate(_list(raw, name))]


def _levels(raw: Any, kind: PolicyKind, name: str) -> Sequence[Sequence[CompiledPolicy]]:
    levels = _list(raw, name)
    if not all(isinstance(level, list) for level in levels):
        raise CaseError(f"{name} must be a list of lists")
    return [_policies(level, kind, f"{name}[{number}]") for number, level in enumerate(levels)]


def _resource_policy(raw: Any, action: str, resource: str) -> Sequence[CompiledPolicy] | None:
    if raw is None:
        return None
    fields = resource.split(":", 5)
    is_trust = requires_resource_policy(action, resource) and fields[2] == "iam"
    kind = PolicyKind.TRUST if is_trust else PolicyKind.RESOURCE
    implied = len(fields) == 6 and fields[2] == _WITHOUT_RESOURCE
    return (read_policy(raw, kind, "resourcePolicy", implied_resource=implied),)
