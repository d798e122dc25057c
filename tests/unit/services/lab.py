"""Two accounts in memory, and calls authorized by the services' tables and the real engine: a road without wire."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from iamd.authz.caller import Caller
from iamd.authz.check import Ask, Check
from iamd.authz.decide import Authorizer
from iamd.authz.facts import Facts
from iamd.authz.gather import Gatherer
from iamd.authz.session_limits import refuse_for_session
from iamd.credentials.key_ring import KeyRing
from iamd.credentials.passwords import Passwords
from iamd.credentials.randomness import Ids
from iamd.credentials.sealing import Sealer
from iamd.credentials.session_token import SessionTokens
from iamd.kernel.authenticate import _session_policies, merge_tags, session_principal
from iamd.kernel.callers import principal_of
from iamd.kernel.context import Context, Tools
from iamd.kernel.service import Service
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.reference.managed_policies import ManagedPolicies
from iamd.reference.quotas import Quotas
from iamd.services.iam.service import service as iam
from iamd.services.sts.service import service as sts
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.identities import Group, User
from iamd.stores.ports.policies import InlinePolicy
from iamd.stores.ports.state import KINDS, State

HERE = "111111111111"
THERE = "222222222222"
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
PUBLISHED = ManagedPolicies()


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> str:
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


class Lab:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.store = MemoryStore()
        ring = KeyRing({"k": bytes(32)}, "k")
        self.tools = Tools(
            ids=Ids(),
            sealer=Sealer(bytes(32)),
            tokens=SessionTokens(lambda: ring),
            passwords=Passwords(time=1, memory=8, lanes=1),
            managed_policies=PUBLISHED,
            quotas=Quotas(),
        )
        self.facts = Facts(self.store)
        self.authorizer = Authorizer(Gatherer(self.facts, PUBLISHED), self.tools.sealer)
        for number in (HERE, THERE):
            account = Account(number, "x", 1, f"root@{number}", "", f"canonical-{number}")
            self.add(account)

    @property
    def state(self) -> State:
        return self.store.state

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def root(self, account: str = HERE) -> Caller:
        return self._acting(account, account)

    def user(self, name: str, account: str = HERE) -> Caller:
        user = self.state.users.get(account, name)
        assert user is not None
        return self._acting(account, user.id)

    def _acting(self, account: str, unique_id: str) -> Caller:
        self.facts.refresh()
        identity = self.authorizer.gatherer.identity(account, unique_id)
        assert identity is not None
        return Caller(principal_of(identity), "AKIAXXXXXXXXXXXXXXXX", identity, tags=identity.tags)

    def session(self, answer: dict[str, Any]) -> Caller:
        """Who holds the credentials that STS answered with; as the road's first step makes the caller."""
        credentials = answer["Credentials"]
        facts = self.tools.tokens.open_token(credentials["SessionToken"], credentials["AccessKeyId"])
        assert facts.secret == credentials["SecretAccessKey"]
        self.facts.refresh()
        identity = self.authorizer.gatherer.identity(facts.account, facts.issuer_id)
        assert identity is not None, "the session's issuer is gone"
        kernel = SimpleNamespace(facts=self.facts, authorizer=self.authorizer)
        return Caller(
            session_principal(facts, identity),
            facts.access_key_id,
            identity,
            facts,
            _session_policies(cast("Any", kernel), facts),
            merge_tags(identity.tags, facts.tags),
            mfa=facts.mfa,
            issued_at=int(facts.issued_at.timestamp() * 1000),
        )

    def call(self, caller: Caller, name: str, **params: Any) -> Any:
        """Authorize and run an operation of IAM or STS; raises AwsError."""
        return self.call_of(iam if name in iam.spec.operation_names else sts, caller, name, **params)

    def call_of(self, service: Service, caller: Caller, name: str, **params: Any) -> Any:
        """The same of any service."""
        operation = service.operations[name]
        refuse_for_session(caller, service.name, name)
        ask = self._ask(caller, name, params)
        if not operation.open_to_all:
            assert operation.checks is not None, name
            self._require(ask, tuple(operation.checks(ask)))

        prepared = operation.prepare(self._context(ask, self.state), params) if operation.prepare else None

        def run(state: State) -> Any:
            return operation.function(self._context(ask, state, prepared), params)

        if not operation.writes:
            return run(self.state)
        return self.store.write_now(lambda transaction: run(transaction.state))

    def checks(self, caller: Caller, name: str, **params: Any) -> list[Check]:
        service = iam if name in iam.spec.operation_names else sts
        checks = service.operations[name].checks
        assert checks is not None
        return list(checks(self._ask(caller, name, params)))

    def fault(self, caller: Caller, name: str, **params: Any) -> tuple[str, str, int]:
        """The error that a call answers with: code, message, status."""
        return self.fault_of(iam if name in iam.spec.operation_names else sts, caller, name, **params)

    def fault_of(self, service: Service, caller: Caller, name: str, **params: Any) -> tuple[str, str, int]:
        """The same of any service."""
        try:
            answer = self.call_of(service, caller, name, **params)
        except AwsError as error:
            return error.code, error.message, error.status
        raise AssertionError(f"{name} succeeded: {answer}")

    def may(self, caller: Caller, action: str, resource: str = "*", **more: Any) -> bool:
        """Would the engine let the caller do this?"""
        self.facts.refresh()
        verdicts = self.authorizer.decide(self._ask(caller, "X", {}), [Check(action, resource, **more)])
        return verdicts[0].denial is None

    def denial(self, caller: Caller, action: str, resource: str = "*", *, request_id: str = "") -> AwsError:
        """The error with which the engine would refuse it."""
        self.facts.refresh()
        ask = replace(self._ask(caller, "X", {}), request_id=request_id)
        (verdict,) = self.authorizer.decide(ask, [Check(action, resource)])
        assert verdict.denial is not None
        return verdict.denial

    def _require(self, ask: Ask, checks: tuple[Check, ...]) -> None:
        assert checks
        self.facts.refresh()
        for verdict in self.authorizer.decide(ask, checks):
            if verdict.denial is not None:
                raise verdict.denial

    def _ask(self, caller: Caller, name: str, params: dict[str, Any]) -> Ask:
        http = HttpRequest("POST", b"/")
        millis = int(self.now.timestamp() * 1000)
        return Ask(name, params, caller, caller.account, "us-east-1", self.state, http, millis)

    def _context(self, ask: Ask, state: State, prepared: Any = None) -> Context:
        return Context(
            now=self.now,
            now_ms=ask.now,
            request_id="request",
            account=ask.account,
            region=ask.region,
            caller=ask.caller,
            state=state,
            http=ask.http,
            tools=self.tools,
            authorize=lambda checks: self._require(replace(ask), tuple(checks)),
            prepared=prepared,
        )

    def add(self, record: Any) -> None:
        """Put a record into the table of its kind."""
        name = next(kind.name for kind in KINDS if kind.record is type(record))
        self.store.write_now(lambda transaction: getattr(transaction.state, name).put(record))

    # What most tests begin with; records rather than calls, so that a test stands on its own operations only.

    def add_user(self, name: str, *statements: dict[str, Any], account: str = HERE, **more: Any) -> Caller:
        user = User(account, name, name.lower(), "/", self.tools.ids.unique_id("AIDA"), 1, **more)
        self.add(user)
        self._grant(account, user.id, statements)
        return self.user(name, account)

    def add_group(self, name: str) -> None:
        group = Group(HERE, name, name.lower(), "/", self.tools.ids.unique_id("AGPA"), 1)
        self.add(group)

    def _grant(self, account: str, owner: str, statements: tuple[dict[str, Any], ...]) -> None:
        if statements:
            self.add(InlinePolicy(account, owner, "granted", policy(*statements)))
