"""What the operations on the account's settings must be allowed: none has a resource type."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks
from iamd.services.iam.authorization.targets import anywhere


def _account(ask: Ask) -> Iterable[Check]:
    yield anywhere(ask)


ACCOUNT: Final[Mapping[str, Checks]] = {
    "CreateAccountAlias": _account,
    "DeleteAccountAlias": _account,
    "ListAccountAliases": _account,
    "GetAccountPasswordPolicy": _account,
    "UpdateAccountPasswordPolicy": _account,
    "DeleteAccountPasswordPolicy": _account,
    "GetAccountSummary": _account,
}
