"""A verified caller and everything that decides what it may do."""

from dataclasses import dataclass

from iamd.credentials.session_facts import SessionFacts
from iamd.model.principal import ANONYMOUS, Principal
from iamd.model.tags import Tags
from iamd.policy import CompiledPolicy


@dataclass(frozen=True, slots=True)
class Identity:
    """A user, a role or an account's root as the store has it now, policies compiled.

    `name` is the user's or role's name, "" for root. `id` is its unique id, the account number for root.
    """

    account: str
    id: str
    name: str
    arn: str
    is_root: bool
    tags: Tags = ()
    policies: tuple[CompiledPolicy, ...] = ()
    boundaries: tuple[CompiledPolicy, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, from verified material only.

    `identity` is the user, or the role or user behind a session; None for anonymous callers. `session` is what the
    session token held. `session_policies` is None without a session policy. `tags` are the principal's: the identity's
    overlaid by the session's. `mfa` is None where AWS documents the key as absent, else whether MFA was used, and
    `mfa_at` when (milliseconds). `issued_at` is set for temporary credentials (milliseconds).
    """

    principal: Principal
    access_key_id: str | None = None
    identity: Identity | None = None
    session: SessionFacts | None = None
    session_policies: tuple[CompiledPolicy, ...] | None = None
    tags: Tags = ()
    mfa: bool | None = None
    mfa_at: int | None = None
    issued_at: int | None = None

    @property
    def account(self) -> str:
        """The caller's account, "" when anonymous."""
        return self.principal.account or ""


NOBODY = Caller(ANONYMOUS)
