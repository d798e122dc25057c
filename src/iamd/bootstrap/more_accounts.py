"""Accounts after the first: made beside a running server, which sees them at its next request."""

import json
from pathlib import Path
from typing import Final

from iamd.bootstrap.accounts import (
    Urls,
    account_bootstrap_file,
    bootstrap_file,
    hash_root_password,
    plan_account,
    read_endpoint,
    write_account,
    write_bootstrap,
)
from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import token_ring
from iamd.bootstrap.place import Place
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.store import Transaction

_LONGEST_NAME: Final = 50


class AccountRefused(Exception):  # noqa: N818  # names what was found
    """The account cannot be made; the text says why."""


def create_account(place: Place, account_id: str | None, name: str) -> Path:
    """The path of the new account's bootstrap file. Raises AccountRefused and what `Place.open` raises."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise AccountRefused(f"an account's name has 1 to {_LONGEST_NAME} printable characters")
    parts = place.open()
    try:
        if token_ring(parts.store.state, parts.sealer) is None:
            raise AccountRefused(f"{place} has no account yet: start its server once")
        plan = plan_account(parts.ids, account_id, name)
        plan = plan.with_email(f"root+{plan.id}@localhost")
        region, urls = _endpoint(place.data_dir)
        path = account_bootstrap_file(place.data_dir, plan.id)
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


def _endpoint(data_dir: Path) -> tuple[str, Urls]:
    """Where the server is, for the file that is written beside it. Raises AccountRefused."""
    try:
        return read_endpoint(data_dir)
    except FileNotFoundError:
        raise AccountRefused(f"no server has used {data_dir} yet: give a server's --data-dir, for the keys") from None


def list_known(place: Place) -> list[Account]:
    """Raises what `Place.state` raises."""
    with place.state() as state:
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
