"""The policy simulator. Whoever may simulate a principal learns what its policies allow."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks
from iamd.model.errors import AwsError
from iamd.services.iam.authorization.targets import anywhere, tag_condition_keys
from iamd.services.iam.rules.policy_sources import entity_found
from iamd.stores.ports.identities import Group


def _anywhere(ask: Ask) -> Iterable[Check]:
    yield anywhere(ask)


def _on_principal(ask: Ask) -> Iterable[Check]:
    """On the entity that will be found, which has the ARN's name but perhaps another path."""
    arn: str = ask.params["PolicySourceArn"]
    try:
        entity = entity_found(ask.state, ask.account, arn)
    except AwsError:
        yield Check(f"iam:{ask.operation}", arn)
    else:
        tags = () if isinstance(entity, Group) else entity.tags
        yield Check(f"iam:{ask.operation}", entity.arn, tag_condition_keys(tags), resource_tags=tags)


SIMULATION: Final[Mapping[str, Checks]] = {
    "SimulateCustomPolicy": _anywhere,
    "SimulatePrincipalPolicy": _on_principal,
    "GetContextKeysForCustomPolicy": _anywhere,
    "GetContextKeysForPrincipalPolicy": _on_principal,
}
