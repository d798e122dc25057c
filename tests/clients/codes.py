"""What an authenticator app shows, computed from the seed as its owner has it."""

import hmac
import time
from base64 import b32decode
from typing import Any


def code(base32: str | bytes, step: int) -> str:
    mac = hmac.digest(b32decode(base32), step.to_bytes(8, "big"), "sha1")
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


class Authenticator:
    """Shows the codes of a seed; each `next` is a step after the one before, so that nobody waits for the clock."""

    def __init__(self, base32: str | bytes, *, ahead: int = 0) -> None:
        self.base32 = base32
        self.step = int(time.time()) // 30 - 2 + ahead

    def next(self) -> str:
        self.step += 1
        return code(self.base32, self.step)

    def wrong(self) -> str:
        """A code that none of the steps around has."""
        near = {code(self.base32, self.step + each) for each in range(-10, 11)}
        return next(text for text in map("{:06}".format, range(1000)) if text not in near)


def assigned(iam: Any, user: str, name: str = "phone") -> tuple[str, Authenticator]:
    """A new device of the user's: its serial number, and the app that shows its codes."""
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    app = Authenticator(made["Base32StringSeed"])
    iam.enable_mfa_device(
        UserName=user,
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1=app.next(),
        AuthenticationCode2=app.next(),
    )
    return made["SerialNumber"], app
