"""A publisher is who its certificate says, or it is not read."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.engine import Ask
from news.errors import SourceError
from tests.crawler.running import an_engine, on_the_loop
from tests.crawler.test_fence import rows

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews"
YEAR = timedelta(days=365)


class Authority:
    """Somebody who signs certificates."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = named(name)
        self.certificate = self._signed(self._name, self._key, authority=True)

    def write(self, folder: Path, host: str, *, starts: datetime | None = None) -> Path:
        """Write a host's certificate and key into one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(named(host), key, host=host, starts=starts)
        path = folder / f"{host}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        host: str = "",
        authority: bool = False,
        starts: datetime | None = None,
    ) -> x509.Certificate:
        begins = starts or datetime(2020, 1, 1, tzinfo=UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + (YEAR if starts else 100 * YEAR))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if host:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(host)])
            certificate = certificate.add_extension(alternatives, critical=False)
        return certificate.sign(self._key, hashes.SHA256())


def named(name: str) -> x509.Name:
    """Return a name as certificates write it."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@contextmanager
def a_secure_site(certificate: Path) -> Iterator[int]:
    """Serve over TLS with this certificate; give the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # the test is over
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65536)
                    secure.sendall(ANSWER)
            except OSError:  # the client did not like the certificate
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def read(port: int, *, host: str = "channel4.test", times: int = 1) -> bytes:
    """Return what comes from a host by this name on loopback."""

    async def work() -> bytes:
        async with an_engine(f"127.0.0.1:{port}", look_up=lambda _, __: rows("127.0.0.1")) as engine:
            for _ in range(times - 1):
                await engine.fetch(Ask(url=f"https://{host}:{port}/feed"))
            return (await engine.fetch(Ask(url=f"https://{host}:{port}/feed"))).body

    return on_the_loop(work())


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Give an authority that this machine trusts."""
    trusted = Authority("Trusted Authority")
    path = tmp_path / "trusted.pem"
    path.write_bytes(trusted.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return trusted


def test_a_publisher_with_a_good_certificate_is_read(tmp_path: Path, authority: Authority) -> None:
    with a_secure_site(authority.write(tmp_path, "channel4.test")) as port:
        assert read(port) == b"news"


@pytest.mark.usefixtures("authority")
def test_a_certificate_that_nobody_trusted_signed_is_refused(tmp_path: Path) -> None:
    with a_secure_site(Authority("Nobody").write(tmp_path, "channel4.test")) as port:
        assert reason_to_refuse(port) == "certificate"


def test_a_certificate_for_another_host_is_refused(tmp_path: Path, authority: Authority) -> None:
    with a_secure_site(authority.write(tmp_path, "harborpost.test")) as port:
        assert reason_to_refuse(port) == "certificate"


def test_a_certificate_that_ran_out_is_refused(tmp_path: Path, authority: Authority) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    with a_secure_site(authority.write(tmp_path, "channel4.test", starts=long_ago)) as port:
        assert reason_to_refuse(port) == "certificate"


def reason_to_refuse(port: int) -> str:
    """Return why nothing was read."""
    with pytest.raises(SourceError) as caught:
        read(port)
    return caught.value.reason


def test_the_list_of_authorities_is_read_once_and_not_for_every_connection(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_secure_site(authority.write(tmp_path, "channel4.test")) as port:

        async def work() -> bytes:
            async with an_engine(f"127.0.0.1:{port}", look_up=lambda _, __: rows("127.0.0.1")) as engine:
                ask = Ask(url=f"https://channel4.test:{port}/feed")
                await engine.fetch(ask)
                monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
                return (await engine.fetch(ask)).body

        assert on_the_loop(work()) == b"news"
