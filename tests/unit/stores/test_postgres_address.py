"""Which of several servers is asked, and which are not listened to any more."""

import pytest

from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.postgres.address import Address

THREE = "postgresql://u:secret@a:1,b:2,c:3/d"


def order(address: Address) -> list[tuple[str, str]]:
    parameters = address.parameters
    return list(zip(parameters["host"].split(","), parameters["port"].split(","), strict=True))


def test_the_server_that_answered_last_is_asked_first_and_one_that_was_left_last() -> None:
    address = Address(THREE)
    assert order(address) == [("a", "1"), ("b", "2"), ("c", "3")]
    address.admit(1, "c", 3)
    assert order(address) == [("c", "3"), ("a", "1"), ("b", "2")]
    address.leave("c", 3)
    address.leave("c", 3)
    assert order(address) == [("a", "1"), ("b", "2"), ("c", "3")]
    address.turn()
    assert order(address) == [("b", "2"), ("c", "3"), ("a", "1")]


def test_hosts_that_share_a_port_keep_it() -> None:
    address = Address("postgresql://a,b/d?port=7")
    address.admit(1, "b", 7)
    assert (address.parameters["host"], address.parameters["port"]) == ("b,a", "7")


@pytest.mark.parametrize("url", ["postgresql:///d", "postgresql://a/d", "postgresql://a:5/d"])
def test_one_server_stays_the_one(url: str) -> None:
    address = Address(url)
    before = address.parameters
    address.turn()
    address.leave("a", 5)
    address.admit(0, "a", 5)
    assert address.parameters == before
    assert not address.names_several


def test_an_older_timeline_is_refused_for_good_and_its_server_asked_last() -> None:
    address = Address(THREE)
    address.admit(1, "a", 1)
    address.admit(2, "b", 2)
    with pytest.raises(StoreUnavailable, match=r"a:1 is a primary of before \(timeline 1, 2 has begun\)"):
        address.admit(1, "a", 1)
    assert order(address)[-1] == ("a", "1")
    assert address.timeline == 2
    address.admit(2, "c", 3)


def test_a_standby_is_never_taken_whatever_the_url_says() -> None:
    address = Address(f"{THREE}?target_session_attrs=any")
    assert address.parameters["target_session_attrs"] == "read-write"


def test_it_is_told_without_its_password() -> None:
    assert str(Address(THREE)) == "the database d at a,b,c"
