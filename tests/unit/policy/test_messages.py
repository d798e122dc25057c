"""AWS's words for a denial, from the table."""

import pytest

from iamd.model.decision import Decision, Layer, Outcome, StatementRef
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.policy import AccessRequest, denial_message

ALICE = Principal(PrincipalKind.USER, "arn:aws:iam::111122223333:user/alice", "111122223333")
KEY = "arn:aws:s3:::b/k"
REQUEST = AccessRequest(ALICE, "s3:GetObject", KEY)
POLICY = "arn:aws:iam::111122223333:policy/p"
START = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:GetObject"


def denied(layer: Layer, outcome: Outcome = Outcome.IMPLICITLY_DENIED, arn: str | None = None) -> Decision:
    statement = StatementRef(arn, "p", 0, None) if outcome is Outcome.EXPLICITLY_DENIED else None
    return Decision(outcome, layer, statement, (layer,))


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Layer.IDENTITY, "identity-based policy"),
        (Layer.RESOURCE, "resource-based policy"),
        (Layer.BOUNDARY, "permissions boundary"),
        (Layer.SESSION, "session policy"),
        (Layer.SCP, "service control policy"),
    ],
)
def test_an_implicit_deny_names_the_layer(layer: Layer, words: str) -> None:
    message = denial_message(denied(layer), REQUEST, resource=KEY)
    assert message == f"{START} on resource: {KEY} because no {words} allows the s3:GetObject action"


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Layer.IDENTITY, "an identity-based policy"),
        (Layer.RESOURCE, "a resource-based policy"),
        (Layer.BOUNDARY, "a permissions boundary"),
        (Layer.SESSION, "a session policy"),
        (Layer.SCP, "a service control policy"),
        (Layer.RCP, "a resource control policy"),
    ],
)
def test_an_explicit_deny_names_the_layer(layer: Layer, words: str) -> None:
    message = denial_message(denied(layer, Outcome.EXPLICITLY_DENIED), REQUEST, resource=KEY)
    assert message == f"{START} on resource: {KEY} with an explicit deny in {words}"


def test_an_explicit_deny_names_a_managed_policy() -> None:
    explicit = denied(Layer.IDENTITY, Outcome.EXPLICITLY_DENIED, POLICY)
    tail = "with an explicit deny in an identity-based policy"
    assert denial_message(explicit, REQUEST, resource=KEY) == f"{START} on resource: {KEY} {tail}: {POLICY}"
    assert denial_message(explicit, REQUEST) == f"{START} {tail}: {POLICY}"
    assert denial_message(explicit, REQUEST, same_organization=False) == f"{START} {tail}"


def test_s3_quotes_the_resource_and_tells_strangers_nothing() -> None:
    explicit = denied(Layer.SCP, Outcome.EXPLICITLY_DENIED, POLICY)
    message = denial_message(explicit, REQUEST, resource=KEY, s3=True)
    tail = f"with an explicit deny in a service control policy, with policy ARN: {POLICY}"
    assert message == f'{START} on resource: "{KEY}" {tail}'
    assert denial_message(explicit, REQUEST, resource=KEY, s3=True, same_organization=False) == "Access Denied"
    stranger = AccessRequest(ANONYMOUS, "s3:GetObject", KEY)
    assert denial_message(denied(Layer.RESOURCE), stranger, resource=KEY, s3=True) == "Access Denied"


def test_outside_s3_a_stranger_is_told_what_it_may_not_do() -> None:
    message = denial_message(denied(Layer.RESOURCE), AccessRequest(ANONYMOUS, "sqs:SendMessage", KEY))
    assert message == (
        "User: anonymous is not authorized to perform: sqs:SendMessage "
        "because no resource-based policy allows the sqs:SendMessage action"
    )


def test_trust_has_words_of_its_own() -> None:
    request = AccessRequest(ALICE, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r")
    message = denial_message(denied(Layer.RESOURCE), request, trust=True)
    assert message.endswith("because no role trust policy allows the sts:AssumeRole action")
    explicit = denied(Layer.RESOURCE, Outcome.EXPLICITLY_DENIED)
    assert denial_message(explicit, request, trust=True).endswith("with an explicit deny in the role trust policy")
