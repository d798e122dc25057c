"""Making an account: its root, an administrator `admin`, and that user's access key."""

import json
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from iamd.credentials.passwords import Passwords
from iamd.credentials.randomness import Ids
from iamd.credentials.sealing import Sealer
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.credentials import AccessKey
from iamd.stores.ports.identities import User
from iamd.stores.ports.policies import Attachment
from iamd.stores.ports.state import State

ADMIN: Final = "admin"
ROOT_EMAIL: Final = "root@localhost"
ADMINISTRATOR_ACCESS: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
_PASSWORD_BYTES: Final = 18
_ENDPOINT_FILE: Final = "endpoint.json"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Everything that is decided before an account is written, secrets in the clear: shown once, in its file."""

    id: str
    name: str
    canonical_id: str
    root_email: str
    admin_id: str
    access_key_id: str
    root_password: str = field(repr=False)
    secret_access_key: str = field(repr=False)

    def with_email(self, root_email: str) -> "NewAccount":
        return replace(self, root_email=root_email)


def draw_account_id() -> str:
    """Twelve digits, the first not 0, so that nobody loses a leading zero."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)


def plan_account(ids: Ids, account_id: str | None, name: str) -> NewAccount:
    number = account_id or draw_account_id()
    return NewAccount(
        id=number,
        name=name,
        canonical_id=secrets.token_hex(32),
        root_email=ROOT_EMAIL,
        admin_id=ids.unique_id("AIDA"),
        access_key_id=ids.access_key_id(number),
        root_password=secrets.token_urlsafe(_PASSWORD_BYTES),
        secret_access_key=ids.secret_key(),
    )


def write_account(state: State, plan: NewAccount, sealer: Sealer, root_password_hash: str, now: int) -> None:
    """Raises AlreadyExists if there is an account of this number. `now` is milliseconds."""
    state.accounts.insert(Account(plan.id, plan.name, now, plan.root_email, root_password_hash, plan.canonical_id))
    state.users.insert(User(plan.id, ADMIN, ADMIN, "/", plan.admin_id, now))
    state.attachments.insert(Attachment(plan.id, plan.admin_id, "policy", ADMINISTRATOR_ACCESS, now))
    sealed = sealer.seal(plan.secret_access_key.encode("ascii"), plan.id, plan.access_key_id)
    state.access_keys.insert(
        AccessKey(plan.access_key_id, plan.id, plan.admin_id, active=True, created_at=now, sealed_secret=sealed)
    )


def hash_root_password(passwords: Passwords, plan: NewAccount) -> str:
    return passwords.hash(plan.root_password)


@dataclass(frozen=True, slots=True)
class Urls:
    """`metrics` is there where they are served."""

    endpoint: str
    console: str
    metrics: str | None = None


def bootstrap_file(data_dir: Path) -> Path:
    """Where the first account's keys were written."""
    return data_dir / "bootstrap.json"


def account_bootstrap_file(data_dir: Path, account_id: str) -> Path:
    """Where the keys of an account made later were written."""
    return data_dir / f"bootstrap-{account_id}.json"


def endpoint_file(data_dir: Path) -> Path:
    """Every server writes it into its data directory, whatever else it keeps there."""
    return data_dir / _ENDPOINT_FILE


def write_endpoint(data_dir: Path, region: str, urls: Urls) -> None:
    """Where the server of this directory was last to be found, for commands beside it."""
    content = {"region": region, "endpoint_url": urls.endpoint, "console_url": urls.console}
    if urls.metrics is not None:
        content["metrics_url"] = urls.metrics
    path = endpoint_file(data_dir)
    if not path.exists() or json.loads(path.read_bytes()) != content:
        _write(path, content)


def read_endpoint(data_dir: Path) -> tuple[str, Urls]:
    """Region and URLs."""
    content = json.loads(endpoint_file(data_dir).read_bytes())
    return content["region"], Urls(content["endpoint_url"], content["console_url"])


def write_bootstrap(path: Path, plan: NewAccount, region: str, urls: Urls) -> None:
    """Whole or not at all, mode 0600, and before the account commits: a crash between leaves keys that never worked."""
    _write(
        path,
        {
            "account_id": plan.id,
            "region": region,
            "endpoint_url": urls.endpoint,
            "console_url": urls.console,
            "root_email": plan.root_email,
            "root_password": plan.root_password,
            "access_key_id": plan.access_key_id,
            "secret_access_key": plan.secret_access_key,
        },
    )


def refresh_bootstraps(data_dir: Path, urls: Urls) -> None:
    """At a later start: the URLs alone. A file that its owner deleted is not written again."""
    for path in (bootstrap_file(data_dir), *data_dir.glob("bootstrap-*.json")):
        try:
            content = json.loads(path.read_bytes())
        except FileNotFoundError:
            continue
        if content.get("endpoint_url") != urls.endpoint or content.get("console_url") != urls.console:
            _write(path, {**content, "endpoint_url": urls.endpoint, "console_url": urls.console})


def _write(path: Path, content: dict[str, str]) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(content, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
