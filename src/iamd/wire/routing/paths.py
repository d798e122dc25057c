"""URI templates of the models, matched on the bytes that were sent."""

import re
from collections.abc import Callable
from urllib.parse import quote

from iamd.model.http import HttpRequest
from iamd.wire.faults import invalid_uri
from iamd.wire.forms import percent_decode
from iamd.wire.models import Model
from iamd.wire.normal_path import normal_path
from iamd.wire.values import BadValueError


def effective_path(request: HttpRequest) -> bytes:
    """The path with the bucket in it, wherever the request named it. Nothing is collapsed: `//` and `..` are keys."""
    if request.bucket is None:
        return request.raw_path
    if not request.bucket:
        raise invalid_uri()
    return b"/" + quote(request.bucket, safe="").encode("ascii") + (request.raw_path or b"/")


def path_reader(model: Model) -> Callable[[HttpRequest], bytes]:
    """How the path of a service's requests is read: exactly as its signature covers it."""
    if model.name == "s3":
        return effective_path
    # Below S3's own names s3control's hosts name an account, which is no part of the path.
    return _raw if model.signs_as_s3 else _normal


def _raw(request: HttpRequest) -> bytes:
    return request.raw_path


def _normal(request: HttpRequest) -> bytes:
    return normal_path(request.raw_path)


class PathTemplate:
    """A template such as `/{Bucket}/{Key+}`: labels match one segment, greedy ones all that follows.

    `query` are the parameters that it demands, `literals` the number of its segments that are no labels.
    """

    def __init__(self, uri: str) -> None:
        self.labels: list[str] = []
        path, _, query = uri.partition("?")
        self.query = _literals(query)
        self.segments = path.strip("/").split("/") if path != "/" else []
        pieces = [self._piece(segment) for segment in self.segments]
        ending = "/?" if self.segments and not self.segments[-1].endswith("+}") else ""
        source = "/" + "/".join(pieces) + ending
        self._match: Callable[[bytes], re.Match[bytes] | None] = re.compile(source.encode(), re.DOTALL).fullmatch
        self.literals = sum(not segment.startswith("{") for segment in self.segments)

    def _piece(self, segment: str) -> str:
        if not segment.startswith("{"):
            return re.escape(segment)
        self.labels.append(segment.strip("{}+"))
        return "(.+)" if segment.endswith("+}") else "([^/]+)"

    def matches(self, path: bytes) -> bool:
        return self._match(path) is not None

    def read(self, path: bytes) -> dict[str, str]:
        """The labels' values, percent-decoded once. Raises BadValueError where there are none, or no UTF-8."""
        found = self._match(path)
        if found is None:
            raise BadValueError("another path")
        return {label: percent_decode(raw) for label, raw in zip(self.labels, found.groups(), strict=True)}


def _literals(query: str) -> dict[str, str]:
    """The parameters that a template itself demands (`?find=LayerVersion`)."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return {name: value for name, _, value in parts}
