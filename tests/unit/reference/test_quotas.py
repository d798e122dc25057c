from botocore.loaders import Loader

from iamd.reference.quotas import Quotas


def test_the_summary_names_every_quota_of_get_account_summary() -> None:
    shapes = Loader().load_service_model("iam", "service-2")["shapes"]
    known = {key for key in shapes["summaryKeyType"]["enum"] if key.endswith("Quota")}
    assert {key for key in Quotas().account_summary() if key.endswith("Quota")} == known
    assert Quotas().account_summary()["GlobalEndpointTokenVersion"] == 1


def test_a_raised_quota_shows() -> None:
    assert Quotas(users=7).account_summary()["UsersQuota"] == 7
