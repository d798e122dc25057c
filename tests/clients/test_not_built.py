"""A known service that is not built: stock clients are authenticated first, and then told so in its own protocol."""

from typing import Any, Final

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.clients.forging import host_of, send, signed
from tests.clients.server import Iamd

CALLS: Final = (
    ("acm-pca", "list_certificate_authorities"),
    ("cloudfront", "list_distributions"),
    ("cloudwatch", "list_metrics"),
    ("dynamodb", "list_tables"),
    ("dynamodbstreams", "list_streams"),
    ("ecr", "describe_repositories"),
    ("glacier", "list_vaults"),
    ("rds", "describe_db_instances"),
    ("route53", "list_hosted_zones"),
    ("ses", "list_identities"),
    ("sesv2", "list_contacts"),
    ("sns", "list_topics"),
    ("sqs", "list_queues"),
)
FORGED: Final = {
    "acm-pca": "InvalidSignatureException",
    "cloudfront": "SignatureDoesNotMatch",
    "cloudwatch": "InvalidSignatureException",
    "glacier": "InvalidSignatureException",
    "rds": "SignatureDoesNotMatch",
    "route53": "SignatureDoesNotMatch",
}
PARAMS: Final[dict[str, dict[str, Any]]] = {
    "glacier": {"accountId": "-"},
    "sesv2": {"ContactListName": "a/../b c"},
}


def fault(client: Any, service: str, call: str) -> ClientError:
    with pytest.raises(ClientError) as caught:
        getattr(client, call)(**PARAMS.get(service, {}))
    return caught.value


@pytest.mark.parametrize(("service", "call"), CALLS)
def test_a_stock_client_is_told_that_a_service_is_not_built(iamd: Iamd, service: str, call: str) -> None:
    answer = fault(iamd.client(service), service, call).response
    assert answer["Error"]["Code"] == "NotImplemented"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert answer["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(("service", "call"), [each for each in CALLS if each[0] in FORGED])
def test_nobody_unknown_learns_what_is_built(iamd: Iamd, service: str, call: str) -> None:
    forged = Credentials(iamd.key.access_key, "x" * 40)
    answer = fault(iamd.client(service, forged), service, call).response
    assert answer["Error"]["Code"] == FORGED[service]


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/2015-03-31/functions/f/policy", "GetPolicy"),
        ("//2015-03-31/./functions/f//policy", "GetPolicy"),
        ("/2015-03-31/functions/f/code/../policy", "GetPolicy"),
        ("/2015-03-31/functions/x/../f/policy", "GetPolicy"),
        ("/2015-03-31/functions/f/%70olicy", None),
        ("/2015-03-31/functions/f%2Fpolicy", None),
        ("/2015-03-31/functions/f/code/%2e%2e/policy", None),
        ("/2015-03-31/functions/f", None),
    ],
)
def test_a_path_that_was_altered_on_its_way_means_what_was_signed_or_nothing(
    iamd: Iamd, path: str, operation: str | None
) -> None:
    headers = signed(iamd.key, "GET /2015-03-31/functions/f/policy", host=host_of(iamd), service="lambda")
    status, _, body = send(iamd, f"GET {path}", headers)
    if operation is None:
        assert (status, b"InvalidSignatureException" in body) == (403, True)
    else:
        assert (status, operation.encode() in body) == (501, True)


@pytest.mark.parametrize(
    ("service", "call", "params"),
    [
        ("sso-oidc", "register_client", {"clientName": "c", "clientType": "public"}),
        ("sso", "list_accounts", {"accessToken": "t"}),
    ],
)
def test_what_carries_its_own_proof_is_answered_by_its_own_service(
    iamd: Iamd, service: str, call: str, params: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(iamd.client(service), call)(**params)
    assert caught.value.response["Error"]["Code"] == "MissingAuthenticationTokenException"
