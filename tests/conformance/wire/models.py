"""Botocore's own view of the models, for comparison."""

from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

SERVICES = (
    *("iam", "sts", "s3", "s3control", "iam-toolbox", "ec2"),
    *(
        "lambda",
        "accessanalyzer",
        "trustedadvisor",
        "sso",
        "sso-oidc",
        "signin",
        "rolesanywhere",
        "account",
        "eks-auth",
    ),
)

EVENT_STREAMS = {
    ("s3", "SelectObjectContent"): "output",
    ("lambda", "InvokeWithResponseStream"): "output",
}
"""The operations with an event stream, and its side; it is not built."""


@cache
def botocore_model(service: str) -> Any:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def operations() -> list[tuple[str, str]]:
    return [(service, name) for service in SERVICES for name in botocore_model(service).operation_names]
