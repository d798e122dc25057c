"""Policies, cases and their values: accepted and decided on, or refused as a policy error."""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
import yaml

from iamd.model.arn import Arn
from iamd.model.document import Condition, PolicyKind, Quantifier
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy import (
    AccessRequest,
    Layers,
    PolicyError,
    compile_document,
    decide,
    explain,
    parse_document,
    policy_size,
)
from iamd.policy.cases import CaseError, read_case
from iamd.policy.conditions import OPERATORS
from iamd.policy.conditions.compiled import compile_condition
from iamd.policy.glob import compile_glob
from iamd.policy.jsontext import JsonTextError, load_json
from tests.differential.policies import CONTEXT, VALUES
from tests.fuzz.target import Target

CASES: Final = Path(__file__).parent.parent / "decisions"
ALICE: Final = Principal(PrincipalKind.USER, "arn:aws:iam::111122223333:user/alice", "111122223333")
ASKED: Final = AccessRequest(ALICE, "s3:GetObject", "arn:aws:s3:::b/alice/k", context={"aws:username": "alice"})
FIELDS: Final = (
    *("principal", "action", "resource", "context", "resourceAccount", "identityPolicies", "permissionBoundaries"),
    *("scps", "rcps", "resourcePolicy", "sessionPolicy"),
)


def loaded() -> list[dict[str, Any]]:
    return [case for path in sorted(CASES.glob("*.yaml")) for case in yaml.safe_load(path.read_text())["cases"]]


@cache
def cases() -> Sequence[bytes]:
    """Those that are written out; the compact ones have no action."""
    whole = ({name: value for name, value in each.items() if name in FIELDS} for each in loaded())
    return [orjson.dumps(case) for case in whole if "action" in case]


@cache
def policies() -> Sequence[bytes]:
    def within(value: Any) -> list[Any]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        own = [value] if isinstance(value, dict) and "Statement" in value else []
        return own + [each for item in inner for each in within(item)]

    found = [policy for case in loaded() for policy in within(case)]
    found += [of_condition(case["condition"]) for case in loaded() if "condition" in case]
    return sorted({orjson.dumps(policy) for policy in found})


def of_condition(condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def policy(data: bytes, chance: random.Random) -> bool:
    kind = chance.choice(list(PolicyKind))
    try:
        document = parse_document(data, kind=kind)
    except PolicyError as error:
        assert error.message
        return False
    policy_size(data.decode())
    compiled = compile_document(document, name="fuzz")
    layers = Layers(identity=(compiled,), resource=(compiled,), scps=((compiled,),), rcps=((compiled,),))
    decision = decide(ASKED, layers)
    assert explain(ASKED, layers).decision.outcome is decision.outcome
    return True


def json(data: bytes, _: random.Random) -> bool:
    try:
        load_json(data)
    except JsonTextError:
        return False
    return True


def case(data: bytes, _: random.Random) -> bool:
    try:
        raw = load_json(data)
        if not isinstance(raw, dict):
            return False
        read = read_case(raw)
    except (JsonTextError, CaseError):
        return False
    decide(read.request, read.layers)
    return True


def values() -> Sequence[bytes]:
    """A condition's value and the context's, behind one another."""
    texts = {text for family in VALUES.values() for text in family}
    return [f"{text}\n{text}".encode() for text in sorted(texts)]


def condition(data: bytes, chance: random.Random) -> bool:
    wanted, _, has = data.decode("utf-8", "replace").partition("\n")
    operator, quantifier = chance.choice(sorted(OPERATORS)), chance.choice(list(Quantifier))
    key = chance.choice(list(CONTEXT))
    made = compile_condition(
        Condition(operator=operator, key=key, values=(wanted,), quantifier=quantifier, if_exists=chance.random() < 0.3),
        variables=True,
    )
    holds = [made.holds({key: value}) for value in (has, (has,), (has, wanted))]
    assert all(isinstance(each, bool) for each in holds)
    return any(holds)


def globs() -> Sequence[bytes]:
    return [b"*a*b*c*\naXbXc", b"arn:aws:s3:::b/*\narn:aws:s3:::b/k", b"?lice\nalice", b"*" * 30 + b"x\n" + b"a" * 60]


def glob(data: bytes, _: random.Random) -> bool:
    """Agrees with a plain two-row table, which is slow and cannot be wrong in a clever way."""
    pattern, _newline, text = data[:200].decode("latin-1").partition("\n")
    row = [True] + [False] * len(text)
    for letter in pattern:
        if letter == "*":
            for at in range(1, len(text) + 1):
                row[at] = row[at] or row[at - 1]
        else:
            row = [False] + [row[at] and letter in ("?", text[at]) for at in range(len(text))]
    found = compile_glob(pattern)(text)
    assert found is row[-1], (pattern, text)
    return found


def arn(data: bytes, _: random.Random) -> bool:
    text = data.decode("utf-8", "replace")
    try:
        assert str(Arn.parse(text)) == text
    except ValueError:
        return False
    return True


def arns() -> Sequence[bytes]:
    return [b"arn:aws:s3:::b/k", b"arn:aws:iam::111122223333:role/a/b", b"arn:aws:sqs:us-east-1:111122223333:q:a"]


TARGETS: Final = (
    Target("policies", policies, policy),
    Target("json", policies, json),
    Target("cases", cases, case),
    Target("conditions", values, condition),
    Target("globs", globs, glob),
    Target("arns", arns, arn),
)
