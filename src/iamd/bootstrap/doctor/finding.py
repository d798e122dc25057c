"""What a check looks at, and what it found."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from iamd.bootstrap.nodes import object_store
from iamd.bootstrap.place import Place
from iamd.stores.ports.state import State
from iamd.stores.sql.opening import DATABASE
from iamd.stores.sql.reading import NoData


class Severity(StrEnum):
    """`NOTE`: nothing is wrong, but somebody should know. `ERROR`: it does not work, or not for long."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """`symptom` is what is seen, `meaning` what comes of it, `remedy` what to do."""

    severity: Severity
    symptom: str
    meaning: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Site:
    """The installation as a server would be told of it. `now` is milliseconds since 1970."""

    data_dir: Path
    master_key_file: Path | None
    host: str
    ports: tuple[int, ...]
    tls_cert: Path | None
    tls_key: Path | None
    environ: Mapping[str, str]
    now: int
    database_url: str | None = field(default=None, repr=False)
    object_store_url: str | None = None

    @property
    def database(self) -> Path:
        return self.data_dir / DATABASE

    @property
    def objects(self) -> Path:
        """The directory that the blobs lie in. Raises NodeRefused, which has a check of its own."""
        return self.data_dir if self.object_store_url is None else object_store(self.object_store_url)

    @contextmanager
    def state(self) -> Iterator[State | None]:
        """None where nothing is kept yet. Raises NewerFormat, StoreUnavailable, sqlite3.Error: each has a check."""
        with ExitStack() as opened:
            state: State | None = None
            with suppress(NoData):
                state = opened.enter_context(Place(self.data_dir, self.master_key_file, self.database_url).state())
            yield state


def error(symptom: str, meaning: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, symptom, meaning, remedy)


def warning(symptom: str, meaning: str, remedy: str) -> Finding:
    return Finding(Severity.WARNING, symptom, meaning, remedy)


def note(symptom: str, meaning: str, remedy: str) -> Finding:
    return Finding(Severity.NOTE, symptom, meaning, remedy)
