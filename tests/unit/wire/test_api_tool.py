"""The generated types: those committed are current, and whatever is generated is valid."""

from pathlib import Path

import pytest

from iamd.wire.models import load_model
from tools.api import SERVICES, built_operations, generate


def test_the_committed_types_are_current() -> None:
    stale = []
    for path in SERVICES.glob("*/api.py"):
        service = path.parent.name.replace("_", "-")
        if path.read_text() != generate(service, built_operations(path.parent, load_model(service))):
            stale.append(service)
    assert stale == [], "run `make api`"


@pytest.mark.parametrize("service", ["iam", "sts", "s3", "s3control"])
def test_the_types_of_every_operation_can_be_written_and_imported(service: str) -> None:
    model = load_model(service)
    text = generate(service, model.operations)
    names: dict[str, object] = {}
    exec(compile(text, service, "exec"), names)  # noqa: S102 - our own text
    assert all(f"{operation}{side}" in names for operation in model.operations for side in ("Request", "Response"))
    assert max(len(line) for line in text.splitlines()) <= 120


def test_streams_optional_members_and_enums() -> None:
    text = generate("s3", ["GetObject", "PutObject"])
    assert "Body: NotRequired[BlobRef]" in text
    assert "Body: NotRequired[BlobSlice | bytes]" in text
    assert "    Bucket: str\n" in text
    assert "    Key: str\n" in text
    assert "    Expires: NotRequired[datetime | str]" in text
    assert "ACL: NotRequired[ObjectCannedACL]" in text
    assert "ServerSideEncryption: NotRequired[str]" in text


def test_operations_are_found_by_their_mark(tmp_path: Path) -> None:
    (tmp_path / "operations").mkdir()
    source = (
        "@service.operation\ndef get_user(c, r): ...\n@service.operation(open_to_all=True)\ndef list_users(c, r): ...\n"
    )
    (tmp_path / "operations" / "users.py").write_text(source + "def create_user(c, r): ...\n")
    assert built_operations(tmp_path, load_model("iam")) == ["GetUser", "ListUsers"]
