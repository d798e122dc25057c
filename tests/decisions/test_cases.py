"""Runs the cases that are data: `*.yaml` beside this file, through the same door as `iamd decide`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from iamd.cli.decide import answer

HERE = Path(__file__).parent
AT_LEAST = 150
VERSION = "2012-10-17"


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
    """The case as a line of `iamd decide`; a condition case is one Allow under that condition."""
    line: dict[str, Any] = {
        "action": case.get("action", "s3:GetObject"),
        "resource": case.get("resource", "arn:aws:s3:::bucket/key"),
        "context": case.get("context", {}),
    }
    if case.get("anonymous"):
        line["anonymous"] = True
    else:
        line["principal"] = case.get("principal", "arn:aws:iam::111122223333:user/alice")
    if "condition" in case:
        document = policy({"Allow": "*", "if": case["condition"]})
        document["Version"] = case.get("version", VERSION)
        line["identityPolicies"] = [document]
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


def expected(case: dict[str, Any]) -> tuple[str, str | None]:
    """`Allowed`, `Implicit LAYER`, `Explicit LAYER`, or `error`; true and false for a condition."""
    word = case["expect"]
    if isinstance(word, bool):
        return ("Allowed", None) if word else ("ImplicitlyDenied", "IDENTITY")
    outcome, _, layer = word.partition(" ")
    return {"Implicit": "ImplicitlyDenied", "Explicit": "ExplicitlyDenied"}.get(outcome, outcome), layer or None


@pytest.mark.parametrize("name", CASES)
def test_the_case_is_decided_as_documented(name: str) -> None:
    case = CASES[name]
    assert case["source"]
    result = answer(orjson.dumps(line_of(case)))
    found = ("error", None) if "error" in result else (result["decision"], result["blockedBy"])
    assert found == expected(case), result


def test_there_are_enough_cases_and_no_two_alike() -> None:
    assert len(CASES) >= AT_LEAST
    texts = [orjson.dumps(line_of(case), option=orjson.OPT_SORT_KEYS) for case in CASES.values()]
    assert len(set(texts)) == len(texts)
