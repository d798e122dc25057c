"""Which operation a query-protocol request names."""

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.forms import form_of
from iamd.wire.models import Model

_NO_VERSION = "NO_VERSION_SPECIFIED"


def route_query(model: Model, request: HttpRequest) -> str:
    """The operation's name. Raises AwsError: no Action, an unknown one, or the wrong version of the API."""
    if request.method not in {"POST", "GET"}:
        raise AwsError("UnsupportedHttpVerb", f"HTTP verb is not supported: {request.method[:20]}", 405)
    form = form_of(request)
    action = form.get("Action")
    if not action:
        raise AwsError("MissingAction", "Missing Action")
    version = form.get("Version")
    if action not in model.operations or version != model.metadata["apiVersion"]:
        raise AwsError("InvalidAction", f"Could not find operation {action} for version {version or _NO_VERSION}")
    return action
