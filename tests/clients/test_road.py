"""The thinnest road: a stock client, a signature, an answer."""

from tests.clients.server import Iamd


def test_get_caller_identity_by_boto3(iamd: Iamd) -> None:
    answer = iamd.client("sts").get_caller_identity()
    assert answer["Account"] == iamd.account
    assert answer["Arn"] == f"arn:aws:iam::{iamd.account}:user/admin"
    assert answer["UserId"].startswith("AIDA")
