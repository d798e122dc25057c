"""Which operation a request of the json protocol names: in its X-Amz-Target."""

from iamd.model.http import HttpRequest
from iamd.wire.faults import unknown_operation
from iamd.wire.forms import is_json
from iamd.wire.models import Model


def route_json(model: Model, request: HttpRequest) -> str:
    """The operation's name. Raises AwsError: no target, two, one of another service, or no content type of JSON's."""
    if request.method != "POST" or not is_json(request):
        raise unknown_operation()
    targets = request.header_lists.get(b"x-amz-target", ())
    prefix, _, name = targets[0].decode("latin-1").strip().rpartition(".") if len(targets) == 1 else ("", "", "")
    if prefix != model.metadata["targetPrefix"] or name not in model.operations:
        raise unknown_operation(400)
    return name
