"""A mail server that speaks TLS, and an authority that the tests trust.

with SafeSmtp(clock=clock, certificate=certificate, starttls=True) as mail: ...
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fakes.clock import Clock
from tests.fakes.serving import LOOPBACK
from tests.fakes.smtp import FakeSmtp

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP

#: TLS asks the machine's clock, not the test's.
VALID = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate for loopback that vouches for itself, and its key."""

    certificate: Path
    key: Path

    @property
    def context(self) -> ssl.SSLContext:
        """What a server shows it with."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    """Make a certificate in a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.newsroom.test")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(VALID[0])
        .not_valid_after(VALID[1] - timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(certificate=folder / "mail.pem", key=folder / "mail.key")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


class SafeSmtp(FakeSmtp):
    """The fake mail server behind TLS: from the first byte, or after STARTTLS, which it then requires."""

    def __init__(self, *, clock: Clock, certificate: Certificate, starttls: bool) -> None:
        """Start listening."""
        self._certificate = certificate
        self._starttls = starttls
        super().__init__(clock=clock, login="desk", password="s3cret/word")

    def _protocol(self) -> SMTP:
        protocol = super()._protocol()
        if self._starttls:
            protocol.tls_context = self._certificate.context
            protocol.require_starttls = True
        return protocol

    def _tls(self) -> ssl.SSLContext | None:
        return None if self._starttls else self._certificate.context
