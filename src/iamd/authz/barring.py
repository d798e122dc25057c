"""Settings of a resource that refuse a caller, whatever policies say."""

from typing import Final

from iamd.model.principal import Principal, PrincipalKind
from iamd.stores.ports.buckets import Bucket

_RESTRICT_PUBLIC_BUCKETS: Final = "R"


def bars(bucket: Bucket, caller: Principal) -> bool:
    """RestrictPublicBuckets: a public policy lets nobody in from outside, save services."""
    return (
        bucket.policy_is_public
        and _RESTRICT_PUBLIC_BUCKETS in (bucket.public_access_block or "")
        and caller.account != bucket.account
        and caller.kind is not PrincipalKind.SERVICE
    )
