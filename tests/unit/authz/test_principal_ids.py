"""A principal is a someone, not a name (policy-semantics)."""

import json
from typing import Any

import pytest

from iamd.authz.principal_ids import InvalidPrincipalError, Someones, ids_to_principals, principals_to_ids, someones
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.identities import Role, User
from iamd.stores.ports.store import Transaction

HERE = "111111111111"
THERE = "222222222222"
ALICE = "AIDAAAAAAAAAAAAAALICE"
DEPLOY = "AROAAAAAAAAAAAADEPLOY"


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()

    def fill(transaction: Transaction) -> None:
        state = transaction.state
        for number in (HERE, THERE):
            state.accounts.insert(Account(number, "x", 1, "root@x", "", f"canonical-{number}"))
        state.users.insert(User(HERE, "alice", "alice", "/team/", ALICE, 1))
        state.roles.insert(Role(THERE, "Deploy", "deploy", "/", DEPLOY, 1))

    store.write_now(fill)
    return store


def known(store: MemoryStore) -> Someones:
    return someones(store.state, HERE)


def trust(principal: Any, element: str = "Principal") -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", element: principal}]})


def principal_of(text: str, element: str = "Principal") -> Any:
    return json.loads(text)["Statement"][0][element]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"arn:aws:iam::{HERE}:user/team/alice", ALICE),
        (f"arn:aws:iam::{THERE}:role/Deploy", DEPLOY),
        (ALICE, ALICE),
        (HERE, f"arn:aws:iam::{HERE}:root"),
        (f"arn:aws:iam::{THERE}:root", f"arn:aws:iam::{THERE}:root"),
        (f"arn:aws:sts::{THERE}:assumed-role/Deploy/me", f"arn:aws:sts::{THERE}:assumed-role/Deploy/me"),
        (f"arn:aws:sts::{HERE}:federated-user/bob", f"arn:aws:sts::{HERE}:federated-user/bob"),
        ("*", "*"),
    ],
)
@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_an_existing_principal_is_kept_by_id(store: MemoryStore, written: str, kept: str, element: str) -> None:
    assert principal_of(principals_to_ids(trust({"AWS": written}, element), known(store)), element) == {"AWS": kept}
    assert principal_of(principals_to_ids(trust({"AWS": [written]}, element), known(store)), element) == {"AWS": [kept]}


@pytest.mark.parametrize(
    "written",
    [
        f"arn:aws:iam::{HERE}:user/alice",  # not her path
        f"arn:aws:iam::{HERE}:user/team/Alice",  # not her spelling
        f"arn:aws:iam::{THERE}:user/team/alice",
        f"arn:aws:iam::{HERE}:role/Deploy",
        f"arn:aws:iam::{HERE}:group/team/alice",
        f"arn:aws:iam::{HERE}:user/*",
        f"arn:aws-cn:iam::{HERE}:user/team/alice",
        f"arn:aws:iam::{HERE}:user/team/alice ",
        f"arn:aws:sts::{HERE}:assumed-role/Deploy",
        f"arn:aws:sts::{HERE}:assumed-role/*/x",
        "arn:aws:iam::333333333333:root",
        "333333333333",
        "11111111111",
        "AIDAAAAAAAAAAAAANOONE",
        "AROAAAAAAAAAAAAAALICE",
        "alice",
        "",
    ],
)
def test_nobody_is_refused(store: MemoryStore, written: str) -> None:
    with pytest.raises(InvalidPrincipalError) as refused:
        principals_to_ids(trust({"AWS": ["*", written]}), known(store))
    assert refused.value.message == f'Invalid principal in policy: "AWS":"{written}"'


def test_other_kinds_of_principal_stay(store: MemoryStore) -> None:
    for principal in ("*", {"Service": "ec2.amazonaws.com"}, {"Federated": ["cognito-identity.amazonaws.com"]}):
        assert principal_of(principals_to_ids(trust(principal), known(store))) == principal


def test_arns_in_conditions_stay_text_and_shapes_stay(store: MemoryStore) -> None:
    arn = f"arn:aws:iam::{HERE}:user/team/alice"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": arn},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": arn}, "StringEquals": {"a": "é"}},
    }
    kept = principals_to_ids(json.dumps({"Statement": statement}, indent=2), known(store))
    expected = {"Statement": {**statement, "Principal": {"AWS": ALICE}}}
    assert kept == json.dumps(expected, separators=(",", ":"), ensure_ascii=False)


def test_numbers_keep_their_spelling_and_half_a_character_can_be_stored(store: MemoryStore) -> None:
    text = (
        '{"Statement":[{"Principal":"*","Condition":{"NumericLess":{"a":[1.10,7,-0]},"StringLike":{"b":"\\ud800"}}}]}'
    )
    kept = principals_to_ids(text, known(store))
    assert '{"a":["1.10",7,"-0"]}' in kept
    assert kept.encode()


def test_an_id_is_shown_as_arn_while_its_entity_exists(store: MemoryStore) -> None:
    written = trust({"AWS": [f"arn:aws:iam::{HERE}:user/team/alice", f"arn:aws:iam::{THERE}:role/Deploy"]})
    kept = principals_to_ids(written, known(store))
    assert json.loads(ids_to_principals(kept, known(store))) == json.loads(written)

    def rename_and_delete(transaction: Transaction) -> None:
        state = transaction.state
        state.users.delete(HERE, "alice")
        state.users.insert(User(HERE, "carol", "carol", "/", ALICE, 1))
        state.roles.delete(THERE, "Deploy")
        state.roles.insert(Role(THERE, "Deploy", "deploy", "/", "AROAAAAAAAAAANAMESAKE", 2))

    store.write_now(rename_and_delete)
    shown = principal_of(ids_to_principals(kept, known(store)))
    assert shown == {"AWS": [f"arn:aws:iam::{HERE}:user/carol", DEPLOY]}


def test_what_holds_no_id_is_shown_as_kept(store: MemoryStore) -> None:
    text = '{ "Statement": [] }'
    assert ids_to_principals(text, known(store)) is text
