"""A certificate authority of our own, and certificates of every bad kind."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Authority:
    """A certificate authority of our own, and what servers show that were certified well or badly by it."""

    folder: Path
    name: str = "Test authority"
    subject: str = "server"
    """Of what servers show; not their address."""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def file(self) -> Path:
        """What SSL_CERT_FILE has to name for this authority to be trusted."""
        path = self.folder / "authority.pem"
        if not path.exists():
            own = _certificate(self.name, self.key, self.name, self.key, authority=True)
            path.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        return path

    def server(self, kind: str) -> ssl.SSLContext:
        """kind: good, expired, not yet valid, self-signed, unknown authority or wrong host."""
        key = ec.generate_private_key(ec.SECP256R1())
        days = {"expired": (-20, -10), "not yet valid": (10, 20)}.get(kind, (-1, 10))
        issuer, signer = self.name, self.key
        if kind == "self-signed":
            issuer, signer = self.subject, key
        if kind == "unknown authority":
            issuer, signer = f"Not {self.name}", ec.generate_private_key(ec.SECP256R1())
        address = "127.0.0.99" if kind == "wrong host" else "127.0.0.1"
        shown = _certificate(self.subject, key, issuer, signer, days=days, address=address)
        path = self.folder / f"{kind}.pem"
        path.write_bytes(_pem(key) + shown.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    *,
    days: tuple[int, int] = (-1, 10),
    address: str = "",
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if address:
        others = [x509.DNSName(subject)] if subject.isascii() else []
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address)), *others])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())
