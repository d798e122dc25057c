"""A new password for root, or a new key for the administrator: for someone locked out who holds the master key."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

from iamd import __version__
from iamd.audit.record import Facts, Outcome, events_of
from iamd.bootstrap.accounts import ADMIN, ADMINISTRATOR_ACCESS, read_endpoint
from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import StoreParts, token_ring
from iamd.bootstrap.place import Place
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.credentials import AccessKey
from iamd.stores.ports.identities import User
from iamd.stores.ports.policies import Attachment
from iamd.stores.ports.store import Transaction

_PASSWORD_BYTES: Final = 18
_BY: Final = "iamd recover"


class RecoveryRefused(Exception):  # noqa: N818  # names what was found
    """There is nothing to recover; the text says why."""


@dataclass(frozen=True, slots=True)
class RootRecovered:
    """`devices` are the MFA devices that root has no longer: whoever lost its password mostly lost them too."""

    account_id: str
    root_email: str
    root_password: str = field(repr=False)
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminRecovered:
    """`restored` says what was gone and is there again. `bounded`: a permissions boundary still limits the user."""

    account_id: str
    user_name: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    restored: tuple[str, ...] = ()
    bounded: bool = False


def recover_root(place: Place, account_id: str | None) -> RootRecovered:
    """Raises RecoveryRefused and what `Place.open` raises."""
    parts = _open(place)
    try:
        account = _account(parts, account_id)
        password = token_urlsafe(_PASSWORD_BYTES)
        password_hash = parts.passwords.hash(password)
        trail = _Events(parts, account.id, _region(place.data_dir))

        def work(transaction: Transaction) -> tuple[str, ...]:
            known = transaction.state.accounts.get(account.id)
            if known is None:
                raise RecoveryRefused(f"there is no account {account.id}")
            transaction.state.accounts.replace(replace(known, root_password_hash=password_hash))
            trail.record(transaction, "signin", "PasswordRecoveryCompleted", {"userName": "root"})
            return _without_devices(transaction, account.id, trail)

        devices = parts.store.write_now(work)
    finally:
        parts.store.close()
    return RootRecovered(account.id, account.root_email, password, devices)


def _without_devices(transaction: Transaction, account: str, trail: "_Events") -> tuple[str, ...]:
    devices = transaction.state.mfa_devices.page("user", account, account)
    for device in devices:
        transaction.state.mfa_devices.replace(replace(device, user_id=None, enabled_at=None))
        trail.record(transaction, "iam", "DeactivateMFADevice", {"serialNumber": device.serial})
    return tuple(device.serial for device in devices)


def recover_admin(place: Place, account_id: str | None) -> AdminRecovered:
    """The same. The user's other keys stay as they are, even where that makes more of them than IAM would create."""
    parts = _open(place)
    try:
        account = _account(parts, account_id)
        trail = _Events(parts, account.id, _region(place.data_dir))
        return parts.store.write_now(lambda transaction: _new_admin_key(transaction, parts, account.id, trail))
    finally:
        parts.store.close()


def _new_admin_key(transaction: Transaction, parts: StoreParts, account: str, trail: "_Events") -> AdminRecovered:
    state, now = transaction.state, trail.at
    restored: list[str] = []
    user = state.users.find("folded", account, ADMIN)
    if user is None:
        user = User(account, ADMIN, ADMIN, "/", parts.ids.unique_id("AIDA"), now)
        state.users.insert(user)
        restored.append("user")
        element = {"path": "/", "userName": user.name, "userId": user.id, "arn": user.arn}
        trail.record(transaction, "iam", "CreateUser", {"userName": user.name}, {"user": element})
    if state.attachments.get(account, user.id, "policy", ADMINISTRATOR_ACCESS) is None:
        state.attachments.insert(Attachment(account, user.id, "policy", ADMINISTRATOR_ACCESS, now))
        restored.append("policy")
        named = {"userName": user.name, "policyArn": ADMINISTRATOR_ACCESS}
        trail.record(transaction, "iam", "AttachUserPolicy", named)
    key_id, secret = parts.ids.access_key_id(account), parts.ids.secret_key()
    sealed = parts.sealer.seal(secret.encode("ascii"), account, key_id)
    state.access_keys.insert(AccessKey(key_id, account, user.id, active=True, created_at=now, sealed_secret=sealed))
    element = {"accessKeyId": key_id, "status": "Active", "userName": user.name}
    trail.record(transaction, "iam", "CreateAccessKey", {"userName": user.name}, {"accessKey": element})
    return AdminRecovered(account, user.name, key_id, secret, tuple(restored), bounded=user.boundary_arn is not None)


@dataclass(slots=True)
class _Events:
    """What the trail says of a recovery: somebody with the master key did it, whom AWS would call a service."""

    parts: StoreParts
    account: str
    region: str
    at: int = field(default_factory=now_ms)

    def record(
        self,
        transaction: Transaction,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        elements: Mapping[str, Any] | None = None,
    ) -> None:
        identity = {"type": "AWSService", "invokedBy": _BY}
        facts = Facts(
            request_id=self.parts.ids.request_id(self.at),
            at=self.at,
            account=self.account,
            principal=_BY,
            user_identity=identity,
            foreign_identity=identity,
            service=service,
            operation=operation,
            region=self.region,
            read_only=False,
            source_ip=_BY,
            user_agent=f"iamd/{__version__}",
            secure=False,
            host="",
            parameters=parameters,
            actions=(),
            resources=(),
            data_event=False,
            droppable=False,
        )
        for event in events_of(facts, Outcome(response_elements=elements), self.parts.ids.event_id):
            transaction.record(event)


def _open(place: Place) -> StoreParts:
    parts = place.open()
    with ExitStack() as on_refusal:
        on_refusal.callback(parts.store.close)
        if token_ring(parts.store.state, parts.sealer) is None:
            raise RecoveryRefused(f"{place} has no account yet: start its server once")
        on_refusal.pop_all()
    return parts


def _account(parts: StoreParts, account_id: str | None) -> Account:
    """The one that is named, else the first that was made."""
    accounts = parts.store.state.accounts
    account = accounts.get(account_id) if account_id is not None else None
    if account_id is None:
        account = min(accounts.page("key"), key=lambda known: known.created_at)
    if account is None:
        raise RecoveryRefused(f"there is no account {account_id}")
    return account


def _region(data_dir: Path) -> str:
    try:
        return read_endpoint(data_dir)[0]
    except FileNotFoundError:
        # Nobody has served this directory yet: it comes out of a backup.
        return "us-east-1"
