"""Requests of the query protocol, signed for IAM as botocore signs them."""

from urllib.parse import urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamd.model.http import HttpRequest


def form(action: str, **parameters: str) -> bytes:
    return urlencode({"Action": action, "Version": "2010-05-08", **parameters}).encode()


def signed(body: bytes, key_id: str, secret: str) -> HttpRequest:
    """The request without its body, which is read as if it were still on the socket."""
    request = AWSRequest("POST", "http://127.0.0.1/", data=body)
    request.headers["Content-Type"] = "application/x-www-form-urlencoded"
    SigV4Auth(Credentials(key_id, secret), "iam", "us-east-1").add_auth(request)
    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    headers.append((b"host", b"127.0.0.1"))
    return HttpRequest("POST", b"/", b"", headers, scheme="http", client_ip="127.0.0.1")
