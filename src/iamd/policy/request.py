"""What is decided, and the policies that it is decided by."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from iamd.model.principal import Principal
from iamd.model.values import value
from iamd.policy.compiled import CompiledPolicy


@value
class AccessRequest:
    """`action` and `resource` are literal. `resource_account` None: the ARN's account, else the caller's.

    `context`: key names in lower case (the caller folds them); a str is a single-valued key, a tuple a multivalued one,
    also with one value or none; an absent key is absent.
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str | None = None
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@value
class Layers:
    """The policies that apply.

    `identity`: their union allows. `boundaries`: each must allow; none given, none applies. `session`: None where there
    is no session policy; else their union must allow. `resource`: None where the resource has no policy;
    `resource_required` for role trust and KMS keys. `scps`: one inner sequence per level from the root to the account,
    each of which must allow; empty where none apply. `rcps`: the same, RCPFullAWSAccess being implied at every level.
    """

    identity: Sequence[CompiledPolicy] = ()
    boundaries: Sequence[CompiledPolicy] = ()
    session: Sequence[CompiledPolicy] | None = None
    resource: Sequence[CompiledPolicy] | None = None
    resource_required: bool = False
    scps: Sequence[Sequence[CompiledPolicy]] = ()
    rcps: Sequence[Sequence[CompiledPolicy]] = ()
