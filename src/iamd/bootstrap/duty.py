"""What one process of a server is told to do, and how that is handed over to another: as one line of JSON.

It holds secrets, so it goes through a pipe, never on a command line or in the environment.
"""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from iamd.bootstrap.accounts import NewAccount
from iamd.bootstrap.settings import Settings

_PATHS: Final = ("data_dir", "tls_cert", "tls_key", "master_key_file")


@dataclass(frozen=True, slots=True)
class Rebirth:
    """What an ephemeral server is again after a reset: its first account, with the hash of its root password."""

    account: NewAccount
    root_password_hash: str


@dataclass(frozen=True, slots=True)
class Duty:
    """`ports` are the API's and the console's; `keeps_house`, `metrics_port`: see Doors.

    INVARIANT: whoever serves has `lock_file` open, which holds the directory: nobody else starts while one is left.
    """

    settings: Settings
    state_dir: Path
    lock_file: int
    ports: tuple[int, int]
    keeps_house: bool
    rebirth: Rebirth | None = None
    metrics_port: int | None = None


def dump(duty: Duty) -> bytes:
    return json.dumps(asdict(duty), default=str).encode() + b"\n"


def load(line: bytes) -> Duty:
    content: dict[str, Any] = json.loads(line)
    rebirth = content["rebirth"]
    return Duty(
        settings=_settings(content["settings"]),
        state_dir=Path(content["state_dir"]),
        lock_file=content["lock_file"],
        ports=tuple(content["ports"]),
        keeps_house=content["keeps_house"],
        rebirth=None if rebirth is None else Rebirth(NewAccount(**rebirth["account"]), rebirth["root_password_hash"]),
        metrics_port=content["metrics_port"],
    )


def _settings(content: dict[str, Any]) -> Settings:
    values = {field.name: content[field.name] for field in fields(Settings)}
    for name in _PATHS:
        values[name] = None if values[name] is None else Path(values[name])
    values["trusted_proxies"] = tuple(values["trusted_proxies"])
    return Settings(**values)
