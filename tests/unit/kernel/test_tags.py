import pytest

from iamd.kernel.tags import check_keys, checked_tags, tag_list, with_tags, without_tags
from iamd.model.errors import AwsError


def test_keys_are_unique_without_regard_to_case() -> None:
    with pytest.raises(AwsError) as caught:
        checked_tags([{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}])
    assert (caught.value.code, caught.value.status) == ("InvalidInput", 400)
    assert caught.value.message == "Duplicate tag keys found. Please note that Tag keys are case insensitive."


@pytest.mark.parametrize("key", ["aws:x", "AWS:cloudformation", "aWs:"])
def test_keys_of_aws_are_refused(key: str) -> None:
    with pytest.raises(AwsError, match="aws: prefixed tag key names"):
        checked_tags([{"Key": key, "Value": ""}])
    with pytest.raises(AwsError, match="aws: prefixed tag key names"):
        check_keys([key])


def test_a_tag_takes_the_place_of_its_namesake_in_another_case() -> None:
    tags = with_tags((("Department", "finance"), ("x", "1")), (("department", "hr"),))
    assert tags == (("department", "hr"), ("x", "1"))


def test_more_than_the_limit_is_refused_and_a_replacement_is_not_more() -> None:
    full = tuple((f"key{number}", "") for number in range(50))
    assert len(with_tags(full, (("KEY0", "new"),))) == 50
    with pytest.raises(AwsError, match="LimitExceeded"):
        with_tags(full, (("other", ""),))


def test_removing_ignores_case_and_what_is_not_there() -> None:
    assert without_tags((("A", "1"), ("b", "2")), ["a", "nothing"]) == (("b", "2"),)


def test_lists_are_sorted_by_key() -> None:
    assert tag_list((("b", "2"), ("a", "1"))) == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
