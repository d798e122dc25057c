"""Console sessions, guesses and metrics of two nodes on one database."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.browser import totp
from tests.clients.console import Pages
from tests.clients.scraping import metrics_url, samples, scrape
from tests.clients.server import Iamd
from tests.postgres.cluster import Cluster
from tests.postgres.nodes import CURRENT_SECONDS, nodes, stale_seconds

pytestmark = pytest.mark.xdist_group("postgres")
PASSWORD: Final = "Correct-1-Horse"


@dataclass
class Two:
    """Two nodes, and the folder of their data directories, `0` and `1`."""

    one: Iamd
    other: Iamd
    folder: Path


@pytest.fixture(scope="module")
def two(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("consoles")
    with nodes(folder, [postgres.database("consoles")] * 2, "--metrics-port", "0") as (one, other):
        yield Two(one, other, folder)


def on(node: Iamd, pages: Pages) -> Pages:
    """The same browser at another node."""
    return Pages(node, cookie=pages.cookie, csrf=pages.csrf)


def status(pages: Pages) -> str:
    """Of a page that memory could answer."""
    return str(pages.post("iam/ListUsers").status)


def made(two: Two, name: str) -> None:
    iam = two.one.client("iam")
    iam.create_user(UserName=name)
    iam.create_login_profile(UserName=name, Password=PASSWORD)
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")


def test_a_session_holds_on_both_nodes_and_ends_on_both(two: Two) -> None:
    here = Pages(two.one)
    assert here.sign_in_root().status == 200
    there = on(two.other, here)
    for pages in (here, there):
        assert pages.get("session").json["signed_in"] is True
        assert pages.post("iam/ListUsers").status == 200
    assert there.post("signout").status == 200
    assert stale_seconds("401", partial(status, here)) < CURRENT_SECONDS
    assert here.get("session").json == {"signed_in": False}


def test_a_device_of_one_node_is_asked_for_on_the_other(two: Two) -> None:
    made(two, "phoned")
    iam = two.one.client("iam")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    secret = device["Base32StringSeed"].decode()
    first, second = totp.two_codes(secret)
    iam.enable_mfa_device(
        UserName="phoned", SerialNumber=device["SerialNumber"], AuthenticationCode1=first, AuthenticationCode2=second
    )
    there = Pages(two.other)
    assert there.sign_in("phoned", PASSWORD).json["code"] == "MfaRequired"
    code = totp.code(secret, 1)
    assert there.sign_in("phoned", PASSWORD, mfa_code=code).status == 200
    here = Pages(two.one)
    # A code is good once, wherever it was used.
    assert here.sign_in("phoned", PASSWORD, mfa_code=code).status == 401
    assert on(two.one, there).get("session").json["mfa"] is True


def test_a_new_password_ends_the_sessions_of_the_old_one_on_the_other_node(two: Two) -> None:
    made(two, "renewed")
    there = Pages(two.other)
    assert there.sign_in("renewed", PASSWORD).status == 200
    two.one.client("iam").update_login_profile(UserName="renewed", Password=PASSWORD + "!")
    assert stale_seconds("401", partial(status, there)) < CURRENT_SECONDS


def test_guesses_at_a_password_are_counted_over_both_nodes(two: Two) -> None:
    made(two, "guessed")
    turns = [two.one, two.other] * 5
    guesses = [Pages(node).sign_in("guessed", f"wrong{n}").json["code"] for n, node in enumerate(turns)]
    assert guesses == ["AuthenticationFailed"] * 10
    for node in (two.one, two.other):
        assert Pages(node).sign_in("guessed", PASSWORD).json["code"] == "Throttled"
        assert Pages(node).sign_in_root().status == 200


def test_each_node_counts_what_it_did(two: Two) -> None:
    urls = [metrics_url(two.folder / name) for name in ("0", "1")]
    before = [_users_made(url) for url in urls]
    two.one.client("iam").create_user(UserName="counted")
    assert [_users_made(url) for url in urls] == [before[0] + 1, before[1]]
    found = scrape(urls[0])
    assert samples(found, "iamd_commit_seconds", "iamd_commit_seconds_count")[()] >= 1
    assert samples(found, "iamd_audit_events_dropped") == samples(found, "iamd_commit_failures") == {(): 0}
    assert samples(found, "iamd_changelog_behind")[()] >= 0


def _users_made(url: str) -> float:
    return samples(scrape(url), "iamd_requests").get(("CreateUser", "success", "iam"), 0)
