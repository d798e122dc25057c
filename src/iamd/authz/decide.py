"""Asking the engine: gather, decide, and put a denial into AWS's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from iamd.authz.caller import Caller
from iamd.authz.check import Ask, Check, KeyValue
from iamd.authz.context_keys import check_keys, request_keys
from iamd.authz.denials import denial_of, has_authorization_id, where_to_look
from iamd.authz.gather import Gatherer
from iamd.credentials.sealing import Sealer
from iamd.model.decision import Decision, Outcome
from iamd.model.errors import AwsError
from iamd.model.values import value
from iamd.policy import AccessRequest, CompiledPolicy, Layers, PolicyKind, Question


@value
class Verdict:
    """What was decided on one check; `denial` is None if it is allowed, and so is what it was denied on."""

    check: Check
    decision: Decision
    denial: AwsError | None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Authorizer:
    """`sealer` seals what denials encode; `console_url` is where people read what a denial was decided on."""

    gatherer: Gatherer
    sealer: Sealer | None = None
    console_url: str = ""

    def decide(self, ask: Ask, checks: Iterable[Check]) -> list[Verdict]:
        """A verdict for each check, in order; no checks at all is for the caller of this to refuse."""
        base = request_keys(ask)
        return [self._decide(ask, base, check) for check in checks]

    def _decide(self, ask: Ask, base: Mapping[str, KeyValue], check: Check) -> Verdict:
        caller = ask.caller
        request = AccessRequest(
            principal=caller.principal,
            action=check.action,
            resource=check.resource,
            resource_account=check.resource_account or caller.principal.account,
            context=check_keys(base, check, ask.account),
        )
        question = Question(request, self._layers(caller, check), check.barred)
        decision = question.decide()
        if decision.outcome is Outcome.ALLOWED:
            return Verdict(check, decision, None)
        denial = denial_of(question, decision, check, self.sealer)
        if has_authorization_id(check) and ask.request_id:
            denial.message += where_to_look(ask.request_id, self.console_url)
        return Verdict(check, decision, denial, question)

    def _layers(self, caller: Caller, check: Check) -> Layers:
        identity = caller.identity
        resource: tuple[CompiledPolicy, ...] | None = None
        if check.policy_of is not None:
            policy = self.gatherer.resource_policy(check.policy_of, _kind_of(check))
            resource = () if policy is None else (policy,)
        return Layers(
            identity=() if identity is None else identity.policies,
            boundaries=() if identity is None else identity.boundaries,
            session=caller.session_policies,
            resource=resource,
            resource_required=check.policy_required,
            scps=(),
            rcps=(),
        )


def _kind_of(check: Check) -> PolicyKind:
    return PolicyKind.TRUST if check.policy_required else PolicyKind.RESOURCE
