"""AWS managed policies: an index that loads in milliseconds, and documents read one at a time.

The files under `data/` are made by the build hook (`hatch_build.py`) from the pinned data package and carry its NOTICE.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import orjson

ARN_PREFIX: Final = "arn:aws:iam::aws:policy"

_Row = tuple[str, str, str, str, str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A policy that AWS owns. `document()` reads the default version's JSON text from disk; only that one exists here.

    The ids are generated (AWS's shape, the same on every installation): the source does not carry AWS's own, nor the
    description.
    """

    arn: str
    name: str
    path: str
    policy_id: str
    default_version_id: str
    create_date: datetime
    update_date: datetime
    document: Callable[[], str] = field(repr=False, compare=False)
    description: str | None = None


class ManagedPolicies:
    """Every AWS managed policy, deprecated ones included, in ARN order. Nothing is read before the first use."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(__file__).parent / "data"

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, arn: str) -> bool:
        return arn in self._rows

    def get(self, arn: str) -> ManagedPolicy | None:
        row = self._rows.get(arn)
        return self._policy(row) if row else None

    def page(self, after: str | None, limit: int, path_prefix: str = "/") -> list[ManagedPolicy]:
        """At most `limit` policies whose path starts with `path_prefix`, in ARN order, behind the ARN `after`.

        A policy's ARN is the prefix, its path and its name, so a path prefix is one run of the order, mixed only with
        policies whose path ends inside the prefix.
        """
        found: list[ManagedPolicy] = []
        floor = ARN_PREFIX + path_prefix
        for arn in self._arns[bisect_right(self._arns, max(after or "", floor)) :]:
            if len(found) == limit or not arn.startswith(floor):
                break
            row = self._rows[arn]
            if row[2].startswith(path_prefix):
                found.append(self._policy(row))
        return found

    @cached_property
    def _rows(self) -> dict[str, _Row]:
        rows: list[_Row] = orjson.loads((self._folder / "managed_policies.json").read_bytes())
        return {row[0]: row for row in rows}

    @cached_property
    def _arns(self) -> list[str]:
        return list(self._rows)

    def _policy(self, row: _Row) -> ManagedPolicy:
        arn, name, path, policy_id, version, created, updated, offset, length = row

        def document() -> str:
            with (self._folder / "managed_policies.documents").open("rb") as documents:
                documents.seek(offset)
                return documents.read(length).decode()

        times = datetime.fromisoformat(created), datetime.fromisoformat(updated)
        return ManagedPolicy(arn, name, path, policy_id, version, *times, document)
