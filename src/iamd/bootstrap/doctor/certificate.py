"""A TLS certificate that has expired, soon will, or does not belong to its key."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from cryptography import x509

from iamd.bootstrap.doctor.finding import Finding, Site, error, warning
from iamd.edge.listening import Tls, TlsRefused, check_tls

_SOON_DAYS: Final = 30
_REMEDY: Final = "Renew it, put it where --tls-cert points, and restart the server: it reads the file at its start."


def check(site: Site) -> Iterator[Finding]:
    if site.tls_cert is None:
        return
    if site.tls_key is not None:
        try:
            check_tls(Tls(site.tls_cert, site.tls_key))
        except TlsRefused as refusal:
            yield error(
                str(refusal),
                "No server starts with these files.",
                "Give the certificate and the key that belong together.",
            )
            return
    try:
        certificate = x509.load_pem_x509_certificate(site.tls_cert.read_bytes())
    except (OSError, ValueError) as failure:
        yield error(f"{site.tls_cert}: {failure}", "No server starts with it.", "Give a certificate in PEM.")
        return
    now = datetime.fromtimestamp(site.now / 1000, UTC)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begin:
        yield error(
            f"{site.tls_cert} is valid from {begin:%Y-%m-%d %H:%M} UTC on", "Clients refuse it until then.", _REMEDY
        )
    elif now > end:
        yield error(f"{site.tls_cert} has expired on {end:%Y-%m-%d %H:%M} UTC", "Clients refuse it.", _REMEDY)
    elif (end - now).days < _SOON_DAYS:
        yield warning(
            f"{site.tls_cert} expires in {(end - now).days} days, on {end:%Y-%m-%d}",
            "Clients will refuse it then.",
            _REMEDY,
        )
