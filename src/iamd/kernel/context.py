"""What an operation is given beside its request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from iamd.authz.caller import Caller
from iamd.authz.check import Check
from iamd.credentials.passwords import Passwords
from iamd.credentials.randomness import Ids
from iamd.credentials.sealing import Sealer
from iamd.credentials.session_token import SessionTokens
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.model.values import value
from iamd.reference.managed_policies import ManagedPolicies
from iamd.reference.quotas import Quotas
from iamd.stores.ports.state import State


@dataclass(frozen=True, slots=True)
class Tools:
    """What operations may use besides state: made once, by bootstrap."""

    ids: Ids
    sealer: Sealer
    tokens: SessionTokens
    passwords: Passwords
    managed_policies: ManagedPolicies
    quotas: Quotas


class Authorize(Protocol):
    """Ask for rights that the operation's table could not name."""

    def __call__(self, checks: Iterable[Check]) -> None:
        """Raises AwsError (AccessDenied …) unless all are allowed."""


@value
class Context:
    """One call.

    `now` is the moment of the call (UTC, whole milliseconds), `now_ms` the same as a number. `account` is the caller's
    account, in which IAM acts ("" when anonymous). `state` is the transaction's view in an operation that changes
    state, the committed view in one that reads. `prepared` is what the operation's `prepare` step returned.
    `verdicts` is there in operations that AWS answers item by item: for each check of the table, in order, None or the
    denial.
    """

    now: datetime
    now_ms: int
    request_id: str
    account: str
    region: str
    caller: Caller
    state: State
    http: HttpRequest
    tools: Tools
    authorize: Authorize
    prepared: Any = None
    verdicts: tuple[AwsError | None, ...] = ()
