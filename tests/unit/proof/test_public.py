from pathlib import Path
from typing import Any

import pytest
import yaml

from iamd.model.document import Condition, Document, Effect, PolicyKind, PrincipalPattern, Quantifier, Statement
from iamd.proof.public import public_access

CASES = yaml.safe_load((Path(__file__).parent / "public.yaml").read_text())


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def principals(element: Any) -> tuple[PrincipalPattern, ...] | None:
    if element is None or element == "*":
        return None if element is None else (PrincipalPattern("AWS", "*"),)
    return tuple(PrincipalPattern(kind, value) for kind, values in element.items() for value in listed(values))


def conditions(block: dict[str, dict[str, Any]]) -> tuple[Condition, ...]:
    found = []
    for written, keys in block.items():
        prefix, _, name = written.rpartition(":")
        quantifier = Quantifier(prefix)
        bare = name.removesuffix("IfExists")
        found += [Condition(bare, quantifier, bare != name, key, tuple(listed(v))) for key, v in keys.items()]
    return tuple(found)


def statement(index: int, written: dict[str, Any]) -> Statement:
    who = written.get("NotPrincipal", written.get("Principal", "*"))
    return Statement(
        index=index,
        sid=None,
        effect=Effect(written.get("Effect", "Allow")),
        principals=principals(who),
        not_principal="NotPrincipal" in written,
        actions=tuple(listed(written.get("Action", "s3:GetObject"))),
        not_action=False,
        resources=("*",),
        not_resource=False,
        conditions=conditions(written.get("Condition", {})),
    )


def document(statements: list[dict[str, Any]]) -> Document:
    parsed = tuple(statement(index, written) for index, written in enumerate(statements))
    return Document(PolicyKind.RESOURCE, "2012-10-17", None, parsed)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_public(case: dict[str, Any]) -> None:
    found = public_access(document(case["statements"]))
    assert found.statements == tuple(case["public"])
    assert found.verdict == bool(case["public"])


def test_a_statement_added_never_makes_a_public_policy_private() -> None:
    public = [case["statements"] for case in CASES if case["public"]]
    for first in public:
        for case in CASES:
            assert public_access(document([*case["statements"], *first])).verdict
