"""The built pages: what may be kept, what carries a nonce, and what is there while nothing is built."""

import gzip
from pathlib import Path

import pytest

from iamd.console.static import Static
from iamd.model.http import HttpResponse

INDEX = '<html><head><meta name="csp-nonce" content="" /></head><script src="/assets/a-1.js"></script></html>'


@pytest.fixture
def built(tmp_path: Path) -> Static:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / ".stamp").write_text("secret")
    (tmp_path / "assets" / "a-1.js").write_text("let a = 1;" * 100)
    nonces = iter(["n1", "n2"])
    return Static(tmp_path, lambda: next(nonces))


def header(answer: HttpResponse, name: bytes) -> bytes | None:
    return next((value for key, value in answer.headers if key == name), None)


def test_a_hashed_asset_is_kept_for_ever_and_packed_for_who_takes_it(built: Static) -> None:
    plain, packed = built.answer("/assets/a-1.js"), built.answer("/assets/a-1.js", "br, gzip")
    assert header(plain, b"cache-control") == b"public, max-age=31536000, immutable"
    assert header(plain, b"content-type") == b"text/javascript; charset=utf-8"
    assert header(plain, b"content-encoding") is None
    assert header(packed, b"content-encoding") == b"gzip"
    assert isinstance(packed.body, bytes)
    assert gzip.decompress(packed.body) == plain.body


def test_every_page_carries_a_nonce_of_its_own_in_the_page_and_in_the_policy(built: Static) -> None:
    for path, nonce in (("/", b"n1"), ("/iam/users/x", b"n2")):
        answer = built.answer(path)
        assert answer.body == INDEX.replace('content=""', f'content="{nonce.decode()}"').encode()
        assert b"'nonce-" + nonce + b"'" in (header(answer, b"content-security-policy") or b"")
        assert header(answer, b"cache-control") == b"no-store"


@pytest.mark.parametrize("path", ["/assets/gone.js", "/assets/../.stamp", "/console/s3", "/console/x"])
def test_what_is_no_page_and_not_there_is_not_found(built: Static, path: str) -> None:
    assert built.answer(path).status == 404


@pytest.mark.parametrize("path", ["/.stamp", "/%2e%2e/x", "/../../etc/passwd"])
def test_nothing_but_the_built_files_is_ever_sent(built: Static, path: str) -> None:
    assert b"csp-nonce" in bytes(built.answer(path).body)  # type: ignore[arg-type]  # pages are bytes


def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    answer = Static(tmp_path / "nowhere", lambda: "n").answer("/")
    assert isinstance(answer.body, bytes)
    assert (answer.status, b"make console" in answer.body) == (200, True)
