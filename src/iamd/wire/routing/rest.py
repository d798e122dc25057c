"""Which operation of a plain REST service a request is: by method, path, and what the template demands of the query."""

from collections.abc import Callable
from typing import NamedTuple

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.faults import serialization, unknown_operation
from iamd.wire.forms import query_of
from iamd.wire.models import Model
from iamd.wire.routing.paths import PathTemplate, path_reader


class _Route(NamedTuple):
    template: PathTemplate
    operation: str

    @property
    def rank(self) -> tuple[int, int, int, str]:
        template = self.template
        return -template.literals, -len(template.query), -len(template.segments), self.operation


class RestRouter:
    """Templates of each method, those with most literal segments first, then with most parameters, then the longest."""

    def __init__(self, model: Model, unknown: Callable[[], AwsError] = unknown_operation) -> None:
        self._path_of = path_reader(model)
        self._unknown = unknown
        self._routes: dict[str, list[_Route]] = {}
        for name, operation in model.operations.items():
            http = operation["http"]
            self._routes.setdefault(http["method"], []).append(_Route(PathTemplate(http["requestUri"]), name))
        for routes in self._routes.values():
            routes.sort(key=lambda route: route.rank)

    def route(self, request: HttpRequest) -> str:
        """The operation's name. Raises AwsError where no template fits."""
        path = self._path_of(request)
        for template, operation in self._routes.get(request.method, ()):
            if template.matches(path) and (not template.query or _demanded(request, template.query)):
                return operation
        raise self._unknown()


def _demanded(request: HttpRequest, literals: dict[str, str]) -> bool:
    query = query_of(request, lambda: serialization("The query string is not percent-encoded UTF-8."))
    return all(query.get(name) == [value] for name, value in literals.items())


def s3control_router(model: Model) -> Callable[[HttpRequest], str]:
    """s3control's clients put the account in front of the host's name too: both must be one account."""
    router = RestRouter(model, _not_allowed)

    def route(request: HttpRequest) -> str:
        stated = request.header(b"x-amz-account-id")
        label = (request.header(b"host") or "").partition(".")[0]
        if stated is not None and len(label) == 12 and label.isascii() and label.isdigit() and label != stated:
            raise AwsError("InvalidRequest", "The account of the host and of the request are not the same.")
        return router.route(request)

    return route


def _not_allowed() -> AwsError:
    return AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
