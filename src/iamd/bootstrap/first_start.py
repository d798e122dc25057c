"""The first account: made once, its keys written to bootstrap.json before the first request is answered."""

from dataclasses import dataclass
from pathlib import Path

from iamd.bootstrap.accounts import (
    NewAccount,
    Urls,
    bootstrap_file,
    hash_root_password,
    plan_account,
    refresh_bootstraps,
    write_account,
    write_bootstrap,
)
from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import Parts, token_ring, write_token_key
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Transaction


@dataclass(frozen=True, slots=True)
class Start:
    """`created` is the account if this start made it."""

    created: NewAccount | None


class AccountMismatch(Exception):  # noqa: N818  # names what was found
    """`--account-id` names another account than the one that is there."""


def first_start(parts: Parts, account_id: str | None, region: str, urls: Urls, file_dir: Path) -> Start:
    """Makes the account and the token key ring if there are none; a later start refreshes the file's URLs."""
    path = bootstrap_file(file_dir)
    plan = None
    if not parts.store.state.accounts.page("key", limit=1):
        plan = _create(parts, plan_account(parts.ids, account_id, "root"), path, region, urls)
    if plan is None:
        if account_id is not None and parts.store.state.accounts.get(account_id) is None:
            raise AccountMismatch(f"--account-id {account_id}: there is no such account here")
        refresh_bootstraps(file_dir, urls)
    if token_ring(parts.store.state, parts.sealer) is None:
        raise LookupError("the store has an account but no token key")
    return Start(plan)


def _create(parts: Parts, plan: NewAccount, path: Path, region: str, urls: Urls) -> NewAccount | None:
    """None if another node has been first."""
    password_hash = hash_root_password(parts.passwords, plan)
    written = False

    def create(transaction: Transaction) -> bool:
        nonlocal written
        if transaction.state.accounts.page("key", limit=1):
            return False
        populate(transaction.state, parts, plan, password_hash)
        write_bootstrap(path, plan, region, urls)
        written = True
        return True

    if parts.store.write_now(create):
        return plan
    if written:
        # By an attempt that came to nothing: its keys never worked.
        path.unlink()
    return None


def populate(state: State, parts: Parts, plan: NewAccount, password_hash: str) -> None:
    """The state of a server that nobody has used yet."""
    now = now_ms()
    write_account(state, plan, parts.sealer, password_hash, now)
    write_token_key(state, parts.sealer, now)
