"""A master key that is missing, damaged, or another's."""

from collections.abc import Iterator

from iamd.bootstrap.compose import token_ring
from iamd.bootstrap.doctor.finding import Finding, Site, error
from iamd.credentials.master_key import MasterKeyError, load_master_key
from iamd.credentials.sealing import Sealer
from iamd.stores.ports.state import State


def check(site: Site) -> Iterator[Finding]:
    with site.state() as state:
        if state is not None:
            yield from _check(site, state)


def _check(site: Site, state: State) -> Iterator[Finding]:
    path = site.master_key_file or site.data_dir / "master.key"
    try:
        key = load_master_key(path)
    except MasterKeyError as refusal:
        yield error(
            str(refusal),
            "No server starts: secret keys and sessions are sealed under it, and nothing else opens them.",
            "Put the key file back from where it is kept (a backup without --without-master-key holds it), mode 600.",
        )
        return
    try:
        token_ring(state, Sealer(key))
    except MasterKeyError:
        kept = site.data_dir if site.database_url is None else "the database"
        yield error(
            f"{path} holds another key than the one that sealed the secrets in {kept}",
            "No server starts: no secret key and no session in the database can be opened.",
            "Give the right file with --master-key-file; a restored database needs the key of its backup.",
        )
