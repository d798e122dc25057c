"""Botocore's own view of the four models, for comparison."""

from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

SERVICES = ("iam", "sts", "s3", "s3control")


@cache
def botocore_model(service: str) -> Any:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def operations() -> list[tuple[str, str]]:
    return [(service, name) for service in SERVICES for name in botocore_model(service).operation_names]
