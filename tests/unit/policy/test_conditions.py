"""One condition and one value: variables beside texts, sets, missing keys and values of another type.

User Guide, "Condition operators", "Multivalued context keys", "Variables and tags".
"""

import pytest

from iamd.model.document import Condition, Quantifier
from iamd.policy.conditions import compile_condition


@pytest.mark.parametrize(
    ("operator", "matching", "other"),
    [
        ("StringEquals", ["fixed", "alice", "x*"], ["Fixed", "${aws:username}", "xy", ""]),
        ("StringEqualsIgnoreCase", ["FIXED", "Alice", "X*"], ["${aws:username}", "xy", "bob"]),
        ("StringLike", ["fixed", "alice", "x*", "xy"], ["Fixed", "${aws:username}", "ax"]),
    ],
)
def test_texts_and_variables_stand_side_by_side(operator: str, matching: list[str], other: list[str]) -> None:
    values = ("fixed", "${aws:Username}", "x*", "${aws:none}")
    context = {"aws:username": "alice"}
    for written, expected in ((operator, True), (operator.replace("String", "StringNot"), False)):
        condition = Condition(written, Quantifier.NONE, False, "aws:a", values)  # noqa: FBT003  a record's field
        holds = compile_condition(condition, variables=True).holds
        assert [holds({**context, "aws:a": value}) for value in matching] == [expected] * len(matching)
        assert [holds({**context, "aws:a": value}) for value in other] == [not expected] * len(other)


@pytest.mark.parametrize(("variables", "value"), [(True, "TRUE"), (False, "true")])
def test_a_boolean_from_a_variable(variables: bool, value: str) -> None:
    def holds(*values: str) -> bool:
        condition = Condition("Bool", Quantifier.NONE, False, "aws:a", values)  # noqa: FBT003  a record's field
        return compile_condition(condition, variables=variables).holds({"aws:a": value, "aws:b": "True"})

    assert holds("${aws:b}") is variables
    assert holds("false", "${aws:b}") is variables
    assert holds("${aws:none}", "true")
    assert not holds("${aws:none}", "false")
    for more in ("${aws:b}*", "?${aws:b}", "*", "true*"):
        assert not holds(more)
        assert not holds(more, "${aws:none}")


@pytest.mark.parametrize(
    "written", ["${a{b, 'x'}", "${a'b, 'x'}", "${, 'x'}", "${aws:b, x}", "${aws:b, 'x''}", "${aws:b"]
)
def test_a_variable_that_cannot_be_read_is_nothing(written: str) -> None:
    condition = Condition("StringEquals", Quantifier.NONE, False, "aws:a", (written,))  # noqa: FBT003  a record's field
    holds = compile_condition(condition, variables=True).holds
    assert not holds({"aws:a": "x", "a{b": "x", "a'b": "x", "": "x", "aws:b": "x"})


ROLE = "arn:aws:iam::111122223333:role/app"


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ([ROLE], ROLE, True),
        (["arn:aws:iam::*:role/*"], ROLE, True),
        (["arn:*:role/app"], ROLE, False),
        (["arn:aws:iam::1*:role/a?p"], ROLE, True),
        (["arn:aws:iam::2*:role/app", ROLE], ROLE, True),
        (["arn:aws:iam::111122223333:role/${aws:username}"], ROLE, True),
        (["${aws:arn}"], ROLE, True),
        (["${aws:none}"], ROLE, False),
        (["arn:aws:iam::${aws:none, '111122223333'}:role/app"], ROLE, True),
        (["arn:aws:logs:*:*:*"], "arn:aws:logs:us-east-1:1:log-group:g", True),
        (["arn:aws:logs:*:*:log-group:g"], "arn:aws:logs:us-east-1:1:log-group:g", True),
        (["arn:aws:logs:*:log-group:g"], "arn:aws:logs:us-east-1:1:log-group:g", False),
        (["arn:aws:logs:*:log-group:g", "*:*:*:*:*:*"], "arn:aws:logs:us-east-1:1:log-group:g", True),
        (["*"], ROLE, False),
        (["*:*:*:*:*:*"], "x:aws:iam::1:role/app", False),
        (["*:*:*:*:*:*"], "arn:aws:iam", False),
    ],
)
def test_arns_field_by_field(written: list[str], value: str, expected: bool) -> None:
    condition = Condition("ArnLike", Quantifier.NONE, False, "aws:a", tuple(written))  # noqa: FBT003  a record's field
    context = {"aws:a": value, "aws:username": "app", "aws:arn": ROLE}
    assert compile_condition(condition, variables=True).holds(context) is expected


@pytest.mark.parametrize(
    ("operator", "values", "had", "expected"),
    [
        ("ArnNotLike", ("arn:aws:iam::2:role/x",), ROLE, True),
        ("ArnNotLike", ("x",), ROLE, False),
        ("ArnNotLike", (ROLE,), "x", False),
        ("NumericNotEquals", ("1",), "2", True),
        ("NumericNotEquals", ("x",), "2", False),
        ("NumericNotEquals", ("1", "x"), "1", False),
        ("NumericNotEquals", ("1",), "x", False),
        ("NotIpAddress", ("10.0.0.0/8",), "11.0.0.1", True),
        ("NotIpAddress", ("10.0.0.0/8", "x"), "11.0.0.1", False),
        ("NotIpAddress", ("10.0.0.0/8",), "::ffff:10.0.0.1", False),
        ("NotIpAddress", ("10.0.0.0/8",), "x", False),
        ("IpAddress", ("x", "10.0.0.0/8"), "10.0.0.1", True),
        ("DateNotEquals", ("1970-01-01",), "0", False),
        ("DateNotEquals", ("x",), "0", False),
        ("BinaryEquals", ("YQ==",), "YQ==", True),
        ("BinaryEquals", ("YQ==",), "Yg==", False),
    ],
)
def test_a_value_of_another_type_makes_a_condition_false_negated_or_not(
    operator: str, values: tuple[str, ...], had: str, expected: bool
) -> None:
    condition = Condition(operator, Quantifier.NONE, False, "aws:a", values)  # noqa: FBT003  a record's field
    assert compile_condition(condition, variables=True).holds({"aws:a": had}) is expected


@pytest.mark.parametrize(
    ("quantifier", "operator", "had", "expected"),
    [
        (Quantifier.ALL, "StringEquals", ("x", "x"), True),
        (Quantifier.ALL, "StringEquals", ("x", "y"), False),
        (Quantifier.ALL, "StringEquals", (), True),
        (Quantifier.ALL, "StringEquals", None, True),
        (Quantifier.ALL, "StringEquals", "", True),
        (Quantifier.ALL, "StringNotEquals", ("y", "z"), True),
        (Quantifier.ALL, "StringNotEquals", ("x", "z"), False),
        (Quantifier.ANY, "StringEquals", ("x", "y"), True),
        (Quantifier.ANY, "StringEquals", ("y",), False),
        (Quantifier.ANY, "StringEquals", (), False),
        (Quantifier.ANY, "StringEquals", None, False),
        (Quantifier.ANY, "StringEquals", "x", True),
        (Quantifier.ANY, "StringNotEquals", ("x", "y"), True),
        (Quantifier.ANY, "StringNotEquals", ("x",), False),
        (Quantifier.NONE, "StringEquals", ("x",), False),
        (Quantifier.NONE, "StringNotEquals", ("y",), False),
        (Quantifier.NONE, "StringNotEquals", (), False),
    ],
)
def test_keys_with_several_values(
    quantifier: Quantifier, operator: str, had: str | tuple[str, ...] | None, expected: bool
) -> None:
    condition = Condition(operator, quantifier, False, "aws:a", ("x",))  # noqa: FBT003  a record's field
    context = {} if had is None else {"aws:a": had}
    assert compile_condition(condition, variables=True).holds(context) is expected


@pytest.mark.parametrize(
    ("quantifier", "values", "held"),
    [
        (Quantifier.NONE, ("true",), (True, False, True, False)),
        (Quantifier.NONE, ("FALSE",), (False, True, False, True)),
        (Quantifier.NONE, ("true", "false"), (True, True, True, True)),
        (Quantifier.NONE, ("yes",), (False, False, False, False)),
        (Quantifier.ALL, ("True",), (True, True, True, False)),
        (Quantifier.ANY, ("false",), (False, False, False, True)),
    ],
)
def test_null_asks_whether_a_key_is_there(
    quantifier: Quantifier, values: tuple[str, ...], held: tuple[bool, ...]
) -> None:
    """Without the key, with an empty text, with no value at all, and with one."""
    condition = Condition("Null", quantifier, False, "aws:a", values)  # noqa: FBT003  a record's field
    holds = compile_condition(condition, variables=True).holds
    contexts: list[dict[str, str | tuple[str, ...]]] = [{}, {"aws:a": ""}, {"aws:a": ()}, {"aws:a": "x"}]
    assert tuple(map(holds, contexts)) == held


@pytest.mark.parametrize(("if_exists", "operator", "expected"), [
    (False, "StringEquals", False), (True, "StringEquals", True),
    (False, "StringNotEquals", True), (True, "StringNotEquals", True),
])  # fmt: skip
def test_a_key_that_is_not_there(if_exists: bool, operator: str, expected: bool) -> None:
    condition = Condition(operator, Quantifier.NONE, if_exists, "aws:a", ("x",))
    assert compile_condition(condition, variables=True).holds({"aws:b": "x"}) is expected


@pytest.mark.parametrize("values", [("x",), ("x" * 300,)])
@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringLike"])
def test_a_long_value_is_compared_as_a_short_one_is(operator: str, values: tuple[str, ...]) -> None:
    condition = Condition(operator, Quantifier.NONE, False, "aws:A", values)  # noqa: FBT003  a record's field
    compiled = compile_condition(condition, variables=True)
    assert (compiled.key, compiled.source) == ("aws:a", condition)
    equal = operator != "StringNotEquals"
    assert compiled.holds({"aws:a": values[0]}) is equal
    assert compiled.holds({"aws:a": values[0] + "y"}) is not equal
    assert compiled.holds({}) is not equal
    assert compiled.holds({"aws:a": values}) is False
