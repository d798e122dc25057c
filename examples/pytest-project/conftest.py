"""Users with the project's policies, made anew for each test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iamd.testing.server import Iamd

POLICIES = Path(__file__).parent / "policies"
Person = Callable[[str], Any]


@pytest.fixture
def bucket(iamd: Iamd) -> None:
    iamd.client("s3").create_bucket(Bucket="reports")


@pytest.fixture
def s3_of(iamd: Iamd, bucket: None) -> Person:
    """`s3_of("author")`: S3 as a user of that name sees it, who has the policy of that name."""
    del bucket

    def make(name: str) -> Any:
        iam = iamd.client("iam")
        iam.create_user(UserName=name)
        document = (POLICIES / f"{name}.json").read_text()
        iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=document)
        return iamd.client("s3", iam.create_access_key(UserName=name)["AccessKey"])

    return make
