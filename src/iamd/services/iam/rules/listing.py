"""Pages of named things with a path."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from iamd.kernel.paging import NAME_PREFIX, Page, read_page
from iamd.model.errors import validation_error
from iamd.services.iam.rules.entities import folded
from iamd.stores.ports.records import Records


class Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def folded_name(self) -> str: ...


N = TypeVar("N", bound=Named)


def page_by_path(request: Mapping[str, Any], records: Records[N], account: str) -> Page[N]:
    """The account's records below `PathPrefix`: by name, or by path and name where a prefix narrows them.

    `NamePrefix`, which only the console asks by, has no regard to case. Raises ValidationError for both prefixes.
    """
    prefix = request.get("PathPrefix") or "/"
    name = request.get(NAME_PREFIX)
    if name and prefix != "/":
        raise validation_error("A list is narrowed by PathPrefix or by NamePrefix, not by both.")
    if name:
        return read_page(
            request,
            lambda after, limit: records.page("folded", account, starts=folded(name), after=after, limit=limit),
            lambda record: (record.folded_name,),
        )
    if prefix == "/":
        return read_page(
            request,
            lambda after, limit: records.page("key", account, after=after, limit=limit),
            lambda record: (record.name,),
        )
    return read_page(
        request,
        lambda after, limit: records.page("path", account, starts=prefix, after=after, limit=limit),
        lambda record: (record.path, record.name),
        (str, str),
    )
