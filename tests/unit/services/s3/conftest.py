import pytest

from tests.unit.services.s3.s3_lab import S3Lab


@pytest.fixture
def lab() -> S3Lab:
    """Two accounts, and a user `owner` of the first that may do anything in S3."""
    return S3Lab()


@pytest.fixture
def bucket(lab: S3Lab) -> S3Lab:
    """The same with a bucket named `bucket`."""
    lab.bucket()
    return lab
