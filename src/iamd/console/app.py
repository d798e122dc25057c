"""The people's door: an ASGI application with the pages, and the API that they call."""

from pathlib import Path
from typing import Any, Final

from iamd.console.answers import COMMON, refusal
from iamd.console.api import Api
from iamd.console.guard import check_host, check_origin
from iamd.console.static import Static
from iamd.edge.answers import Send, send_response
from iamd.edge.body import AsgiBody, Receive
from iamd.edge.expecting import close_unless_read
from iamd.edge.hosts import Hosts
from iamd.edge.proxies import Proxies
from iamd.kernel.kernel import Kernel
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest, HttpResponse

STATIC: Final = Path(__file__).parent / "static"
_HEADERS_LIMIT: Final = 64 * 1024
_OWN: Final = ("/console/api/", "/console/s3/")


class Console:
    """`endpoint` is where the AWS API answers, as the pages show it; `url` is where people find the console."""

    def __init__(
        self, kernel: Kernel, hosts: Hosts, proxies: Proxies, *, endpoint: str, url: str, static: Path = STATIC
    ) -> None:
        self._kernel = kernel
        self._url = url
        self._hosts = hosts
        self._proxies = proxies
        self._api = Api(kernel, endpoint)
        self._static = Static(static, kernel.tools.ids.internal_id)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        client_ip, scheme = self._proxies.origin(scope["client"][0], scope["scheme"], scope["headers"])
        request = HttpRequest(
            scope["method"],
            scope["raw_path"] or b"/",
            scope["query_string"],
            scope["headers"],
            scheme=scheme,
            client_ip=client_ip,
        )
        receive, send = close_unless_read(scope, receive, send)
        response = await self._answer(request, AsgiBody(request, receive))
        await send_response(send, response, self._kernel.blobs, receive, head=request.method == "HEAD")

    async def _answer(self, request: HttpRequest, body: AsgiBody) -> HttpResponse:
        if sum([len(name) + len(value) for name, value in request.headers]) > _HEADERS_LIMIT:
            return refusal(AwsError("RequestHeaderSectionTooLarge", "The headers are too large.", 431))
        try:
            check_host(self._hosts, request)
            path = request.raw_path.decode("latin-1")
            if path.startswith(_OWN):
                check_origin(request, self._url)
                return await self._api.answer(request, path, body)
        except AwsError as fault:
            return refusal(fault)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(
                405, [(b"allow", b"GET, HEAD"), (b"content-type", b"text/plain"), *COMMON], b"GET only\n"
            )
        return self._static.answer(path, request.header(b"accept-encoding") or "")
