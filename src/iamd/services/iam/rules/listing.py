"""Pages of named things with a path."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from iamd.kernel.paging import Page, read_page
from iamd.stores.ports.records import Records


class Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...


N = TypeVar("N", bound=Named)


def page_by_path(request: Mapping[str, Any], records: Records[N], account: str) -> Page[N]:
    """The account's records below `PathPrefix`: by name, or by path and name where a prefix narrows them."""
    prefix = request.get("PathPrefix") or "/"
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
