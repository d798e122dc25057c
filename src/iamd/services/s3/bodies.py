"""Digests of a body that is no stream (DeleteObjects, PutBucketPolicy, …), held against what its headers promise."""

from base64 import b64encode

from iamd.kernel.body_plan import checksum_header, content_md5
from iamd.kernel.digests import new_digest
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest


def check_digests(http: HttpRequest, *, required: bool = False) -> None:
    """Raises BadDigest, InvalidDigest, or InvalidRequest where one is required and none was sent."""
    md5, checksum = content_md5(http), checksum_header(http)
    if md5 is None and checksum is None:
        if required:
            raise AwsError("InvalidRequest", "Missing required header for this request: Content-MD5")
        return
    if md5 is not None and (computed := _digest("md5", http.body)) != md5:
        raise AwsError(
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            members={"ExpectedDigest": b64encode(md5).decode(), "CalculatedDigest": b64encode(computed).decode()},
        )
    if checksum is not None and _digest(checksum[0], http.body) != checksum[1]:
        raise AwsError("BadDigest", f"The {checksum[0].upper()} you specified did not match the calculated checksum.")


def _digest(name: str, data: bytes) -> bytes:
    digest = new_digest(name)
    digest.update(data)
    return digest.digest()
