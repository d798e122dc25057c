"""What S3 accepts as a bucket policy, in its own words.

S3 User Guide, "Policies and permissions in Amazon S3"; messages as S3 answers them, ~ where only inferred.
"""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from iamd.model.document import Document, PolicyKind, Statement
from iamd.model.errors import AwsError
from iamd.policy import PolicyError, parse_document, policy_size
from iamd.policy.glob import compile_tokens, tokens_of
from iamd.reference.services import Action, Service, ServiceReference
from iamd.services.s3.errors import malformed_policy
from iamd.services.s3.names import QUOTAS

_PREFIX: Final = "arn:aws:s3:::"
_LONGEST_ESCAPE: Final = 6
"""Characters of `\\u0041`, which is one byte: a text longer than this many times the limit need not be read."""
_CANONICAL: Final = "CanonicalUser"
_NO_JSON: Final = "Policies must be valid JSON and the first byte must be '{'"
_INVALID_RESOURCE: Final = "Policy has invalid resource"
_INVALID_ACTION: Final = "Policy has invalid action"
_INVALID_PRINCIPAL: Final = "Invalid principal in policy"
_INVALID_KEY: Final = "Policy has an invalid condition key"
_NOT_APPLICABLE: Final = "Action does not apply to any resource(s) in statement"
_KEYS_NOT_APPLICABLE: Final = "Conditions do not apply to combination of actions and resources in statement"
_BY_ELEMENT: Final = (("Principal", _INVALID_PRINCIPAL), ("Action", _INVALID_ACTION), ("Resource", _INVALID_RESOURCE))
_SAID_BY_S3: Final = ("Missing required field ", "Unknown field ", "Invalid effect: ", "Invalid Condition type : ")


def read_bucket_policy(text: str, bucket: str) -> Document:
    """The policy as S3 would take it for this bucket. Raises MalformedPolicy.

    Whether its principals exist is `authz.principal_ids`' to say.
    """
    if not text.startswith("{"):
        raise malformed_policy(_NO_JSON)
    limit = QUOTAS.bucket_policy_size
    if policy_size(text) > limit * _LONGEST_ESCAPE:
        raise _too_large(limit)
    try:
        document = parse_document(text, kind=PolicyKind.RESOURCE)
    except PolicyError as error:
        raise malformed_policy(_in_words_of_s3(error)) from None
    if _normalized_size(text) > limit:
        raise _too_large(limit)
    service = _reference()
    for statement in document.statements:
        _check_resources(statement, bucket)
        _check_actions(statement, service)
    return document


def _too_large(limit: int) -> AwsError:
    return malformed_policy(f"Normalized policy document exceeds the maximum allowed size of {limit} bytes")


def _normalized_size(text: str) -> int:
    """Bytes without the white space between tokens."""
    return len(json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def accounts_for_canonical_users(text: str, account_of: Callable[[str], str | None]) -> str:
    """A canonical user is an account: kept as one, so that the engine knows it. Raises MalformedPolicy."""
    if _CANONICAL not in text:
        return text
    policy = json.loads(text, parse_float=str)
    statements = policy["Statement"]
    for statement in [statements] if isinstance(statements, dict) else statements:
        for element in ("Principal", "NotPrincipal"):
            principals = statement.get(element)
            if isinstance(principals, dict) and _CANONICAL in principals:
                accounts = [account_of(one) for one in _listed(principals.pop(_CANONICAL))]
                if None in accounts:
                    raise invalid_principal()
                principals["AWS"] = [*_listed(principals.get("AWS", [])), *accounts]
    return json.dumps(policy, separators=(",", ":"))


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values


def invalid_principal() -> AwsError:
    return malformed_policy(_INVALID_PRINCIPAL)


def _in_words_of_s3(error: PolicyError) -> str:
    """S3 says what the older grammar says, and of a wrong action, resource or principal only that it is wrong."""
    if error.message.startswith(_SAID_BY_S3) or error.path in ("", "Version", "Statement"):
        return error.message
    return next((message for element, message in _BY_ELEMENT if element in error.path), _sid_or_syntax(error))


def _sid_or_syntax(error: PolicyError) -> str:
    return error.message if error.path.endswith(".Sid") and "unique" in error.message else "Invalid policy syntax."


@lru_cache(maxsize=1)
def _reference() -> Service:
    service = ServiceReference().service("s3")
    if service is None:
        raise LookupError("the reference has no service s3")
    return service


def _check_resources(statement: Statement, bucket: str) -> None:
    """Every resource is this bucket or lies in it."""
    for resource in statement.resources or ():
        name = resource.removeprefix(_PREFIX).partition("/")[0] if resource.startswith(_PREFIX) else ""
        if name != bucket:
            raise malformed_policy(_INVALID_RESOURCE)


def _check_actions(statement: Statement, service: Service) -> None:
    types = _resource_types(statement)
    expanded: list[Action] = []
    for pattern in statement.actions:
        actions = _expand(pattern, service)
        if not actions:
            raise malformed_policy(_INVALID_ACTION)
        if not statement.not_action and not any(_applies(action, types) for action in actions):
            raise malformed_policy(_NOT_APPLICABLE)
        expanded += actions
    _check_keys(statement, service, expanded)


def _resource_types(statement: Statement) -> frozenset[str]:
    if statement.not_resource:
        return frozenset({"bucket", "object"})
    return frozenset("object" if "/" in resource else "bucket" for resource in statement.resources or ())


def _expand(pattern: str, service: Service) -> list[Action]:
    """The actions of S3 that a pattern names."""
    if pattern == "*":
        return list(service.actions.values())
    vendor, _, name = pattern.lower().partition(":")
    if vendor != "s3":
        return []
    if "*" not in name and "?" not in name:
        found = service.actions.get(name)
        return [] if found is None else [found]
    # The engine's own matcher: a regular expression made of `?*?*?*…` would never end.
    matches = compile_tokens(tokens_of(name))
    return [action for lower, action in service.actions.items() if matches(lower)]


def _applies(action: Action, types: frozenset[str]) -> bool:
    return any(resource.name in types for resource in action.resources)


def _check_keys(statement: Statement, service: Service, actions: Iterable[Action]) -> None:
    known = {key.lower() for action in actions for key in action.condition_keys}
    for condition in statement.conditions:
        name = condition.key.lower()
        if not name.startswith("s3:"):
            continue
        key = service.condition_key(name)
        if key is None:
            raise malformed_policy(_INVALID_KEY)
        if not statement.not_action and key.name.lower() not in known:
            raise malformed_policy(_KEYS_NOT_APPLICABLE)
