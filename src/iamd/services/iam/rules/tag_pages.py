"""Tags in pages."""

from collections.abc import Mapping
from typing import Any

from iamd.kernel.paging import slice_page
from iamd.kernel.tags import tag_list
from iamd.model.tags import Tags


def tag_page(request: Mapping[str, Any], tags: Tags) -> Any:
    """The answer of List…Tags."""
    page = slice_page(request, sorted(tags), lambda tag: (tag[0],))
    return {"Tags": tag_list(tuple(page.records)), **page.members}
