"""Questions that nobody called with: may this principal do that? The state is asked, and the same engine.

Of a request that was not made the server knows what belongs to the principal and the resource, and nothing of the way
it would have come: addresses, headers and what a service's own keys hold are for the asker to give.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from iamd.authz.barring import bars
from iamd.authz.caller import Caller, Identity
from iamd.authz.check import Ask, Check, KeyValue
from iamd.authz.context_keys import check_keys, request_keys
from iamd.authz.facts import Facts
from iamd.authz.gather import Gatherer
from iamd.model.arn import Arn, iam_arn
from iamd.model.http import HttpRequest
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.model.tags import Tags
from iamd.policy import AccessRequest, Layers, PolicyKind, Question
from iamd.policy.access import Access, Held, access_of
from iamd.policy.cases import CaseError, principal_named
from iamd.policy.situation import requires_resource_policy
from iamd.reference.managed_policies import ManagedPolicies
from iamd.stores.ports.identities import Role, User
from iamd.stores.ports.state import State

_KNOWN: Final = ("aws:principal", "aws:user", "aws:currenttime", "aws:epochtime", "aws:viaawsservice")
_NOT_KNOWN: Final = frozenset({"aws:useragent"})
_BUCKETS: Final = "arn:aws:s3:::"
ANYBODY: Final = "anonymous"


class Unanswerable(ValueError):  # noqa: N818  # names what the question is
    """A principal that does not exist, or that is none; the message says which."""


class _Still:
    """A state that does not change, as the facts read it."""

    was_read = False

    def __init__(self, state: State) -> None:
        self._state = state

    def changes(self) -> tuple[str, ...]:
        return ()

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        yield self._state


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one state; `now` is milliseconds."""

    state: State
    gatherer: Gatherer
    now: int

    def question(
        self, principal: str, action: str, resource: str, context: Mapping[str, KeyValue] | None = None
    ) -> Question:
        """`principal` is an ARN, a service's name or `anonymous`; a role's ARN is a session of it without a name.

        `context` goes before what is known, keys in lower case. Raises Unanswerable.
        """
        caller = self._caller(principal)
        owner, tags = self._resource(resource)
        account = caller.principal.account or ""
        check = Check(action, resource, resource_account=owner, resource_tags=tags)
        ask = Ask("", {}, caller, account, "", self.state, HttpRequest("GET", b"/"), self.now)
        base = {key: held for key, held in request_keys(ask).items() if _is_known(key)}
        request = AccessRequest(
            principal=caller.principal,
            action=action,
            resource=resource,
            resource_account=owner or account or None,
            context={**check_keys(base, check, account), **(context or {})},
        )
        return Question(request, self._layers(caller, action, resource), self._is_barred(caller, action, resource))

    def who_can(self, action: str, resource: str, context: Mapping[str, KeyValue] | None = None) -> Iterator[Access]:
        """Every principal with access: roots, users and roles (as sessions without a name), and everybody."""
        for arn, held in self._principals():
            question = self.question(arn, action, resource, context)
            access = access_of(question, held, is_root=question.request.principal.kind is PrincipalKind.ROOT)
            if access is not None:
                yield access

    def _principals(self) -> Iterator[tuple[str, Sequence[Held]]]:
        yield ANYBODY, ()
        for account in self.state.accounts.page("key"):
            yield iam_arn(account.id, "root"), ()
            entities: list[User | Role] = [*self.state.users.page("key", account.id)]
            entities += self.state.roles.page("key", account.id)
            for entity in entities:
                identity = self.gatherer.identity(account.id, entity.id)
                if identity is not None:
                    yield entity.arn, tuple(self.gatherer.held(self.state, identity))

    def _caller(self, text: str) -> Caller:
        if text == ANYBODY:
            return Caller(ANONYMOUS)
        try:
            principal = principal_named(text)
        except CaseError as error:
            raise Unanswerable(str(error)) from None
        if principal.account is None:
            return Caller(principal)
        identity = self._identity(principal)
        if identity is None:
            raise Unanswerable(f"{text} does not exist")
        return Caller(_known(principal, identity), identity=identity, tags=identity.tags)

    def _identity(self, principal: Principal) -> Identity | None:
        account, arn = principal.account or "", principal.arn or ""
        if principal.kind is PrincipalKind.ROOT:
            return self.gatherer.identity(account, account)
        if principal.kind is PrincipalKind.FEDERATED_USER:
            raise Unanswerable(f"{arn}: what a federated user may do lies in its session, which is not kept")
        name = arn.split("/")[1] if principal.session_name is not None else arn.rpartition("/")[2]
        found: User | Role | None = None
        if principal.kind is PrincipalKind.USER:
            found = self.state.users.get(account, name)
        else:
            found = self.state.roles.get(account, name)
        if found is None or (principal.session_name is None and found.arn != arn):
            return None
        return self.gatherer.identity(account, found.id)

    def _layers(self, caller: Caller, action: str, resource: str) -> Layers:
        required = requires_resource_policy(action, resource)
        kind = PolicyKind.TRUST if required else PolicyKind.RESOURCE
        own = None
        # A role's only policy is about assuming it, and says nothing of changing it.
        if required or not resource.startswith("arn:aws:iam:"):
            own = self.gatherer.resource_policy(_with_policy(resource), kind)
        identity = caller.identity
        return Layers(
            identity=() if identity is None else identity.policies,
            boundaries=() if identity is None else identity.boundaries,
            resource=None if own is None else (own,),
            resource_required=required,
        )

    def _is_barred(self, caller: Caller, action: str, resource: str) -> bool:
        if not action.lower().startswith("s3:") or not resource.startswith(_BUCKETS):
            return False
        bucket = self.state.buckets.get(resource.removeprefix(_BUCKETS).partition("/")[0])
        return bucket is not None and bars(bucket, caller.principal)

    def _resource(self, resource: str) -> tuple[str | None, Tags]:
        """Whose it is and its tags, as far as the state knows it."""
        try:
            arn = Arn.parse(resource)
        except ValueError:
            return None, ()
        if arn.service == "s3":
            bucket = self.state.buckets.get(arn.resource.partition("/")[0])
            return (
                (None, ()) if bucket is None else (bucket.account, bucket.tags if arn.resource == bucket.name else ())
            )
        kind, _, path = arn.resource.partition("/")
        name = path.rpartition("/")[2]
        found: User | Role | None = None
        if (arn.service, kind) == ("iam", "user"):
            found = self.state.users.get(arn.account, name)
        elif (arn.service, kind) == ("iam", "role"):
            found = self.state.roles.get(arn.account, name)
        return arn.account or None, found.tags if found is not None and found.arn == resource else ()


def asker(state: State, now: int) -> Asker:
    """Over a state that does not change while it is asked."""
    return Asker(state, Gatherer(Facts(_Still(state)), ManagedPolicies()), now)


def _known(principal: Principal, identity: Identity) -> Principal:
    """With the unique ids by which resource policies know it."""
    if principal.kind is PrincipalKind.ASSUMED_ROLE:
        name = principal.session_name
        unique_id = identity.id if name is None else f"{identity.id}:{name}"
        return Principal(principal.kind, principal.arn, principal.account, unique_id, identity.arn, identity.id, name)
    return Principal(principal.kind, principal.arn, principal.account, identity.id)


def _is_known(key: str) -> bool:
    return key.startswith(_KNOWN) and key not in _NOT_KNOWN


def _with_policy(resource: str) -> str:
    """The ARN under which the resource's policy is kept: an object's is its bucket's."""
    return resource.partition("/")[0] if resource.startswith(_BUCKETS) else resource
