"""Runs the cases that are data: `*.yaml` beside this file, through the same door as `iamd decide`."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from iamd.cli.decide import answer
from iamd.policy.conditions import OPERATORS

HERE = Path(__file__).parent
AT_LEAST = 600
VERSION = "2012-10-17"
HOME, AWAY = "111122223333", "444455556666"
WHO = {
    "user": f"arn:aws:iam::{HOME}:user/alice",
    "session": f"arn:aws:sts::{HOME}:assumed-role/app/s1",
    "federated": f"arn:aws:sts::{HOME}:federated-user/fred",
    "root": f"arn:aws:iam::{HOME}:root",
    "service": "cloudtrail.amazonaws.com",
    "provider": f"arn:aws:iam::{HOME}:saml-provider/idp",
    "anonymous": None,
}
NAMED = {
    "service": {"Service": WHO["service"]},
    "provider": {"Federated": WHO["provider"]},
    "anonymous": "*",
}
"""How a resource policy names those who belong to no account; all others by their account."""
ALLOW_ALL = {"Version": VERSION, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(HERE.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(file.read_text())["cases"]):
            yield f"{file.stem}-{number}", case


CASES = dict(cases())


def policy(written: Any) -> dict[str, Any]:
    """`{Allow: actions, on: resources, to: principals, if: conditions}`, a list of them, or a whole document."""
    if isinstance(written, dict) and "Statement" in written:
        return written
    statements = written if isinstance(written, list) else [written]
    return {"Version": VERSION, "Statement": [statement(each) for each in statements]}


def statement(short: dict[str, Any]) -> dict[str, Any]:
    names = {"on": "Resource", "not_on": "NotResource", "to": "Principal", "not_to": "NotPrincipal", "if": "Condition"}
    built = {names[key]: value for key, value in short.items() if key in names}
    effect = next(key for key in short if key.startswith(("Allow", "Deny")))
    built["Effect"] = effect.removesuffix("Not")
    built["NotAction" if effect.endswith("Not") else "Action"] = short[effect]
    if "Resource" not in built and "NotResource" not in built and not short.get("trust"):
        built["Resource"] = "*"
    return built


def line_of(case: dict[str, Any]) -> dict[str, Any]:
    """The case as a line of `iamd decide`."""
    line: dict[str, Any] = {
        "action": case.get("action", "s3:GetObject"),
        "resource": case.get("resource", "arn:aws:s3:::bucket/key"),
        "context": case.get("context", {}),
    }
    who = case.get("principal", WHO[case.get("who", "user")])
    if case.get("anonymous") or who is None:
        line["anonymous"] = True
    else:
        line["principal"] = who
    if "condition" in case:
        return line | under_condition(case)
    for short, name in (("identity", "identityPolicies"), ("boundary", "permissionBoundaries")):
        if short in case:
            line[name] = [policy(each) for each in case[short]]
    for short, name in (("session", "sessionPolicy"), ("resource_policy", "resourcePolicy")):
        if short in case:
            line[name] = policy(case[short])
    for name in ("scps", "rcps"):
        if name in case:
            line[name] = [[policy(each) for each in level] for level in case[name]]
    if "resource_account" in case:
        line["resourceAccount"] = case["resource_account"]
    return line


def under_condition(case: dict[str, Any]) -> dict[str, Any]:
    """The policies of a condition case: the statement where it belongs, and everything allowed everywhere else."""
    effect, layer, who = *placed(case), case.get("who", "user")
    named = NAMED.get(who, {"AWS": HOME})
    names = {"to": "*" if layer == "rcp" else named} if layer in {"resource", "rcp"} else {}
    document = policy({effect: "*", "if": case["condition"], **names})
    document["Version"] = case.get("version", VERSION)
    beside = [] if effect == "Allow" or layer == "rcp" else [ALLOW_ALL]
    letting_in = policy({"Allow": "*", "to": named})
    layers: dict[str, Any] = {"identityPolicies": [ALLOW_ALL]}
    if who == "federated":
        layers["sessionPolicy"] = ALLOW_ALL
    if who in NAMED:
        layers["resourcePolicy"] = letting_in
    statements = [*document["Statement"], *(each for other in beside for each in other["Statement"])]
    whole = {**document, "Statement": statements}
    if layer == "identity":
        layers["identityPolicies"] = [whole]
    elif layer == "boundary":
        layers["permissionBoundaries"] = [whole]
    elif layer == "session":
        layers["sessionPolicy"] = whole
    elif layer == "resource":
        # From another account, so that nothing but this policy lets the caller in.
        letting = letting_in["Statement"] if beside else []
        layers |= {"resourcePolicy": {**document, "Statement": [*document["Statement"], *letting]}}
        layers["resourceAccount"] = AWAY
    else:
        layers[f"{layer}s"] = [[whole]]
    return layers


def placed(case: dict[str, Any]) -> tuple[str, str]:
    """Effect and layer of a condition case."""
    deny, _, layer = case.get("layer", "identity").rpartition(" ")
    return ("Deny" if deny else "Allow"), layer


def expected(case: dict[str, Any]) -> tuple[str, str | None]:
    """`Allowed`, `Implicit LAYER`, `Explicit LAYER`, or `error`; of a condition whether it holds."""
    word = case["expect"]
    if isinstance(word, bool):
        effect, layer = placed(case)
        if word is (effect == "Allow"):
            return "Allowed", None
        return ("ImplicitlyDenied" if effect == "Allow" else "ExplicitlyDenied"), layer.upper()
    outcome, _, layer = word.partition(" ")
    return {"Implicit": "ImplicitlyDenied", "Explicit": "ExplicitlyDenied"}.get(outcome, outcome), layer or None


def likeness(case: dict[str, Any]) -> tuple[Any, ...]:
    """What no two cases share: operator, layer, kind of principal and outcome.

    Without an operator a case is about its statements: their elements, and how each entry is written.
    """
    if "condition" in case:
        operators = tuple(sorted(case["condition"]))
        return operators, case.get("layer", "identity"), case.get("who", "user"), expected(case)
    line = line_of(case)
    layers = tuple((name, shape(line[name])) for name in sorted(line) if name.lower().endswith(ENDINGS))
    account = line.get("resourceAccount", "")
    return (
        layers,
        kind_of(line),
        line["action"],
        form(line["resource"]),
        account,
        shape(line["context"]),
        expected(case),
    )


ENDINGS = ("policies", "policy", "boundaries", "scps", "rcps")


def shape(written: Any) -> Any:
    if isinstance(written, list):
        return tuple(shape(each) for each in written)
    if isinstance(written, dict):
        return tuple((name, shape(value)) for name, value in sorted(written.items()))
    return form(written) if isinstance(written, str) else written


def form(text: str) -> str:
    """A text with its names left out: wildcards, variables, separators and what ARNs are of remain."""
    return re.sub(r"(?<![a-z:$])[a-z0-9]+(?=[/*]|$)", "x", text)


def kind_of(line: dict[str, Any]) -> str:
    return "anonymous" if line.get("anonymous") else form(line["principal"])


@pytest.mark.parametrize("name", CASES)
def test_the_case_is_decided_as_documented(name: str) -> None:
    case = CASES[name]
    assert case["source"]
    result = answer(orjson.dumps(line_of(case)))
    found = ("error", None) if "error" in result else (result["decision"], result["blockedBy"])
    assert found == expected(case), result


def test_there_are_enough_cases_and_no_two_alike() -> None:
    assert len(CASES) >= AT_LEAST
    alike = Counter(likeness(case) for case in CASES.values())
    names: dict[tuple[Any, ...], list[str]] = {}
    for name, case in CASES.items():
        names.setdefault(likeness(case), []).append(name)
    assert [names[each] for each, count in alike.items() if count > 1] == []


def test_every_operator_is_asked_in_every_layer_by_every_kind_of_principal() -> None:
    bare = {
        re.sub(r"^For\w+:|IfExists$", "", operator) for case in CASES.values() for operator in case.get("condition", ())
    }
    assert bare >= OPERATORS.keys()
    places = {(*placed(case), case.get("who", "user")) for case in CASES.values() if "condition" in case}
    assert {layer for _, layer, _ in places} == {"identity", "boundary", "session", "resource", "scp", "rcp"}
    assert {who for _, _, who in places} == WHO.keys()
