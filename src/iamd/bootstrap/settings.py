"""Settings of a server: flags first, then the environment. The environment is read here and nowhere else."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PREFIX: Final = "IAMD_"
_KUBERNETES: Final = re.compile(
    r"IAMD_(?:SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)|PORT_[0-9]+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?)"
)
"""What Kubernetes puts into every pod of a namespace that has a service named iamd; `IAMD_PORT` too, as an address."""


SETTINGS: Final = frozenset(
    {
        "account_id",
        "action",
        "authorization_details",
        "console_port",
        "console_public_url",
        "context",
        "data_dir",
        "database_url",
        "ephemeral",
        "errors",
        "events_max_size",
        "host",
        "input",
        "insecure_http",
        "json",
        "log_format",
        "master_key_file",
        "metrics_port",
        "name",
        "object_store_url",
        "output",
        "port",
        "principal",
        "public_url",
        "region",
        "resource",
        "since",
        "tls_cert",
        "tls_key",
        "trusted_proxy",
        "user_quota",
        "without_master_key",
        "workers",
    }
)
"""Every flag of every command: a variable of one is no mistake where another command runs."""


class UnknownSetting(Exception):  # noqa: N818  # names what was found
    """An `IAMD_…` variable that is no setting: a typing mistake must not go unseen."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `iamd serve` was told. `data_dir` is where state lives, or only bootstrap.json if `ephemeral`."""

    host: str
    port: int
    console_port: int
    data_dir: Path
    account_id: str | None
    region: str
    public_url: str | None
    console_public_url: str | None
    trusted_proxies: tuple[str, ...]
    tls_cert: Path | None
    tls_key: Path | None
    insecure_http: bool
    master_key_file: Path | None
    ephemeral: bool
    user_quota: int
    events_max_size: int
    workers: int = 1
    database_url: str | None = field(default=None, repr=False)
    object_store_url: str | None = None
    metrics_port: int | None = None
    log_format: str = "text"


def environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The flags that the environment sets, by flag name with underscores (`data_dir`).

    Raises UnknownSetting for a variable that is neither a flag's nor one of Kubernetes'.
    """
    found, unknown = sort_environment(process_environment() if environ is None else environ)
    if unknown:
        raise UnknownSetting(f"{unknown[0]} is no setting of iamd's")
    return found


def sort_environment(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The flags that are set, as above, and the names of `IAMD_…` variables that are none."""
    found: dict[str, str] = {}
    unknown: list[str] = []
    for name, value in environ.items():
        if not name.startswith(PREFIX) or _KUBERNETES.fullmatch(name):
            continue
        flag = name.removeprefix(PREFIX).lower()
        if flag == "port" and "://" in value:
            continue
        if flag in SETTINGS and name == name.upper():
            found[flag] = value
        else:
            unknown.append(name)
    return found, unknown


def process_environment() -> Mapping[str, str]:
    return os.environ
