"""Whatever people may write in names, tags, keys and policies is text on every page."""

import json
from typing import Final

import pytest

from tests.browser.test_pages import settled
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-c")
ATTACK: Final = "\"'><img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
KEY: Final = ATTACK.partition("<script>")[0]
PLAIN: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def test_what_people_write_is_never_markup(root: Visitor) -> None:
    iam, s3 = root.iamd.client("iam"), root.iamd.client("s3")
    # Names are as far from text as IAM lets them be; values, descriptions, keys and documents are free.
    iam.create_user(UserName="a=b,c@d.e+f_g-h")
    iam.create_user(UserName="alice", Tags=[{"Key": "=HYPERLINK", "Value": "javascript:alert/1+1"}])
    described = iam.create_policy(
        PolicyName="p", PolicyDocument=json.dumps({**PLAIN, "Id": ATTACK}), Description=ATTACK.replace("\n", " ")
    )["Policy"]
    iam.put_user_policy(UserName="alice", PolicyName="q", PolicyDocument=json.dumps({**PLAIN, "Id": ATTACK}))
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key=KEY, Body=ATTACK.encode(), ContentType="text/html")
    s3.put_object(Bucket="photos", Key=ATTACK, Body=b"")  # its slash makes a folder of it
    for path, heading in {
        "/iam/users": "Users",
        "/iam/users/a%3Db%2Cc%40d.e%2Bf_g-h": "a=b,c@d.e+f_g-h",
        "/iam/users/alice": "alice",
        "/iam/users/alice?tab=tags": "alice",
        f"/iam/policies/detail?arn={described['Arn']}": "p",
        "/s3/buckets/photos": "photos",
        "/events": "Event history",
    }.items():
        root.go(path, heading)
        settled(root)
        assert "pwned" not in root.page.title(), path
        assert root.page.locator("img[src=x]").count() == 0, path

    root.go("/s3/buckets/photos", "photos")
    root.page.get_by_role("checkbox", name=f"Select {KEY}", exact=True).check(force=True)
    with root.page.expect_download() as waiting:
        root.press("Download")
    assert waiting.value.path().read_bytes() == ATTACK.encode(), "saved, never shown as a page of this origin"


def test_a_page_that_is_asked_for_by_an_attack_is_not_found(root: Visitor) -> None:
    root.page.goto(root.iamd.console.rstrip("/") + "/iam/users/%3Cimg%20src=x%20onerror=alert(1)%3E")
    root.page.get_by_text("alert(1)").first.wait_for()
    assert root.page.locator("img[src=x]").count() == 0
