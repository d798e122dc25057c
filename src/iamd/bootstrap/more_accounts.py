"""Accounts after the first: made beside a running server, which sees them at its next request."""

import json
from pathlib import Path
from typing import Final

from iamd.bootstrap.accounts import (
    account_bootstrap_file,
    bootstrap_file,
    hash_root_password,
    plan_account,
    read_endpoint,
    write_account,
    write_bootstrap,
)
from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import open_parts, token_ring
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.store import Transaction
from iamd.stores.sql.reading import open_reader, require_data

_LONGEST_NAME: Final = 50


class AccountRefused(Exception):  # noqa: N818  # names what was found
    """The account cannot be made; the text says why."""


def create_account(data_dir: Path, master_key_file: Path | None, account_id: str | None, name: str) -> Path:
    """The path of the new account's bootstrap file. Raises AccountRefused, NoData, MasterKeyError, NewerFormat."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise AccountRefused(f"an account's name has 1 to {_LONGEST_NAME} printable characters")
    require_data(data_dir)
    parts = open_parts(data_dir, master_key_file)
    try:
        if token_ring(parts.store.state, parts.sealer) is None:
            raise AccountRefused(f"{data_dir} has no account yet: start its server once")
        plan = plan_account(parts.ids, account_id, name)
        plan = plan.with_email(f"root+{plan.id}@localhost")
        region, urls = read_endpoint(data_dir)
        path = account_bootstrap_file(data_dir, plan.id)
        password_hash = hash_root_password(parts.passwords, plan)

        def work(transaction: Transaction) -> None:
            if transaction.state.accounts.get(plan.id) is not None:
                raise AccountRefused(f"there is an account {plan.id} already")
            write_account(transaction.state, plan, parts.sealer, password_hash, now_ms())
            write_bootstrap(path, plan, region, urls)

        parts.store.write_now(work)
    finally:
        parts.store.close()
    return path


def list_known(data_dir: Path) -> list[Account]:
    """Raises NoData, NewerFormat."""
    with open_reader(data_dir) as state:
        return state.accounts.page("key")


def kept_keys(data_dir: Path, account_id: str | None) -> dict[str, str] | None:
    """The content of an account's bootstrap file (the first one's by default), None if it is gone."""
    candidates = [bootstrap_file(data_dir)]
    if account_id is not None:
        candidates.append(account_bootstrap_file(data_dir, account_id))
    for path in candidates:
        try:
            content: dict[str, str] = json.loads(path.read_bytes())
        except FileNotFoundError:
            continue
        if account_id in (None, content["account_id"]):
            return content
    return None
