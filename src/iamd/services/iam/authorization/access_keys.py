"""What the operations on access keys must be allowed: always on the key's owner."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import NO_KEYS, Ask, Check, Checks
from iamd.model.arn import iam_arn
from iamd.services.iam.authorization.subjects import on_user_asked
from iamd.services.iam.authorization.targets import anywhere, on_principal


def _last_used(ask: Ask) -> Iterable[Check]:
    """The key names its owner; only who may ask about everybody learns that there is no such key here."""
    key = ask.state.access_keys.get(ask.params["AccessKeyId"])
    if key is None or key.account != ask.account:
        yield anywhere(ask)
        return
    owner = ask.state.users.find("id", ask.account, key.user_id)
    if owner is None:
        yield Check(f"iam:{ask.operation}", iam_arn(ask.account, "root"))
    else:
        yield on_principal(ask, owner, "user", owner.name, NO_KEYS, bounded=False, found=None)


ACCESS_KEYS: Final[Mapping[str, Checks]] = {
    "CreateAccessKey": on_user_asked,
    "ListAccessKeys": on_user_asked,
    "UpdateAccessKey": on_user_asked,
    "DeleteAccessKey": on_user_asked,
    "GetAccessKeyLastUsed": _last_used,
}
