"""A session token proves exactly one session, to exactly one access key, and to nobody without the ring."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamd.credentials.key_ring import KeyRing, new_ring_key
from iamd.credentials.session_facts import SessionFacts
from iamd.credentials.session_token import InvalidSessionTokenError, SessionTokens, packed_policy_size
from iamd.model.errors import AwsError

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32
RING = KeyRing({"old": OLD, "new": NEW}, "new")
PLAIN = SessionFacts(
    access_key_id="ASIAQAAAAAAAEXAMPLE7",
    account="123456789012",
    kind="assumed-role",
    issuer_kind="Role",
    issuer_arn="arn:aws:iam::123456789012:role/reader",
    issuer_id="AROAAAAAAAAAAAAAAAAAA",
    issuer_name="reader",
    session_name="sess",
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)
FULL = replace(
    PLAIN,
    policies=('{"Statement": []}', "é😀"),
    policy_arns=("arn:aws:iam::aws:policy/ReadOnlyAccess",),
    tags=(("team", "blue"), ("empty", "")),
    transitive_tag_keys=("team",),
    source_identity="alice",
    mfa=True,
    mfa_at=NOW,
    chained=True,
    parent_access_key_id="AKIAQAAAAAAAEXAMPLE7",
    federated_provider="arn:aws:iam::123456789012:saml-provider/p",
)


@pytest.mark.parametrize("facts", [PLAIN, FULL], ids=["plain", "full"])
def test_what_goes_in_comes_out(facts: SessionFacts) -> None:
    issued = SessionTokens(lambda: RING).issue(facts)
    opened = SessionTokens(lambda: RING).open_token(issued.token, facts.access_key_id)
    assert replace(opened, secret="") == facts
    assert opened == issued.facts
    assert len(opened.secret) == 40


def test_secrets_are_not_in_the_token_nor_in_a_repr() -> None:
    issued = SessionTokens(lambda: RING).issue(FULL)
    assert issued.facts.secret.encode() not in b64decode(issued.token)
    assert issued.facts.secret not in repr(issued)
    assert issued.token not in repr(issued)
    assert str(NEW) not in repr(RING)


def test_two_sessions_of_one_access_key_id_have_two_secrets() -> None:
    tokens = SessionTokens(lambda: RING)
    assert tokens.issue(PLAIN).facts.secret != tokens.issue(PLAIN).facts.secret


def test_another_access_key_is_refused_also_when_the_token_is_remembered() -> None:
    tokens = SessionTokens(lambda: RING)
    token = tokens.issue(PLAIN).token
    tokens.open_token(token, PLAIN.access_key_id)
    for other in ("ASIAQAAAAAAAEXAMPLE6", "", "é"):
        with pytest.raises(InvalidSessionTokenError):
            tokens.open_token(token, other)


def test_a_rotated_ring_opens_old_tokens_until_their_key_leaves() -> None:
    rings = [KeyRing({"old": OLD}, "old")]
    tokens = SessionTokens(lambda: rings[-1])
    token = tokens.issue(PLAIN).token
    rings.append(RING)
    assert tokens.open_token(token, PLAIN.access_key_id).account == PLAIN.account
    rings.append(KeyRing({"new": NEW}, "new"))
    with pytest.raises(InvalidSessionTokenError):
        tokens.open_token(token, PLAIN.access_key_id)


def test_a_key_of_the_same_name_elsewhere_opens_nothing() -> None:
    token = SessionTokens(lambda: KeyRing({"new": OLD}, "new")).issue(PLAIN).token
    with pytest.raises(InvalidSessionTokenError):
        SessionTokens(lambda: RING).open_token(token, PLAIN.access_key_id)


def test_every_bit_counts() -> None:
    tokens = SessionTokens(lambda: RING)
    token = tokens.issue(PLAIN).token
    raw = bytearray(b64decode(token))
    for at in range(len(raw)):
        raw[at] ^= 1
        with pytest.raises(InvalidSessionTokenError):
            tokens.open_token(b64encode(raw).decode(), PLAIN.access_key_id)
        raw[at] ^= 1
    assert tokens.open_token(b64encode(raw).decode(), PLAIN.access_key_id) == tokens.open_token(
        token, PLAIN.access_key_id
    )


def test_every_letter_counts() -> None:
    tokens = SessionTokens(lambda: RING)
    for name in ("a", "ab", "abc"):
        token = tokens.issue(replace(PLAIN, session_name=name)).token
        for at in range(len(token)):
            other = "B" if token[at] == "A" else "A"
            with pytest.raises(InvalidSessionTokenError):
                tokens.open_token(token[:at] + other + token[at + 1 :], PLAIN.access_key_id)
            with pytest.raises(InvalidSessionTokenError):
                tokens.open_token(token[:at], PLAIN.access_key_id)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda raw: b64encode(b"\x01\x03new" + raw).decode()))
)
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(InvalidSessionTokenError):
        SessionTokens(lambda: RING).open_token(text, PLAIN.access_key_id)


def test_too_much_packed_policy() -> None:
    tags = tuple(
        (f"key{number}", bytes((number * 37 + at * at * 7) % 251 for at in range(128)).hex()) for number in range(50)
    )
    with pytest.raises(AwsError) as caught:
        SessionTokens(lambda: RING).issue(replace(PLAIN, tags=tags))
    assert caught.value.code == "PackedPolicyTooLarge"
    assert caught.value.status == 400
    size = packed_policy_size(replace(PLAIN, tags=tags))
    assert size > 100
    assert caught.value.message == f"Packed size of session tags consumes {size}% of allotted space."
    with pytest.raises(AwsError, match="Packed policy consumes"):
        SessionTokens(lambda: RING).issue(replace(PLAIN, tags=tags, policies=("{}",)))


def test_a_token_within_the_allotment_fits_beside_the_longest_names() -> None:
    chance = [b64encode(new_ring_key()[1]).decode() for _ in range(40)]
    long = "".join(chance)
    facts = replace(
        PLAIN,
        issuer_arn=f"arn:aws:iam::123456789012:role/{long[:512]}/{long[512:576]}",
        issuer_name=long[512:576],
        session_name=long[576:640],
        source_identity=long[640:704],
        policies=("",),
    )
    for length in range(0, 2048, 64):
        given_facts = replace(facts, policies=(long[704 : 704 + length],))
        if packed_policy_size(given_facts) <= 100:
            assert len(SessionTokens(lambda: RING).issue(given_facts).token) <= 4096


def test_packed_policy_size_is_nothing_for_nothing() -> None:
    assert packed_policy_size(PLAIN) == 0
    assert 0 < packed_policy_size(FULL) < 20


def test_what_is_remembered_is_bounded() -> None:
    tokens = SessionTokens(lambda: RING, size=2)
    issued = [tokens.issue(PLAIN).token for _ in range(4)]
    for token in issued:
        tokens.open_token(token, PLAIN.access_key_id)
    assert list(tokens._opened) == issued[2:]


@pytest.mark.parametrize(
    ("keys", "current"), [({"a": b"short"}, "a"), ({"a": OLD}, "b"), ({"": OLD}, ""), ({"é": OLD}, "é")]
)
def test_a_ring_refuses_what_it_could_not_use(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(ValueError, match="key"):
        KeyRing(keys, current)


def test_the_bits_that_base64_ignores_count_too() -> None:
    tokens = SessionTokens(lambda: RING)
    issued = [tokens.issue(replace(PLAIN, session_name=name)).token for name in ("a", "bc", "def", "ghij")]
    padded = [token for token in issued if token.endswith("=")]
    assert padded
    for token in padded:
        body, padding = token.rstrip("="), token[len(token.rstrip("=")) :]
        raw = b64decode(token)
        aliases = [body[:-1] + last + padding for last in ascii_letters + digits + "+/" if last != body[-1]]
        assert any(b64decode(text) == raw for text in aliases)
        for text in aliases:
            with pytest.raises(InvalidSessionTokenError):
                tokens.open_token(text, PLAIN.access_key_id)
