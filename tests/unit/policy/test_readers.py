"""What conditions compare: how dates, addresses, numbers, bytes and operators are read.

User Guide, "Condition operators".
"""

from decimal import Decimal
from ipaddress import ip_address

import pytest

from iamd.model.document import Quantifier
from iamd.policy.conditions import parse_operator
from iamd.policy.conditions.binary import read_bytes
from iamd.policy.conditions.date import read_date
from iamd.policy.conditions.ip import read_address, read_range
from iamd.policy.conditions.numeric import read_number

DAY = 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01", "0"),
        ("1970-01-02T00:00:00Z", "86400"),
        ("1970-01", "0"),
        ("1970-02", str(31 * DAY)),
        ("2000-02-29", str(11_016 * DAY)),
        ("1969-12-31T23:59:59Z", "-1"),
        ("1970-01-01T01:02Z", "3720"),
        ("1970-01-01T01:02", "3720"),
        ("1970-01-01T01:02:03.5Z", "3723.5"),
        ("1970-01-01T00:00:00.00000000000000000001Z", "1e-20"),
        ("1970-01-01T02:00:00+01:30", "1800"),
        ("1970-01-01T02:00:00-01:30", "12600"),
        ("1970-01-01T23:59:59Z", "86399"),
        ("1970-01-01T00:00:00+23:59", "-86340"),
        ("1970-01-01T00:00:00+00:00", "0"),
        ("0001-01-01", str(-719_162 * DAY)),
        ("9999-12-31", str(2_932_896 * DAY)),
        ("0", "0"),
        ("-1", "-1"),
        ("+7", "7"),
        ("2019", "2019"),
        ("9" * 20, "9" * 20),
    ],
)
def test_a_date(text: str, seconds: str) -> None:
    assert read_date(text) == Decimal(seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9" * 21,
        "1.5",
        " 1",
        "0000-01-01",
        "1970-00-01",
        "1970-13-01",
        "1970-01-00",
        "1970-02-30",
        "1900-02-29",
        "1970-1-1",
        "1970-01-01T24:00:00Z",
        "1970-01-01T23:60:00Z",
        "1970-01-01T23:59:60Z",
        "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:60Z",
        "1970-01-01T00",
        "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00." + "0" * 21 + "Z",
        "1970-01-01T00:00:00+24:00",
        "1970-01-01T00:00:00+00:60",
        "1970-01-01T00:00:00+0000",
        "1970-01-01T00:00:00z",
        "1970-01-01 00:00:00Z",
        "1970-01-01Z",
        "1970-01-01\n",
        "1970-01-01T00:00:00Z\n",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "::a00:0", "::ffff:10.0.0.1"]),
        ("10.1.2.3", ["10.1.2.3"], ["10.1.2.2", "10.1.2.4"]),
        ("10.1.2.3/31", ["10.1.2.2", "10.1.2.3"], ["10.1.2.1", "10.1.2.4"]),
        ("0.0.0.0/0", ["0.0.0.1", "255.255.255.255"], ["::"]),
        ("2001:DB8::1/64", ["2001:db8::", "2001:db8:0:0:ffff:ffff:ffff:ffff"], ["2001:db8:0:1::", "32.1.13.184"]),
        ("::/0", ["::", "ffff::"], ["0.0.0.1"]),
        ("::ffff:10.0.0.0/104", ["::ffff:10.0.0.1"], ["10.0.0.1", "::ffff:11.0.0.0"]),
    ],
)
def test_a_range(written: str, inside: list[str], outside: list[str]) -> None:
    found = read_range(written)
    assert found is not None
    assert [each for each in inside if found.holds(ip_address(each))] == inside
    assert [each for each in outside if found.holds(ip_address(each))] == []


@pytest.mark.parametrize(
    "text",
    ["", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/0008", "x", "10.0.0.0/255.0.0.0", "fe80::1%eth0"],
)
def test_what_is_no_range(text: str) -> None:
    assert read_range(text) is None


@pytest.mark.parametrize(
    ("text", "good"),
    [("10.0.0.1", True), ("::1", True), ("fe80::1%eth0", False), ("10.0.0.1/32", False), ("", False), ("x", False)],
)
def test_an_address(text: str, good: bool) -> None:
    assert read_address(text) == (ip_address(text) if good else None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"), ("-1", "-1"), ("+1", "1"), ("1.", "1"), ("1.50", "1.5"), (".5", "0.5"), ("007", "7"),
        ("1e3", "1000"), ("1E-2", "0.01"), ("1e999999", "1e999999"), ("0.1", "0.1"),
    ],
)  # fmt: skip
def test_a_number(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", ".", "1e", "e1", "1e9999999", " 1", "1 ", "1_000", "1,5", "NaN", "Infinity", "0x1", "\u0661", "1\n", "--1"],
)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [("YQ==", b"a"), ("", b""), ("YQ", None), ("Y Q==", None), ("é", None), ("YQ==\n", None), ("_-8=", None)],
)
def test_bytes(text: str, read: bytes | None) -> None:
    assert read_bytes(text) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("StringEquals", ("StringEquals", Quantifier.NONE, False)),
        ("StringEqualsIfExists", ("StringEquals", Quantifier.NONE, True)),
        ("ForAllValues:StringLike", ("StringLike", Quantifier.ALL, False)),
        ("ForAnyValue:ArnLikeIfExists", ("ArnLike", Quantifier.ANY, True)),
        ("Null", ("Null", Quantifier.NONE, False)),
        ("ForAllValues:Null", ("Null", Quantifier.ALL, False)),
        ("NullIfExists", None),
        ("ForAllValues:NullIfExists", None),
        ("stringequals", None),
        ("StringEqualsIfExistsIfExists", None),
        ("IfExists", None),
        ("", None),
        (":StringEquals", None),
        ("ForEveryValue:StringEquals", None),
        ("forallvalues:StringEquals", None),
        ("ForAllValues:ForAnyValue:StringEquals", None),
        ("ForAllValues:", None),
    ],
)
def test_an_operator(written: str, read: tuple[str, Quantifier, bool] | None) -> None:
    assert parse_operator(written) == read
