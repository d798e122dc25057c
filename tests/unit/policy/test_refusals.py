"""What AWS refuses is refused: of several faults the one that AWS tells, with its words and its place."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from iamd.model.document import PolicyKind
from iamd.policy import PolicyError, parse_document

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "refusals.yaml").read_text(encoding="utf-8")
)
ORGANIZATIONS = "The provided policy document does not meet the requirements of the specified policy type."
ACCOUNT = {"AWS": "arn:aws:iam::111122223333:root"}
GOOD: dict[str, dict[str, Any]] = {
    "identity": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    "trust": {"Effect": "Allow", "Principal": ACCOUNT, "Action": "sts:AssumeRole"},
    "resource": {"Effect": "Allow", "Principal": ACCOUNT, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
    "rcp": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
}


def document(kind: str, case: dict[str, Any]) -> str:
    if "document" in case:
        written = case["document"]
        return written if isinstance(written, str) else json.dumps(written)
    changes = case["statements"] if "statements" in case else [case["statement"]]
    good = GOOD.get(kind, GOOD["identity"])
    statements = [
        {name: value for name, value in {**good, **change}.items() if value is not None} for change in changes
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def parse(kind: str, text: str) -> None:
    parse_document(
        text, kind=PolicyKind["IDENTITY" if kind == "managed" else kind.upper()], newest_version=kind == "managed"
    )


def refusals() -> Iterator[Any]:
    for kind, cases in CASES.items():
        if kind != "accepted":
            for number, case in enumerate(cases):
                yield pytest.param(kind, case, id=f"{kind}-{number}")


@pytest.mark.parametrize(("kind", "case"), [*refusals()])
def test_a_document_is_refused_in_aws_s_words(kind: str, case: dict[str, Any]) -> None:
    with pytest.raises(PolicyError) as caught:
        parse(kind, document(kind, case))
    told = ORGANIZATIONS if case["told"] == "organizations" else case["told"]
    assert caught.value.message == told
    assert case.get("at", caught.value.path) == caught.value.path


@pytest.mark.parametrize("case", CASES["accepted"], ids=lambda case: f"{case['kind']}-{case.get('statement', '')}")
def test_what_aws_accepts_is_accepted(case: dict[str, Any]) -> None:
    parse(case["kind"], document(case["kind"], case))


@pytest.mark.parametrize("kind", ["identity", "scp"])
def test_a_sid_that_is_no_word_is_told_where_it_stands(kind: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse(kind, document(kind, {"statements": [{}, {"Sid": "a b"}]}))
    assert caught.value.path == "Statement[1].Sid"


def test_there_are_enough_refusals() -> None:
    assert sum(map(len, CASES.values())) >= 140
