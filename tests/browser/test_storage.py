"""Buckets and objects by hand and eye."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-a")
_DROP = """
([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, { type: "text/plain" }));
  return files;
}
"""


def test_a_bucket_is_made_filled_read_and_emptied(root: Visitor, tmp_path: Path) -> None:
    s3 = root.iamd.client("s3")
    root.follow("Buckets", "Buckets")
    root.press("Create bucket")
    root.fill("Bucket name", "photos")
    root.press("Create bucket")
    root.page.get_by_role("link", name="photos", exact=True).click()
    root.heading("photos")

    first = tmp_path / "näme & #1.txt"
    first.write_bytes(b"first")
    second = tmp_path / "second.bin"
    second.write_bytes(bytes(range(256)) * 4096)
    root.press("Upload")
    root.page.locator("input[type=file]").set_input_files([first, second])
    root.page.get_by_role("dialog").get_by_role("button", name="Upload", exact=True).click()
    root.told("2 files uploaded.")
    root.press("Close")
    assert s3.get_object(Bucket="photos", Key="näme & #1.txt")["Body"].read() == b"first"
    assert s3.get_object(Bucket="photos", Key="second.bin")["Body"].read() == second.read_bytes()

    root.press("Create folder")
    root.fill("Folder name", "2026")
    root.page.get_by_role("dialog").get_by_role("button", name="Create folder", exact=True).click()
    root.page.get_by_role("link", name="2026/", exact=True).click()
    root.heading("2026")
    dropped = root.page.evaluate_handle(_DROP, ["dropped.txt", "third"])
    root.page.get_by_text("No objects").dispatch_event("drop", {"dataTransfer": dropped})
    root.page.get_by_role("dialog").get_by_role("button", name="Upload", exact=True).click()
    root.told("1 file uploaded.")
    root.press("Close")
    assert s3.get_object(Bucket="photos", Key="2026/dropped.txt")["Body"].read() == b"third"

    root.go("/s3/buckets/photos", "photos")
    root.page.get_by_role("checkbox", name="Select second.bin").check(force=True)
    with root.page.expect_download() as waiting:
        root.press("Download")
    assert Path(waiting.value.path()).read_bytes() == second.read_bytes()
    assert waiting.value.suggested_filename == "second.bin"

    root.page.get_by_role("checkbox", name="Select 2026/").check(force=True)
    root.press("Delete")
    root.confirm("permanently delete", "Delete objects")
    expect(root.page.get_by_role("link", name="2026/", exact=True)).to_have_count(0)
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="photos")["Contents"]] == ["näme & #1.txt"]

    root.follow("Buckets", "Buckets")
    root.pick("photos")
    root.press("Empty")
    root.confirm("permanently delete", "Empty")
    root.press("Delete")
    root.confirm("photos", "Delete")
    root.told("Bucket photos deleted.")
    assert s3.list_buckets()["Buckets"] == []


def test_a_bucket_policy_is_written_where_it_is_not_blocked(root: Visitor) -> None:
    s3 = root.iamd.client("s3")
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="a.txt", Body=b"a")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    root.go("/s3/buckets/photos?tab=permissions", "photos")
    root.press("Edit bucket policy")
    root.write_policy("Bucket policy", json.dumps(policy))
    root.page.get_by_role("button", name="Save changes").last.click()
    root.told("Access denied")

    root.press("Cancel")
    for name in ("Block public access granted through new public", "Block public and cross-account access"):
        root.page.get_by_role("checkbox", name=name).uncheck(force=True)
    root.page.get_by_role("button", name="Save changes").first.click()
    root.confirm("confirm", "Save changes")
    root.press("Edit bucket policy")
    root.write_policy("Bucket policy", json.dumps(policy))
    root.page.get_by_role("button", name="Save changes").last.click()
    root.told("The bucket policy is saved.")
    assert json.loads(s3.get_bucket_policy(Bucket="photos")["Policy"]) == policy
    expect(root.page.get_by_text("Public", exact=True)).to_be_visible()


def test_a_folder_is_dropped_on_a_bucket_and_lies_there_with_what_is_in_it(root: Visitor, tmp_path: Path) -> None:
    s3 = root.iamd.client("s3")
    s3.create_bucket(Bucket="photos")
    folder = tmp_path / "2026"
    (folder / "july").mkdir(parents=True)
    (folder / "july" / "sea.txt").write_bytes(b"blue")
    for number in range(60):
        (folder / f"{number}.txt").write_bytes(b"%d" % number)
    root.go("/s3/buckets/photos", "photos")
    box = root.page.get_by_text("No objects").bounding_box()
    assert box is not None
    browser = root.context.new_cdp_session(root.page)
    place = {"x": box["x"], "y": box["y"], "data": {"items": [], "files": [str(folder)], "dragOperationsMask": 1}}
    browser.send("Input.dispatchDragEvent", {"type": "dragEnter", **place})
    browser.send("Input.dispatchDragEvent", {"type": "dragOver", **place})
    expect(root.page.locator(".drop-area.over")).to_be_visible()
    browser.send("Input.dispatchDragEvent", {"type": "drop", **place})
    root.told("and 11 more")
    root.page.get_by_role("dialog").get_by_role("button", name="Upload", exact=True).click()
    root.told("61 files uploaded.")
    root.told("61 of 61 uploaded")
    root.press("Close")
    expect(root.page.get_by_role("link", name="2026/", exact=True)).to_be_visible()
    assert s3.get_object(Bucket="photos", Key="2026/july/sea.txt")["Body"].read() == b"blue"
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="photos")["Contents"]]
    assert len(keys) == 61

    root.page.get_by_role("checkbox", name="Select 2026/").check(force=True)
    root.press("Delete")
    root.confirm("permanently delete", "Delete objects")
    root.told("61 objects deleted.")
    assert "Contents" not in s3.list_objects_v2(Bucket="photos")
