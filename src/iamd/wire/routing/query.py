"""Which operation a query-protocol request names."""

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.forms import form_of
from iamd.wire.models import Model

_NO_VERSION = "NO_VERSION_SPECIFIED"


def route_query(model: Model, request: HttpRequest) -> str:
    """The operation's name. Raises AwsError: no Action, an unknown one, or the wrong version of the API."""
    action, version = _named(request)
    if action not in model.operations or version != model.metadata["apiVersion"]:
        raise AwsError("InvalidAction", f"Could not find operation {action} for version {version or _NO_VERSION}")
    return action


def route_ec2(model: Model, request: HttpRequest) -> str:
    """As above, in EC2's words."""
    action, version = _named(request)
    if version != model.metadata["apiVersion"]:
        raise AwsError("NoSuchVersion", f"The API version {version or _NO_VERSION} does not exist.")
    if action not in model.operations:
        raise AwsError("InvalidAction", f"The action {action} is not valid for this web service.")
    return action


def _named(request: HttpRequest) -> tuple[str, str | None]:
    if request.method not in {"POST", "GET"}:
        raise AwsError("UnsupportedHttpVerb", f"HTTP verb is not supported: {request.method[:20]}", 405)
    form = form_of(request)
    action, version = form.get("Action"), form.get("Version")
    if not action:
        raise AwsError("MissingAction", "Missing Action")
    return action[:200], version and version[:200]
