"""The policies of a real account's principals, from what `aws iam get-account-authorization-details` prints."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from iamd.model.document import PolicyKind
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.access import Held
from iamd.policy.cases import CaseError
from iamd.policy.compiled import CompiledPolicy, compile_document
from iamd.policy.errors import PolicyError
from iamd.policy.jsontext import JsonTextError, load_json
from iamd.policy.parse import parse_document
from iamd.policy.principals import RoleName, role_of

Entry = Mapping[str, Any]


class Entitlement(NamedTuple):
    """`arn` is the user's or role's own, with its path; `held` are the identity policies, with who brings them."""

    arn: str
    held: Sequence[Held]
    boundaries: Sequence[CompiledPolicy]

    @property
    def identity(self) -> Sequence[CompiledPolicy]:
        return [each.policy for each in self.held]


class AuthorizationDetails:
    """Looked up by principal; each user's and role's policies are read at the first question."""

    def __init__(self, text: str | bytes) -> None:
        """Raises CaseError for what is not that command's output."""
        try:
            parsed = load_json(text)
        except JsonTextError as error:
            raise CaseError(f"not valid JSON: {error}") from None
        if not isinstance(parsed, dict):
            raise CaseError("a JSON object is expected")
        self._groups = {group["GroupName"]: group for group in _entries(parsed, "GroupDetailList", "GroupName")}
        self._managed = {policy["Arn"]: policy for policy in _entries(parsed, "Policies", "Arn")}
        self._users = {user["Arn"]: user for user in _entries(parsed, "UserDetailList", "Arn")}
        self._roles = _roles_by_name(_entries(parsed, "RoleDetailList", "Arn"))
        self._known: dict[str, Entitlement] = {}

    def of(self, principal: Principal) -> Entitlement:
        """Raises CaseError for a principal that the file does not hold, or whose policies it does not hold."""
        entry = self._entry(principal)
        arn = entry["Arn"]
        if arn not in self._known:
            boundary = entry.get("PermissionsBoundary")
            boundaries = [] if boundary is None else [self._boundary(boundary)]
            self._known[arn] = Entitlement(arn, list(self._identity(entry)), boundaries)
        return self._known[arn]

    def principals(self) -> Iterator[Principal]:
        """Every user and every role, the latter as a session without a name."""
        for arn, user in self._users.items():
            yield Principal(PrincipalKind.USER, arn, arn.split(":")[4], user.get("UserId", ""))
        for role in self._roles.values():
            arn = role["Arn"]
            yield Principal(PrincipalKind.ASSUMED_ROLE, arn, arn.split(":")[4], issuer_arn=arn)

    def tags_of(self, principal: Principal) -> Mapping[str, str]:
        """Raises CaseError as `of` does."""
        return {tag["Key"]: tag["Value"] for tag in self._entry(principal).get("Tags") or ()}

    def trust_policy(self, arn: str) -> CompiledPolicy | None:
        """The trust policy of the role with this ARN, None where the file has no such role."""
        role = next((role for role in self._roles.values() if role["Arn"] == arn), None)
        return (
            None if role is None else _compiled(role.get("AssumeRolePolicyDocument"), PolicyKind.TRUST, None, "trust")
        )

    def _entry(self, principal: Principal) -> Entry:
        entry = None
        if principal.kind is PrincipalKind.USER:
            entry = self._users.get(principal.arn)
        elif principal.kind is PrincipalKind.ASSUMED_ROLE and (name := role_of(principal)) is not None:
            entry = self._roles.get(name)
        if entry is None:
            raise CaseError(f"principal {principal.arn} is not in the authorization details")
        return entry

    def _identity(self, entry: Entry) -> Iterator[Held]:
        yield from (Held("", policy) for policy in self._own(entry))
        for name in entry.get("GroupList", ()):
            if name not in self._groups:
                raise CaseError(f"group {name} is not in the authorization details")
            yield from (Held(f"group {name}", policy) for policy in self._own(self._groups[name]))

    def _own(self, entry: Entry) -> Iterator[CompiledPolicy]:
        for element in ("UserPolicyList", "GroupPolicyList", "RolePolicyList"):
            for policy in entry.get(element, ()):
                name = policy.get("PolicyName", "")
                yield _compiled(policy.get("PolicyDocument"), PolicyKind.IDENTITY, None, name)
        for policy in entry.get("AttachedManagedPolicies", ()):
            yield self._default_version(policy.get("PolicyArn"), PolicyKind.IDENTITY)

    def _boundary(self, boundary: Entry) -> CompiledPolicy:
        return self._default_version(boundary.get("PermissionsBoundaryArn"), PolicyKind.BOUNDARY)

    def _default_version(self, arn: str | None, kind: PolicyKind) -> CompiledPolicy:
        """A policy that is attached but not in the file could deny: there is no answer without it."""
        policy = self._managed.get(arn or "")
        if policy is None:
            raise CaseError(f"policy {arn} is not in the authorization details")
        wanted = policy.get("DefaultVersionId")
        for version in policy.get("PolicyVersionList", ()):
            if version.get("IsDefaultVersion") or (wanted is not None and version.get("VersionId") == wanted):
                return _compiled(version.get("Document"), kind, arn, policy.get("PolicyName", ""))
        raise CaseError(f"the default version of policy {arn} is not in the authorization details")


def _entries(parsed: Mapping[str, Any], element: str, key: str) -> Sequence[Entry]:
    entries = parsed.get(element, [])
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and isinstance(entry.get(key), str) for entry in entries
    ):
        raise CaseError(f"{element} must be a list of objects with {key}")
    return entries


def _roles_by_name(entries: Sequence[Entry]) -> dict[RoleName, Entry]:
    roles: dict[RoleName, Entry] = {}
    for entry in entries:
        name = role_of(Principal(PrincipalKind.ASSUMED_ROLE, entry["Arn"], None))
        if name is not None:
            roles[name] = entry
    return roles


def _compiled(document: Any, kind: PolicyKind, arn: str | None, name: str) -> CompiledPolicy:
    """The document as an object, as JSON text, or as URL-encoded JSON text."""
    if isinstance(document, str) and not document.lstrip().startswith("{"):
        document = unquote(document)
    if not isinstance(document, (str, dict)):
        raise CaseError(f"policy {arn or name} has no document: {json.dumps(document)[:80]}")
    try:
        parsed = parse_document(document, kind=kind, structure_only=True)
    except PolicyError as error:
        raise CaseError(f"policy {arn or name}: {error}") from None
    return compile_document(parsed, arn=arn, name=name)
