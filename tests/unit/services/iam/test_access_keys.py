"""Access keys: two a user, shown once, sealed, and reached only through their owner."""

from typing import Any

import pytest

from iamd.credentials.sealing import UnsealError
from iamd.model.ids import account_of_access_key
from iamd.stores.ports.credentials import AccessKeyUse
from tests.unit.services.lab import HERE, THERE, Lab, allow

OWN_KEYS = ["iam:CreateAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey", "iam:DeleteAccessKey"]


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.add_user("alice")
    lab.add_user("bob")
    return lab


def create(lab: Lab, name: str | None = "alice", account: str = HERE) -> Any:
    more = {} if name is None else {"UserName": name}
    return lab.call(lab.root(account), "CreateAccessKey", **more)["AccessKey"]


def user_arn(name: str) -> str:
    return f"arn:aws:iam::{HERE}:user/{name}"


def not_there(key_id: str) -> tuple[str, str, int]:
    return "NoSuchEntity", f"The Access Key with id {key_id} cannot be found.", 404


def test_a_created_key_has_awss_shape_and_a_sealed_secret(lab: Lab) -> None:
    key = create(lab)
    assert (key["UserName"], key["Status"], key["CreateDate"]) == ("alice", "Active", lab.now)
    assert account_of_access_key(key["AccessKeyId"]) == HERE
    assert len(key["SecretAccessKey"]) == 40
    kept = lab.state.access_keys.get(key["AccessKeyId"])
    assert kept is not None
    assert lab.tools.sealer.open(kept.sealed_secret, HERE, kept.id) == key["SecretAccessKey"].encode()
    with pytest.raises(UnsealError):
        lab.tools.sealer.open(kept.sealed_secret, THERE, kept.id)


def test_the_secret_is_shown_once(lab: Lab) -> None:
    key = create(lab)
    (listed,) = lab.call(lab.root(), "ListAccessKeys", UserName="alice")["AccessKeyMetadata"]
    assert listed == {
        "UserName": "alice",
        "AccessKeyId": key["AccessKeyId"],
        "Status": "Active",
        "CreateDate": lab.now,
    }


def test_a_user_has_at_most_two_keys(lab: Lab) -> None:
    keys = [create(lab)["AccessKeyId"] for _ in range(2)]
    over = ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409)
    assert lab.fault(lab.root(), "CreateAccessKey", UserName="alice") == over
    lab.call(lab.root(), "UpdateAccessKey", UserName="alice", AccessKeyId=keys[0], Status="Inactive")
    assert lab.fault(lab.root(), "CreateAccessKey", UserName="alice") == over
    lab.call(lab.root(), "DeleteAccessKey", UserName="alice", AccessKeyId=keys[0])
    create(lab)
    assert create(lab, "bob")["UserName"] == "bob"


def test_keys_are_paged(lab: Lab) -> None:
    made = sorted(create(lab)["AccessKeyId"] for _ in range(2))
    first = lab.call(lab.root(), "ListAccessKeys", UserName="alice", MaxItems=1)
    rest = lab.call(lab.root(), "ListAccessKeys", UserName="alice", MaxItems=1, Marker=first["Marker"])
    assert [page["AccessKeyMetadata"][0]["AccessKeyId"] for page in (first, rest)] == made
    assert (first["IsTruncated"], rest["IsTruncated"]) == (True, False)


def test_a_key_is_switched_off_and_on(lab: Lab) -> None:
    key_id = create(lab)["AccessKeyId"]
    for status in ("Inactive", "Active"):
        lab.call(lab.root(), "UpdateAccessKey", UserName="alice", AccessKeyId=key_id, Status=status)
        (listed,) = lab.call(lab.root(), "ListAccessKeys", UserName="alice")["AccessKeyMetadata"]
        kept = lab.state.access_keys.get(key_id)
        assert kept is not None
        assert (listed["Status"], kept.active) == (status, status == "Active")
    expired = lab.fault(lab.root(), "UpdateAccessKey", UserName="alice", AccessKeyId=key_id, Status="Expired")
    assert expired[0] == "InvalidInput"


def test_a_user_manages_its_own_keys_without_naming_itself(lab: Lab) -> None:
    self_care = lab.add_user("self", allow(OWN_KEYS, user_arn("${aws:username}")))
    key = lab.call(self_care, "CreateAccessKey")["AccessKey"]
    assert key["UserName"] == "self"
    assert len(lab.call(self_care, "ListAccessKeys")["AccessKeyMetadata"]) == 1
    lab.call(self_care, "UpdateAccessKey", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    lab.call(self_care, "DeleteAccessKey", AccessKeyId=key["AccessKeyId"])
    assert lab.call(self_care, "ListAccessKeys")["AccessKeyMetadata"] == []


# Security lesson 5: anyone could create a key for root.


def test_the_key_of_somebody_else_is_not_there(lab: Lab) -> None:
    theirs = create(lab, "bob")["AccessKeyId"]
    roots = create(lab, None)["AccessKeyId"]
    foreign = lab.call(lab.root(THERE), "CreateAccessKey")["AccessKey"]["AccessKeyId"]
    self_care = lab.add_user("self", allow("iam:*", user_arn("self")))
    admin = lab.add_user("admin", allow("*"))
    for key_id in (theirs, roots, foreign, "AKIANONEXISTENTKEY00"):
        for caller, named in ((self_care, {}), (self_care, {"UserName": "self"}), (admin, {"UserName": "alice"})):
            for operation, more in (("DeleteAccessKey", {}), ("UpdateAccessKey", {"Status": "Inactive"})):
                assert lab.fault(caller, operation, AccessKeyId=key_id, **named, **more) == not_there(key_id)
        kept = lab.state.access_keys.get(key_id)
        assert kept is None or kept.active


def test_nobody_but_root_reaches_roots_keys(lab: Lab) -> None:
    admin = lab.add_user("admin", allow("*"))
    made = lab.call(admin, "CreateAccessKey")["AccessKey"]
    assert made["UserName"] == "admin"
    assert lab.state.access_keys.count("user", HERE, HERE) == 0
    for name in ("root", HERE, "Root"):
        assert lab.fault(admin, "CreateAccessKey", UserName=name)[0] == "NoSuchEntity"


def test_root_manages_its_own_keys(lab: Lab) -> None:
    key = create(lab, None)
    assert "UserName" not in key
    (listed,) = lab.call(lab.root(), "ListAccessKeys")["AccessKeyMetadata"]
    assert set(listed) == {"AccessKeyId", "Status", "CreateDate"}
    lab.call(lab.root(), "DeleteAccessKey", AccessKeyId=key["AccessKeyId"])
    assert lab.call(lab.root(), "ListAccessKeys")["AccessKeyMetadata"] == []


def test_a_right_over_one_user_is_none_over_another(lab: Lab) -> None:
    keeper = lab.add_user("keeper", allow(OWN_KEYS, user_arn("alice")))
    key = lab.call(keeper, "CreateAccessKey", UserName="alice")["AccessKey"]["AccessKeyId"]
    for operation, more in (
        ("CreateAccessKey", {}),
        ("ListAccessKeys", {}),
        ("DeleteAccessKey", {"AccessKeyId": key}),
        ("UpdateAccessKey", {"AccessKeyId": key, "Status": "Inactive"}),
    ):
        assert lab.fault(keeper, operation, UserName="bob", **more)[0] == "AccessDenied"
        assert lab.fault(keeper, operation, **more)[0] == "AccessDenied"


# Last used.


def test_a_key_never_used_says_so(lab: Lab) -> None:
    answer = lab.call(lab.root(), "GetAccessKeyLastUsed", AccessKeyId=create(lab)["AccessKeyId"])
    assert answer == {"UserName": "alice", "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}


def test_a_used_key_tells_when_where_and_what_for(lab: Lab) -> None:
    key_id = create(lab)["AccessKeyId"]
    use = AccessKeyUse(key_id, int(lab.now.timestamp() * 1000) + 5, "s3", "eu-west-1")
    lab.store.write_now(lambda transaction: transaction.state.access_key_uses.put(use))
    last = lab.call(lab.root(), "GetAccessKeyLastUsed", AccessKeyId=key_id)["AccessKeyLastUsed"]
    assert last == {"LastUsedDate": lab.now, "ServiceName": "s3", "Region": "eu-west-1"}
    lab.call(lab.root(), "DeleteAccessKey", UserName="alice", AccessKeyId=key_id)
    assert lab.state.access_key_uses.get(key_id) is None


def test_last_use_is_asked_for_on_the_keys_owner(lab: Lab) -> None:
    mine, theirs = create(lab)["AccessKeyId"], create(lab, "bob")["AccessKeyId"]
    reader = lab.add_user("reader", allow("iam:GetAccessKeyLastUsed", user_arn("alice")))
    assert lab.call(reader, "GetAccessKeyLastUsed", AccessKeyId=mine)["UserName"] == "alice"
    foreign = create(lab, None, THERE)["AccessKeyId"]
    for key_id in (theirs, foreign, create(lab, None)["AccessKeyId"], "AKIANONEXISTENTKEY00"):
        assert lab.fault(reader, "GetAccessKeyLastUsed", AccessKeyId=key_id)[0] == "AccessDenied"
    for key_id in (foreign, "AKIANONEXISTENTKEY00"):
        (check,) = lab.checks(lab.root(), "GetAccessKeyLastUsed", AccessKeyId=key_id)
        assert check.resource == "*"
        assert lab.fault(lab.root(), "GetAccessKeyLastUsed", AccessKeyId=key_id) == not_there(key_id)
