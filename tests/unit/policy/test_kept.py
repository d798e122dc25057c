"""A kept question: policies of the same name stay apart, and many statements cost little."""

from typing import Any

from iamd.policy.cases import read_case
from iamd.policy.compiled import merge_policies
from iamd.policy.kept import pack, unpack
from iamd.policy.question import Question

ALICE = "arn:aws:iam::111122223333:user/alice"


def doc(effect: str, resource: str) -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Action": "s3:*", "Resource": resource}]}


def question(*policies: dict[str, Any], merged: bool = False) -> Question:
    case = read_case(
        {
            "principal": ALICE,
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "identityPolicies": list(policies),
        }
    )
    layers = case.layers
    if merged:
        for policy in layers.identity:
            for statement in policy.statements:
                object.__setattr__(statement.ref, "policy_name", "same")
        layers.identity = (merge_policies(layers.identity),)  # type: ignore[misc]
    return Question(case.request, layers)


def test_policies_of_one_name_are_kept_each_for_itself() -> None:
    """A user's and its group's inline policy may have the same name."""
    many = [doc("Allow", f"arn:aws:s3:::other{number}/*") for number in range(300)]
    asked = question(doc("Allow", "arn:aws:s3:::b/*"), doc("Deny", "arn:aws:s3:::b/k"), *many, merged=True)
    packed = pack(asked)
    assert packed is not None
    again = unpack(packed)
    assert again.abridged
    assert not again.decide().allowed
    assert len(packed) < 1000
    (layer,) = again.to_json()["layers"]
    assert sorted(each["effect"] for each in layer["statements"]) == ["Allow", "Deny"]
