"""The name of the resource in a simulation's result."""

import pytest

from iamd.services.iam.rules.simulated_names import resource_names


@pytest.mark.parametrize(
    ("action", "resources", "name"),
    [
        ("s3:GetObject", ["*"], "*"),
        ("s3:GetObject", ["arn:aws:s3:::b/k"], "arn:aws:s3:::b/k"),
        ("s3:GetObject", ["arn:aws:s3:::b/k", "arn:aws:s3:::b/l"], "arn:${Partition}:s3:::${BucketName}/${ObjectName}"),
        ("IAM:getuser", ["arn:aws:iam::1:user/a", "x"], "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"),
        ("iam:GetUser", ["arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b"], "*"),
        ("s3:ListAllMyBuckets", ["arn:aws:s3:::a", "arn:aws:s3:::b"], "*"),
        ("s3:NoSuchAction", ["arn:aws:s3:::a", "arn:aws:s3:::b"], "*"),
        ("none:Action", ["arn:aws:s3:::a", "arn:aws:s3:::b"], "*"),
    ],
)
def test_one_is_named_itself_and_several_by_their_type(action: str, resources: list[str], name: str) -> None:
    assert resource_names([action], resources) == [name]


def test_actions_of_very_many_services_have_no_template() -> None:
    """Otherwise one call could have the whole reference read."""
    resources = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/l"]
    assert resource_names(["s3:GetObject", *(f"x{number}:Y" for number in range(16))], resources) == ["*"] * 17
    assert resource_names(["s3:GetObject", *(f"x{number}:Y" for number in range(15))], resources)[0] != "*"
