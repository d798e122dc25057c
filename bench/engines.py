"""One policy engine under test, run by the Python of its own environment: `python bench/engines.py ENGINE < WORK`.

The work is JSON, see `bench/decisions.py`; the answer is JSON too. Every engine gets the same statements in its own
language, compiled or parsed beforehand as far as it lets one, and must give the right answers before it is measured.
Times are those of the thread on its processor, so that a busy machine counts less.
"""

# ruff: noqa: PLC0415  an engine is there only in its own environment
import gc
import json
import logging
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

Statement = dict[str, Any]
Request = dict[str, Any]
Decide = Callable[[Request], bool]
BUDGET = 1.5
"""Seconds for one median."""


def iamd(policies: list[list[Statement]]) -> Decide:
    from iamd.model.document import PolicyKind
    from iamd.model.principal import Principal, PrincipalKind
    from iamd.policy import AccessRequest, Layers, compile_document, decide, merge_policies, parse_document

    alice = Principal(PrincipalKind.USER, "arn:aws:iam::111122223333:user/alice", "111122223333")
    documents = [
        parse_document({"Version": "2012-10-17", "Statement": each}, kind=PolicyKind.IDENTITY) for each in policies
    ]
    merged = merge_policies([compile_document(document) for document in documents])
    layers = Layers(identity=[merged])

    def answer(request: Request) -> bool:
        return decide(
            AccessRequest(alice, request["action"], request["resource"], None, request["context"]), layers
        ).allowed

    return answer


def moto(policies: list[list[Statement]]) -> Decide:
    from moto.iam.access_control import IAMPolicy, PermissionResult

    made = [
        IAMPolicy({"policy_document": json.dumps({"Version": "2012-10-17", "Statement": each})}) for each in policies
    ]

    def answer(request: Request) -> bool:
        results = [
            policy.is_action_permitted(request["action"], request["resource"], None, request["context"])
            for policy in made
        ]
        return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results

    return answer


def cedar(policies: list[list[Statement]]) -> Decide:
    import cedarpy  # type: ignore[import-not-found]  # in its own environment

    made = cedarpy.PolicySet.from_str("\n".join(_cedar(each) for each in chain(*policies)))
    known = cedarpy.Entities.from_json_str("[]")

    def answer(request: Request) -> bool:
        context = {_name(key): value for key, value in request["context"].items()}
        asked = {
            "principal": 'User::"alice"',
            "action": 'Action::"call"',
            "resource": 'Resource::"one"',
            "context": {"action": request["action"], "arn": request["resource"], **context},
        }
        allowed: bool = cedarpy.is_authorized(asked, made, known).allowed
        return allowed

    return answer


def _cedar(statement: Statement) -> str:
    actions = " || ".join(f"context.action like {json.dumps(each)}" for each in _actions(statement))
    tests = [f"({actions})", f"context.arn like {json.dumps(statement['Resource'])}"]
    tests += [f"context.{_name(key)} == {json.dumps(value)}" for key, value in _equal(statement)]
    return f"permit(principal, action, resource) when {{ {' && '.join(tests)} }};"


def casbin(policies: list[list[Statement]]) -> Decide:
    from casbin import Enforcer, Model  # type: ignore[import-not-found]  # in its own environment

    logging.disable(logging.WARNING)
    model = Model()
    model.load_model_from_text(
        "[request_definition]\nr = act, obj, ctx\n[policy_definition]\np = act, obj, key, val\n"
        "[policy_effect]\ne = some(where (p.eft == allow))\n"
        "[matchers]\nm = like(r.act, p.act) && like(r.obj, p.obj) && holds(r.ctx, p.key, p.val)\n"
    )
    enforcer = Enforcer(model)
    # Its own globMatch stops at every slash.
    compiled = lru_cache(maxsize=None)(lambda pattern: re.compile(".*".join(map(re.escape, pattern.split("*")))))
    enforcer.add_function("like", lambda text, pattern: compiled(pattern).fullmatch(text) is not None)
    enforcer.add_function("holds", lambda context, key, value: not key or context.get(key) == value)
    for statement in chain(*policies):
        key, value = next(_equal(statement), ("", ""))
        enforcer.add_policies([[action, statement["Resource"], key, value] for action in _actions(statement)])

    def answer(request: Request) -> bool:
        return bool(enforcer.enforce(request["action"], request["resource"], request["context"]))

    return answer


def vakt(policies: list[list[Statement]]) -> Decide:
    from vakt import (  # type: ignore[import-not-found]  # in its own environment
        Guard,
        Inquiry,
        MemoryStorage,
        PolicyAllow,
        RulesChecker,
        rules,
    )

    def rule(pattern: str) -> Any:
        if "*" not in pattern:
            return rules.Eq(pattern)
        if "*" not in pattern[:-1]:
            return rules.StartsWith(pattern[:-1])
        return rules.RegexMatch(f"^{'.*'.join(map(re.escape, pattern.split('*')))}$")

    storage = MemoryStorage()
    for number, statement in enumerate(chain(*policies)):
        storage.add(
            PolicyAllow(
                str(number),
                actions=[rule(each) for each in _actions(statement)],
                resources=[rule(statement["Resource"])],
                subjects=[rules.Any()],
                context={key: rules.Eq(value) for key, value in _equal(statement)},
            )
        )
    guard = Guard(storage, RulesChecker())

    def answer(request: Request) -> bool:
        asked = Inquiry(
            subject="alice", action=request["action"], resource=request["resource"], context=request["context"]
        )
        return bool(guard.is_allowed(asked))

    return answer


def _actions(statement: Statement) -> list[str]:
    written = statement["Action"]
    return [written] if isinstance(written, str) else list(written)


def _equal(statement: Statement) -> Iterator[tuple[str, str]]:
    yield from statement.get("Condition", {}).get("StringEquals", {}).items()


def _name(key: str) -> str:
    return re.sub(r"\W", "_", key)


ENGINES: dict[str, Callable[[list[list[Statement]]], Decide]] = {
    "iamd": iamd,
    "cedar": cedar,
    "casbin": casbin,
    "vakt": vakt,
    "moto": moto,
}


def measure(make: Callable[[list[list[Statement]]], Decide], work: dict[str, Any]) -> dict[str, Any]:
    """Microseconds: the medians of an allowed and of a denied decision, and of making ready, a statement each."""
    make([[work["policies"][0][0]]])  # imports what it needs
    gc.collect()
    gc.disable()  # as a started server has it, nearly (bootstrap/collector.py)
    started = time.thread_time()
    decide = make(work["policies"])
    answers = [decide(request) for request in work["requests"]]
    ready = time.thread_time() - started
    statements = sum(map(len, work["policies"]))
    if answers != work["answers"]:
        return {"wrong": answers}
    return {"medians": [median(decide, request) for request in work["requests"]], "ready": ready / statements * 1e6}


def median(decide: Decide, request: Request) -> float:
    started = time.thread_time()
    decide(request)
    once = max(time.thread_time() - started, 1e-6)
    turns = max(1, int(0.002 / once))
    samples: list[float] = []
    end = time.thread_time() + BUDGET
    while len(samples) < 5 or (time.thread_time() < end and len(samples) < 200):
        started = time.thread_time()
        for _ in range(turns):
            decide(request)
        samples.append((time.thread_time() - started) / turns * 1e6)
        if len(samples) >= 3 and time.thread_time() > end + BUDGET * 4:
            break
    return statistics.median(samples)


if __name__ == "__main__":
    json.dump([measure(ENGINES[sys.argv[1]], work) for work in json.load(sys.stdin)], sys.stdout)
