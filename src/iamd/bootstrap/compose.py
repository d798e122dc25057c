"""The only place where parts meet."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iamd.audit.trail import Trail
from iamd.authz.decide import Authorizer
from iamd.authz.facts import Facts, Note
from iamd.authz.gather import Gatherer
from iamd.bootstrap.clock import now_ms
from iamd.credentials.key_ring import KeyRing, new_ring_key
from iamd.credentials.master_key import MasterKeyError, load_master_key, load_or_create_master_key
from iamd.credentials.passwords import Passwords
from iamd.credentials.randomness import Ids
from iamd.credentials.sealing import Sealer, UnsealError
from iamd.credentials.session_token import SessionTokens
from iamd.kernel.ahead import Ahead
from iamd.kernel.context import Tools
from iamd.kernel.kernel import Catalog, Kernel
from iamd.kernel.metering import Meter
from iamd.kernel.service import Service
from iamd.reference.managed_policies import ManagedPolicies
from iamd.reference.quotas import Quotas
from iamd.services.iam.service import service as iam
from iamd.services.iam_toolbox.service import service as iam_toolbox
from iamd.services.s3.service import service as s3
from iamd.services.sts.service import service as sts
from iamd.stores.blobs.local import LocalBlobs
from iamd.stores.metered import MeteredStore
from iamd.stores.ports.credentials import TOKEN_KEYS_TOPIC, TokenKey
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Store
from iamd.stores.space import RESERVE_BYTES, Reserve
from iamd.stores.sql.opening import DATABASE
from iamd.stores.sql.store import SqlStore, open_store
from iamd.wire.sigv4 import SigningKeys

if TYPE_CHECKING:
    from iamd.stores.sql.postgres.store import PostgresStore

_TOKEN_KEY = "session-token-key"  # noqa: S105  # the sealing context's name, not a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreParts:
    """What changes the state of a data directory, or of a database server beside one."""

    store: "SqlStore | PostgresStore"
    ids: Ids
    sealer: Sealer
    passwords: Passwords


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(StoreParts):
    """The same with the objects' bytes: what a server opens."""

    blobs: LocalBlobs


def services() -> Iterable[Service]:
    return (iam, iam_toolbox, sts, s3)


def open_parts(directory: Path, master_key_file: Path | None, *, ephemeral: bool = False) -> Parts:
    """Raises MasterKeyError, NewerFormat, OSError. An ephemeral store hashes cheaply: it holds nothing of worth."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if master_key_file is None and not (directory / DATABASE).exists():
        key = load_or_create_master_key(directory / "master.key")
    else:
        key = load_master_key(master_key_file or directory / "master.key")
    ids = Ids()
    reserve = Reserve(directory, 0 if ephemeral else RESERVE_BYTES)
    reserve.prepare()
    return Parts(
        store=open_store(directory, ephemeral=ephemeral, reserve=reserve),
        blobs=LocalBlobs(directory / "blobs", ids.internal_id, durable=not ephemeral, reserve=reserve),
        ids=ids,
        sealer=Sealer(key),
        passwords=Passwords(time=1, memory=8 * 1024, lanes=1) if ephemeral else Passwords(),
    )


def token_ring(state: State, sealer: Sealer) -> KeyRing | None:
    """The ring of the store, its newest key current; None if there is none yet. Raises MasterKeyError."""
    kept = sorted(state.token_keys.page("key"), key=lambda key: key.created_at)
    if not kept:
        return None
    try:
        keys = {key.id: sealer.open(key.sealed_key, _TOKEN_KEY, key.id) for key in kept}
    except UnsealError:
        raise MasterKeyError("the master key is not the one that sealed the secrets kept here") from None
    return KeyRing(keys, kept[-1].id)


def write_token_key(state: State, sealer: Sealer, now: int) -> None:
    key_id, key = new_ring_key()
    state.token_keys.insert(TokenKey(key_id, now, sealer.seal(key, _TOKEN_KEY, key_id)))


def compose(
    parts: Parts,
    region: str,
    quotas: Quotas,
    clock: Callable[[], int] = now_ms,
    *,
    metered: bool = False,
    console_url: str = "",
) -> Kernel:
    """`metered`: it counts and times what it does, for whoever asks. `console_url` is what denials point at."""
    store: Store = MeteredStore(parts.store) if metered else parts.store
    managed_policies = ManagedPolicies()
    facts = Facts(store)
    trail = Trail(store)
    facts.after_gap(trail.turn)

    def load_ring(state: State, note: Note) -> KeyRing:
        note(TOKEN_KEYS_TOPIC)
        ring = token_ring(state, parts.sealer)
        if ring is None:
            raise LookupError("the store has no token key")
        return ring

    tools = Tools(
        ids=parts.ids,
        sealer=parts.sealer,
        tokens=SessionTokens(lambda: facts.get("token-ring", load_ring)),
        passwords=parts.passwords,
        managed_policies=managed_policies,
        quotas=quotas,
    )
    return Kernel(
        catalog=Catalog(services()),
        store=store,
        blobs=parts.blobs,
        facts=facts,
        ahead=Ahead(facts, store),
        authorizer=Authorizer(Gatherer(facts, managed_policies), parts.sealer, console_url),
        trail=trail,
        tools=tools,
        signing_keys=SigningKeys(),
        clock=clock,
        region=region,
        meter=Meter() if metered else None,
    )
