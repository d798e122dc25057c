"""An authenticator app: RFC 6238 with SHA-1, six digits and steps of 30 seconds, as `otpauth:` URLs ask for it."""

import base64
import hmac
import io
import time
from urllib.parse import parse_qs, urlsplit

import zxingcpp
from PIL import Image

STEP = 30


def secret_of(picture: bytes) -> str:
    """The secret in the QR code of a picture, as an app's camera reads it."""
    with Image.open(io.BytesIO(picture)) as image:
        found = zxingcpp.read_barcodes(image.convert("RGB"))
    assert len(found) == 1, "one QR code"
    url = urlsplit(found[0].text)
    assert (url.scheme, url.netloc) == ("otpauth", "totp")
    return parse_qs(url.query)["secret"][0]


def code(secret: str, steps: int = 0) -> str:
    """The code of now, or of so many steps later."""
    return code_at(secret, int(time.time()) // STEP + steps)


def two_codes(secret: str) -> tuple[str, str]:
    """Consecutive ones, the later one of now."""
    counter = int(time.time()) // STEP
    return code_at(secret, counter - 1), code_at(secret, counter)


def code_at(secret: str, counter: int) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
