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
        _check_account(request)
        for template, name in self._routes.get(request.method, ()):
            if template.matches(request.raw_path):
                return name
        raise AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)


def _check_account(request: HttpRequest) -> None:
    """s3control's clients put the account in front of the host's name too: both must be one account."""
    stated = request.header(b"x-amz-account-id")
    label = (request.header(b"host") or "").partition(".")[0]
    if stated is not None and len(label) == 12 and label.isascii() and label.isdigit() and label != stated:
        raise AwsError("InvalidRequest", "The account of the host and of the request are not the same.")
