"""What the operations of this service must be allowed (IAM Toolbox API Reference): the pinned reference lists none."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks


def _anywhere(ask: Ask) -> Iterable[Check]:
    yield Check(f"iam:{ask.operation}", "*")


CHECKS: Final[Mapping[str, Checks]] = {
    "GetRequestAuthorizationDetails": _anywhere,
    "GetRequestAuthorizationPolicy": _anywhere,
}
