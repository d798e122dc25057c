"""AWS signatures: pure, given request, key and time."""

from iamd.wire.sigv4.claim import AuthScheme, Claim
from iamd.wire.sigv4.keys import SigningKeys
from iamd.wire.sigv4.reading import read_claim
from iamd.wire.sigv4.verifying import verify, verify_unknown

__all__ = ["AuthScheme", "Claim", "SigningKeys", "read_claim", "verify", "verify_unknown"]
