"""A hundred thousand users: no page reads more than it shows, and a name is found by the server's index."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.browser.crowd import GROUP, name_of, write_crowd
from tests.browser.test_pages import settled
from tests.browser.visitor import Visitor
from tests.clients.server import Iamd, running

pytestmark = pytest.mark.xdist_group("browser-c")
MANY: Final = 100_000
LAST: Final = name_of(MANY - 1)
MEMBERS: Final = ("Users", "Groups", "Policies", "AttachedPolicies", "keys")


@dataclass
class Traffic:
    """What the pages have asked for since `clear`: the operations, and the rows of lists in their answers."""

    answers: list[Response] = field(default_factory=list)

    def hear(self, response: Response) -> None:
        if response.request.method == "POST" and not response.url.endswith(("/rights", "/signin")):
            self.answers.append(response)

    @property
    def calls(self) -> list[str]:
        return [answer.url.partition("/console/api/")[2].removeprefix("iam/") for answer in self.answers]

    @property
    def rows(self) -> int:
        contents: list[dict[str, Any]] = [answer.json() for answer in self.answers if answer.ok]
        return sum(len(content.get(name) or ()) for content in contents for name in MEMBERS)

    def clear(self) -> None:
        self.answers.clear()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iamd]:
    """One server for all of these: what one makes does not stand in another's way."""
    data_dir = tmp_path_factory.mktemp("crowd")
    with running(data_dir):
        pass
    write_crowd(data_dir, MANY)
    with running(data_dir, "--user-quota", str(MANY * 2)) as (iamd, _):
        yield iamd


@pytest.fixture
def root(crowd: Iamd, chromium: Browser) -> Iterator[Visitor]:
    context = chromium.new_context(locale="en", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    someone = Visitor.enter(crowd, context)
    someone.sign_in_as_root()
    settled(someone)
    yield someone
    context.close()
    assert someone.faults == []


@pytest.fixture
def traffic(root: Visitor) -> Traffic:
    heard = Traffic()
    root.page.on("response", heard.hear)
    return heard


def test_no_page_reads_more_than_it_shows(root: Visitor, traffic: Traffic) -> None:
    expect(root.page.get_by_role("link", name=re.compile("Users: 1000"))).to_be_visible()
    at_most = {
        "/iam": ("IAM Dashboard", 0),
        "/iam/users": ("Users", 25),
        "/iam/groups": ("User groups", 25),
        f"/iam/groups/{GROUP}": (GROUP, 26),
        "/iam/groups/create": ("Create user group", 50),
        "/iam/users/create": ("Create user", 25),
        f"/iam/users/{LAST}": (LAST, 25),
        f"/iam/users/{LAST}?tab=groups": (LAST, 25),
    }
    for path, (heading, rows) in at_most.items():
        traffic.clear()
        root.visit(path, heading)
        settled(root)
        assert traffic.rows <= rows, (path, traffic.calls)
        assert len(traffic.calls) <= 10, (path, traffic.calls)


def test_a_name_is_found_by_the_index_and_inside_names_on_demand(root: Visitor, traffic: Traffic) -> None:
    root.follow("Users", "Users")
    settled(root)
    for _ in range(2):
        root.press("Next page")
    expect(root.page.get_by_role("link", name=name_of(50), exact=True)).to_be_visible()
    traffic.clear()
    search = root.page.get_by_label("Search users", exact=True)
    search.fill(LAST.upper())
    expect(root.page.get_by_role("link", name=LAST, exact=True)).to_be_visible()
    settled(root)
    assert traffic.calls == ["ListUsers", "ListUsers"]
    assert traffic.rows == 1 + 1000, "who begins with it, and a first page to look inside"

    traffic.clear()
    search.fill("user-0")
    root.told("These are the first 100 that match")
    assert traffic.calls == ["ListUsers"]
    assert traffic.rows == 100

    search.fill(LAST.removeprefix("user-"))
    root.told("Nothing matches")
    root.told("inside names only the first 1,000 were looked through")
    root.press("Look through all")
    expect(root.page.get_by_role("link", name=LAST, exact=True)).to_be_visible()


def test_somebody_of_many_joins_a_group_and_is_copied(root: Visitor) -> None:
    iam = root.iamd.client("iam")
    iam.create_group(GroupName="few")
    root.go("/iam/groups/few", "few")
    root.press("Add users")
    root.search_and_tick("Search users", LAST)
    root.press("Add users")
    root.page.get_by_role("link", name=LAST, exact=True).wait_for()
    assert [user["UserName"] for user in iam.get_group(GroupName="few")["Users"]] == [LAST]

    root.go("/iam/users/create", "Create user")
    root.fill("User name", "copy")
    root.press("Next")
    root.choose("Copy permissions")
    root.page.get_by_label("Search users", exact=True).fill(LAST)
    root.pick(LAST)
    root.press("Next")
    root.press("Create user")
    root.heading("User created successfully")
    groups = [group["GroupName"] for group in iam.list_groups_for_user(UserName="copy")["Groups"]]
    assert sorted(groups) == [GROUP, "few"]


def test_g3_2_unused_keys_of_many_are_found_some_at_a_time(root: Visitor, traffic: Traffic) -> None:
    root.visit("/iam/unused-keys", "Unused access keys")
    root.told("These are the first 1,000.")
    assert traffic.calls == ["keys/unused"] * 4
    assert traffic.rows == 1000
    root.page.get_by_role("checkbox", name=f"Select AKIA{7:016}").check(force=True)
    root.press("Deactivate 1 key")
    root.told("1 access key is deactivated.")
    keys = root.iamd.client("iam").list_access_keys(UserName=name_of(7))["AccessKeyMetadata"]
    assert [key["Status"] for key in keys] == ["Inactive"]
