"""Encoded authorization messages: what a denial was decided on, sealed, so that only who may decode it reads it.

EC2 and a few other services end their denials with one; sts:DecodeAuthorizationMessage opens it. A message belongs to
the account of the caller that was denied.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

import orjson

from iamd.credentials.sealing import Sealer, UnsealError
from iamd.policy.failure import authorization_failure
from iamd.policy.question import Question

ENCODING: Final = frozenset({"ec2"})
"""Services (action prefixes) whose denials carry one."""
_PURPOSE: Final = "authorization-message"
_LONGEST: Final = 10_240
"""Characters that DecodeAuthorizationMessage takes."""


def encode(sealer: Sealer, question: Question) -> str:
    """URL-safe text; of a question that is too large, the condition keys that do not fit are left out."""
    account = question.request.principal.account or ""
    failure = authorization_failure(question, outside=question.is_foreign_to(account))
    conditions = failure["context"]["conditions"]["items"]
    while True:
        packed = zlib.compress(orjson.dumps(failure))
        message = urlsafe_b64encode(sealer.seal(packed, _PURPOSE, account)).rstrip(b"=").decode("ascii")
        if len(message) <= _LONGEST or not conditions:
            return message
        del conditions[len(conditions) // 2 :]


def decode(sealer: Sealer, account: str, message: str) -> str:
    """The JSON text. Raises UnsealError for what was not encoded here for this account."""
    try:
        sealed = urlsafe_b64decode(message.encode("ascii") + b"=" * (-len(message) % 4))
    except ValueError:
        raise UnsealError("not base64") from None
    return zlib.decompress(sealer.open(sealed, _PURPOSE, account)).decode()
