"""Master key, sealed secrets, passwords and the source of chance."""

import os
from pathlib import Path

import pytest

from iamd.credentials.master_key import MasterKeyError, create_master_key, is_exposed, load_master_key
from iamd.credentials.master_key import load_or_create_master_key as load_or_create
from iamd.credentials.passwords import Passwords
from iamd.credentials.randomness import Ids
from iamd.credentials.sealing import Sealer, UnsealError

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_new_master_key_is_kept_private_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    key = load_or_create(path)
    assert len(key) == 32
    assert path.read_text() == key.hex() + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not is_exposed(path)
    assert load_or_create(path) == key
    assert [entry.name for entry in tmp_path.iterdir()] == ["master.key"]


def test_a_master_key_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    key = create_master_key(path)
    with pytest.raises(MasterKeyError, match="exists"):
        create_master_key(path)
    assert load_master_key(path) == key
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "a" * 63, "a" * 65, "a" * 64 + " b", "a" * 5000, "é" * 64])
def test_a_malformed_master_key_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text)
    with pytest.raises(MasterKeyError) as caught:
        load_master_key(path)
    assert "64 hex digits" in str(caught.value)
    assert not text or text not in str(caught.value).replace(str(path), "")


def test_white_space_around_a_master_key_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text("AB" * 32 + "\r\n")
    assert load_master_key(path) == b"\xab" * 32
    with pytest.raises(MasterKeyError):
        load_master_key(tmp_path / "missing")


def test_a_sealed_secret_opens_for_its_context_only() -> None:
    sealer = Sealer(KEY)
    sealed = sealer.seal(b"secret", "123456789012", "AKIAX")
    assert b"secret" not in sealed
    assert sealer.open(sealed, "123456789012", "AKIAX") == b"secret"
    assert sealer.seal(b"secret", "123456789012", "AKIAX") != sealed
    for context in (("123456789012", "AKIAY"), ("123456789012AKIAX",), ("123456789012", "AKIAX", ""), ()):
        with pytest.raises(UnsealError):
            sealer.open(sealed, *context)


def test_a_sealed_secret_shows_every_change() -> None:
    sealer = Sealer(KEY)
    sealed = bytearray(sealer.seal(b"secret", "a"))
    for at in range(len(sealed)):
        sealed[at] ^= 1
        with pytest.raises(UnsealError):
            sealer.open(bytes(sealed), "a")
        sealed[at] ^= 1
    for length in range(len(sealed)):
        with pytest.raises(UnsealError):
            sealer.open(bytes(sealed[:length]), "a")


def test_another_master_key_opens_nothing_and_an_older_one_still_does() -> None:
    sealed = Sealer(KEY).seal(b"secret", "a")
    with pytest.raises(UnsealError):
        Sealer(OTHER).open(sealed, "a")
    rotated = Sealer(OTHER, KEY)
    assert rotated.open(sealed, "a") == b"secret"
    assert rotated.key_id == Sealer(OTHER).key_id


def test_passwords() -> None:
    passwords = Passwords(time=1, memory=64, lanes=1)
    stored = passwords.hash("correct horse")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "correct horse")
    assert not passwords.verify(stored, "wrong")
    assert not passwords.verify(None, "correct horse")
    assert not passwords.verify(stored, "x" * 100_000)
    assert not passwords.needs_rehash(stored)
    assert Passwords(time=2, memory=64, lanes=1).needs_rehash(stored)


def test_nobodys_password_costs_what_somebodys_costs() -> None:
    passwords = Passwords(time=1, memory=64, lanes=1)
    assert not passwords.needs_rehash(passwords._nobody)


def test_ids_do_not_repeat() -> None:
    ids = Ids()
    assert len({ids.request_id(1) for _ in range(2000)}) == 2000
    assert len({ids.unique_id("AIDA") for _ in range(100)}) == 100
    assert ids.access_key_id("123456789012").startswith("AKIA")


def test_a_fork_throws_its_parents_chance_away(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = Ids()
    ids.request_id(1)
    kept = list(ids._pieces)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    ids.request_id(1)
    assert not set(kept) & set(ids._pieces)
