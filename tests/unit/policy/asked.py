"""Questions as `iamd decide` reads them, for what is told of a decision."""

from typing import Any, Final

from iamd.policy.cases import read_case
from iamd.policy.question import Question

HOME: Final = "111122223333"
AWAY: Final = "444455556666"
ALICE: Final = f"arn:aws:iam::{HOME}:user/alice"
KEY: Final = "arn:aws:s3:::b/k"
ALL: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ELSE: Final = {**ALL, "Action": "ec2:*"}
Doc = dict[str, Any]


def doc(*statements: Doc) -> Doc:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def asked(**more: Any) -> Question:
    """Whether alice may get the key, if no more is said."""
    case = read_case({"principal": ALICE, "action": "s3:GetObject", "resource": KEY, **more})
    return Question(case.request, case.layers)
