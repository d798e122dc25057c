"""`aws-chunked` bodies: framing, the chain of chunk signatures, and trailers.

S3 API Reference, "Signature calculations: transferring payload in multiple chunks" and "… including trailing headers".
"""

import re
from enum import Enum, auto
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import faults, payload
from iamd.wire.sigv4.claim import AuthScheme, Claim
from iamd.wire.sigv4.faults import Fault
from iamd.wire.sigv4.keys import SigningKeys

_LONGEST_LINE: Final = 1024
_MOST_TRAILERS: Final = 16
_SIZE: Final = re.compile(rb"([0-9a-fA-F]{1,15})")
_SIGNED_SIZE: Final = re.compile(rb"([0-9a-fA-F]{1,15});chunk-signature=([0-9a-f]{64})")
_LENGTH: Final = re.compile("[0-9]{1,15}")
_TRAILER_SIGNATURE: Final = "x-amz-trailer-signature"


class _State(Enum):
    SIZE = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILERS = auto()
    LAST_LINE = auto()
    DONE = auto()


class SignatureChain:
    """Each signature covers the one before it, from the request's own on; none can be dropped, moved or repeated."""

    def __init__(self, claim: Claim, signing_key: bytes) -> None:
        self._key = signing_key
        self._place = f"{claim.amz_date}\n{claim.scope}\n"
        self._previous = claim.signature

    def check_chunk(self, data_hash: str, signature: str) -> None:
        self._check("AWS4-HMAC-SHA256-PAYLOAD", f"{payload.EMPTY_SHA256}\n{data_hash}", signature)

    def check_trailers(self, trailers: bytes, signature: str) -> None:
        self._check("AWS4-HMAC-SHA256-TRAILER", sha256(trailers).hexdigest(), signature)

    def _check(self, algorithm: str, hashes: str, signature: str) -> None:
        text = f"{algorithm}\n{self._place}{self._previous}\n{hashes}".encode("ascii")
        expected = digest(self._key, text, "sha256").hex()
        if not compare_digest(expected.encode("ascii"), signature.encode("utf-8")):
            raise faults.answer(Fault.MISMATCH, "rest-xml")
        self._previous = expected


class ChunkedDecoder:
    """Takes the body in any pieces, gives the object's bytes.

    INVARIANT: bytes come out before their chunk's signature has been seen, so that nothing is buffered; whoever spools
    them keeps nothing unless `finish` returns. `feed` and `finish` raise AwsError.
    """

    def __init__(
        self, *, decoded_length: int, announced: frozenset[str], chain: SignatureChain | None, trailing: bool
    ) -> None:
        self._left_in_body = decoded_length
        self._announced = announced
        self._chain = chain
        self._trailing = trailing
        self._state = _State.SIZE
        self._pending = b""
        self._left_in_chunk = 0
        self._hash = sha256()
        self._signature = ""
        self._trailers: dict[str, str] = {}
        self._trailer_signature: str | None = None

    def feed(self, data: bytes) -> list[bytes]:
        raw = self._pending + data if self._pending else data
        self._pending = b""
        pieces: list[bytes] = []
        at = 0
        while at < len(raw):
            if self._state is _State.DATA:
                piece = raw[at : at + self._left_in_chunk]
                at += len(piece)
                self._take(piece)
                pieces.append(piece)
                continue
            end = raw.find(b"\r\n", at, at + _LONGEST_LINE)
            if end < 0:
                if len(raw) - at >= _LONGEST_LINE:
                    raise _framing("a line of the chunked body is too long")
                self._pending = raw[at:]
                break
            self._line(raw[at:end])
            at = end + 2
        return pieces

    def finish(self) -> dict[str, str]:
        """The trailers by lower-case name, all of them announced and, if the mode signs, signed."""
        if self._pending or self._state in (_State.SIZE, _State.DATA, _State.DATA_END):
            raise AwsError("IncompleteBody", "The request body terminated unexpectedly")
        if self._state is _State.TRAILERS:
            # Some SDKs leave out the last empty line.
            self._end_trailers()
        return self._trailers

    def _take(self, piece: bytes) -> None:
        self._left_in_chunk -= len(piece)
        if self._chain is not None:
            self._hash.update(piece)
        if self._left_in_chunk == 0:
            self._check_chunk()
            self._state = _State.DATA_END

    def _check_chunk(self) -> None:
        if self._chain is not None:
            self._chain.check_chunk(self._hash.hexdigest(), self._signature)
            self._hash = sha256()

    def _line(self, line: bytes) -> None:
        if self._state is _State.SIZE:
            self._begin_chunk(line)
        elif self._state is _State.TRAILERS and line:
            self._trailer(line)
        elif line or self._state is _State.DONE:
            raise _framing("the chunked body has something where a chunk or its end should be")
        elif self._state is _State.DATA_END:
            self._state = _State.SIZE
        elif self._state is _State.TRAILERS:
            self._end_trailers()
        else:
            self._state = _State.DONE

    def _begin_chunk(self, line: bytes) -> None:
        match = (_SIZE if self._chain is None else _SIGNED_SIZE).fullmatch(line)
        if match is None:
            raise _framing("a chunk does not begin with its size and signature")
        size = int(match[1], 16)
        if self._chain is not None:
            self._signature = match[2].decode("ascii")
        self._left_in_body -= size
        if self._left_in_body < 0 or (size == 0 and self._left_in_body > 0):
            raise AwsError(
                "IncompleteBody",
                "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header.",
            )
        if size:
            self._left_in_chunk = size
            self._state = _State.DATA
            return
        self._check_chunk()
        self._state = _State.TRAILERS if self._trailing else _State.LAST_LINE

    def _trailer(self, line: bytes) -> None:
        raw_name, colon, raw_value = line.partition(b":")
        name = raw_name.decode("latin-1").lower()
        value = raw_value.decode("latin-1").strip()
        # The trailers' signature is the last line: what follows it would not be covered.
        if not colon or self._trailer_signature is not None or name in self._trailers:
            raise _bad_trailer()
        if self._chain is not None and name == _TRAILER_SIGNATURE:
            self._trailer_signature = value
        elif name in self._announced and len(self._trailers) < _MOST_TRAILERS:
            self._trailers[name] = value
        else:
            raise _bad_trailer()

    def _end_trailers(self) -> None:
        if self._trailers.keys() != self._announced:
            raise _bad_trailer()
        if self._chain is not None:
            text = "".join(f"{name}:{value}\n" for name, value in self._trailers.items())
            self._chain.check_trailers(text.encode("latin-1"), self._trailer_signature or "")
        self._state = _State.DONE


def decoder(
    request: HttpRequest, claim: Claim | None, secret: str | None, keys: SigningKeys | None = None
) -> ChunkedDecoder | None:
    """The decoder for an S3 request's body; None if the body is not chunked that way.

    `claim` has been verified with `secret`, or both are None (anonymous). Raises AwsError if the headers ask for a
    decoder that the credentials cannot back: chunk signatures need Signature Version 4.
    """
    mode = _mode(request, claim)
    if mode is None:
        return None
    chain = None
    if mode != payload.STREAMING_UNSIGNED_TRAILER:
        if claim is None or secret is None or claim.scheme is AuthScheme.PRESIGNED_V2:
            raise faults.answer(Fault.MISMATCH, "rest-xml")
        chain = SignatureChain(claim, (keys or SigningKeys()).get(claim, secret)[0])
    length = request.header(b"x-amz-decoded-content-length")
    if length is None:
        raise AwsError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
    if not _LENGTH.fullmatch(length):
        raise AwsError("InvalidArgument", "x-amz-decoded-content-length must be a number of bytes")
    trailing = mode != payload.STREAMING_SIGNED
    names = request.header(b"x-amz-trailer") or ""
    announced = (
        frozenset(name.strip().lower() for name in names.split(",") if name.strip()) if trailing else frozenset()
    )
    return ChunkedDecoder(decoded_length=int(length), announced=announced, chain=chain, trailing=trailing)


def _mode(request: HttpRequest, claim: Claim | None) -> str | None:
    """The signed marker; without Version 4, the header's, or what an unsigned SDK call sends instead of one."""
    if claim is not None and claim.scheme is not AuthScheme.PRESIGNED_V2:
        return claim.payload_hash if claim.payload_hash in payload.STREAMING else None
    marker = request.header(b"x-amz-content-sha256")
    if marker is not None and marker in payload.STREAMING:
        return marker
    encodings = (request.header(b"content-encoding") or "").lower().split(",")
    chunked = "aws-chunked" in [encoding.strip() for encoding in encodings]
    return payload.STREAMING_UNSIGNED_TRAILER if chunked else None


def _framing(message: str) -> AwsError:
    return AwsError("InvalidRequest", f"The request is not valid aws-chunked data: {message}.")


def _bad_trailer() -> AwsError:
    return AwsError(
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    )
