import re
from itertools import product

import pytest

from iamd.policy.resources import compile_resource

QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"


def matches(pattern: str, resource: str, *, complete: bool = False, widen: bool = False) -> bool | None:
    compiled = compile_resource(pattern, complete=complete, widen=widen, variables=True)
    found = compiled.matches(resource, {"aws:username": "alice"})
    assert not found or resource.startswith(compiled.prefix)
    return found


@pytest.mark.parametrize(
    "pattern",
    ["*", "arn:aws:sqs:*", "arn:aws:sqs:us-*", "arn:aws:sqs:u*-1:1*3:q", "arn:a?s:sqs:*:*:?", QUEUE],
)
def test_a_pattern_matches(pattern: str) -> None:
    assert matches(pattern, QUEUE)


@pytest.mark.parametrize(
    "pattern",
    [
        "arn:aws:sqs",
        "arn:aws:sqs:us-east-1",
        "arn:aws:sqs:u*3:q",
        "arn:aws:sqs:us-east?1:1:q",
        "arn:aws:s*:*:*:q",
        "arn:*",
    ],
)
def test_a_pattern_does_not_match_where_it_could_grant(pattern: str) -> None:
    assert matches(pattern, QUEUE) is False


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b2/k"),
        ("arn:aws:s3:::b*", "arn:aws:s3:::"),
        ("arn:aws:sqs:u*3:*:q", f"{QUEUE[:-1]}a:b:q"),
        ("arn:a?s:sqs:us-east-1:1:q", "arn:aws:sqs:us-east-1:2:1:q"),
        ("arn:aws:s?s:us-*:q", QUEUE),
    ],
)
def test_a_wildcard_reaches_no_further_than_it_may(pattern: str, resource: str) -> None:
    assert not matches(pattern, resource)


def as_regex(pattern: str) -> re.Pattern[str]:
    """Within the first five fields a wildcard stays in its field, but for a `*` at the field's end."""
    *heads, name = pattern.split(":", 5)
    fields = [re.sub(r"\*(?!$)", "[^:]*", head).replace("?", "[^:]") for head in heads]
    fields = [re.sub(r"(?<!\])\*$", ".*", field) for field in fields]
    return re.compile(":".join([*fields, name.replace("*", ".*").replace("?", ".")]), re.DOTALL)


def test_every_short_arn_means_what_the_regex_means() -> None:
    regions, accounts = ("", "*", "x", "x*", "*x", "?", "x*y*"), ("", "*", "1", "1*", "*1", "1?")
    names = ("", "*", "k", "b/*", "b/?", "*:k", "k*x", "b")
    resources = [
        ":".join(fields) for fields in product(["arn:aws:s3"], ["", "x", "xy"], ["", "1", "x1"],
        ["", "k", "b/k", "b2", "b/", "b", "x:k", "k:x:k", "y:1:k", "1:b/k", "y:1:b/k"])
    ]  # fmt: skip
    for partition, region, account, name in product(["aws", "a?s", "a*"], regions, accounts, names):
        pattern = f"arn:{partition}:s3:{region}:{account}:{name}"
        regex = as_regex(pattern)
        found = [resource for resource in resources if matches(pattern, resource)]
        assert found == [resource for resource in resources if regex.fullmatch(resource)], pattern


def test_an_incomplete_arn_is_completed_where_the_kind_of_policy_says_so() -> None:
    assert matches("arn:aws:sqs", QUEUE, complete=True)
    assert matches("arn:aws:sqs:us-east-1", QUEUE, complete=True)
    assert not matches("arn:aws:sqs:us-west-2", QUEUE, complete=True)


@pytest.mark.parametrize("pattern", ["arn:aws:sqs", "arn:aws:s*:*:*:q", "arn:*"])
def test_a_refused_pattern_still_denies(pattern: str) -> None:
    """Law 1: where more matches mean less access, a pattern is read generously."""
    assert matches(pattern, QUEUE, widen=True)


def test_variables_stand_after_the_fifth_colon_only() -> None:
    assert matches("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/alice/k")
    assert matches("arn:aws:s3:::b/${aws:missing}/*", "arn:aws:s3:::b/alice/k") is None
    assert matches("arn:aws:s3:::b/${aws:missing, 'alice'}/*", "arn:aws:s3:::b/alice/k")
    assert matches("arn:aws:s3:${aws:username}::b", "arn:aws:s3:alice::b") is False
    assert matches("arn:aws:s3:::b/${", "arn:aws:s3:::b/${")
    assert matches("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x") is False


def test_many_colons_in_a_name_cost_no_more_than_the_name_is_long() -> None:
    """Each wildcard at a field's end may run on past any of them: by pairs, these are ten thousand million."""
    assert not matches("arn:aw?:s3:*:*:x", "arn:aws:s3:::b/" + ":" * 100_000)
    assert matches("arn:aw?:s3:*:*:x", "arn:aws:s3:::b/" + ":" * 100_000 + "x")
