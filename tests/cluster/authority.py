"""Certificates of a CA of the tests' own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_DAYS: Final = timedelta(days=2)
_PEM: Final = serialization.Encoding.PEM


class Authority:
    """Its own certificate is in `file`."""

    def __init__(self, file: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, file.stem)])
        self.file = file
        file.write_bytes(self._sign(self._key, self._name, x509.BasicConstraints(ca=True, path_length=0)))

    def certify(self, host: str, directory: Path) -> None:
        """Puts `server.crt` and `server.key` there."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        certificate = self._sign(key, subject, x509.SubjectAlternativeName([x509.DNSName(host)]))
        (directory / "server.crt").write_bytes(certificate)
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (directory / "server.key").write_bytes(key.private_bytes(_PEM, *form))

    def _sign(self, key: ec.EllipticCurvePrivateKey, subject: x509.Name, extension: x509.ExtensionType) -> bytes:
        now = datetime.now(UTC)
        serial = x509.random_serial_number()
        builder = x509.CertificateBuilder(self._name, subject, key.public_key(), serial, now - _DAYS, now + _DAYS)
        is_ca = isinstance(extension, x509.BasicConstraints)
        signed = builder.add_extension(extension, critical=is_ca).sign(self._key, hashes.SHA256())
        return signed.public_bytes(_PEM)
