"""Which operation of a plain REST service a request is: by method and path."""

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.models import Model
from iamd.wire.routing.paths import PathTemplate


class RestRouter:
    """Templates of each method, those with most literal segments first, then the longest."""

    def __init__(self, model: Model) -> None:
        self._routes: dict[str, list[tuple[PathTemplate, str]]] = {}
        for name, operation in model.operations.items():
            http = operation["http"]
            self._routes.setdefault(http["method"], []).append((PathTemplate(http["requestUri"]), name))
        for routes in self._routes.values():
            routes.sort(key=lambda route: (-route[0].literals, -len(route[0].segments), route[1]))

    def route(self, request: HttpRequest) -> str:
        for template, name in self._routes.get(request.method, ()):
            if template.matches(request.raw_path):
                return name
        raise AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
