"""Where is the console, and may it listen there?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.explain import Problem
from config.picking import scalar, under, words
from config.settings import ConsoleSettings
from config.tree import File, Node, Scalar

USUAL = ConsoleSettings()
HIGHEST_PORT = 65_535


def read_console(root: Node | None, folder: Path) -> ConsoleSettings:
    """Return where the console is; files are looked for in the newsroom's folder."""
    lines = under(root, "console")
    if isinstance(lines, Scalar):
        return ConsoleSettings(on=lines.value != "off")
    certificate, key = words(lines, "tls_certificate"), words(lines, "tls_key")
    return ConsoleSettings(
        address=words(lines, "address", default=USUAL.address),
        public_url=words(lines, "public_url").rstrip("/"),
        trusted_proxy=words(lines, "trusted_proxy"),
        tls_certificate=str(folder / certificate) if certificate else "",
        tls_key=str(folder / key) if key else "",
    )


def host_and_port(address: str) -> tuple[str, int]:
    """Return "::1" and 8010 for "[::1]:8010"."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "127.0.0.1":  # the usual one, without importing anything
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_open(console: ConsoleSettings) -> bool:
    """Whether other machines would reach it without TLS."""
    guarded = console.trusted_proxy or console.tls_certificate
    return not guarded and not is_loopback(host_and_port(console.address)[0])


def check_console(file: File) -> Iterator[Problem]:
    """Yield why the console cannot listen where it should, or why others would read along."""
    lines = under(file.root, "console")
    console = read_console(file.root, Path())
    written = scalar(lines, "address")
    if written is not None and (why := _no_address(str(written.value))):
        yield file.problem(written.place, why, USUAL.address)
    elif written is not None and is_open(console):
        what = "other machines would reach the console without TLS"
        write = f"{USUAL.address}, or trusted_proxy: or tls_certificate: and tls_key: beside it"
        yield file.problem(written.place, what, write)
    if written is not None and not is_loopback(host_and_port(console.address)[0]) and not console.public_url:
        what = "nobody knows by which name others reach it"
        yield file.problem(written.place, what, "public_url: https://nightdesk.your-newsroom beside it")
    for one, other in (("tls_certificate", "tls_key"), ("tls_key", "tls_certificate")):
        alone = scalar(lines, one)
        if alone is not None and not words(lines, other):
            yield file.problem(alone.place, f"{one}: needs {other}:", f"{other}: and its file beside it")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsTrouble:
    """Why the console cannot speak https."""

    # "tls_certificate" or "tls_key".
    setting: str
    words: str
    write: str


def tls_trouble(certificate: str, key: str) -> TlsTrouble | None:
    """Return why these two files do not make https possible, or None."""
    if not (certificate and key):
        return None
    for setting, name in (("tls_certificate", certificate), ("tls_key", key)):
        try:
            Path(name).read_bytes()
        except OSError as error:
            why = (error.strerror or "it cannot be read").lower()
            words = f"{setting}: {name}: {why}"
            return TlsTrouble(setting=setting, words=words, write="a file that Nightdesk may read")
    return _misfit(certificate, key)


def _misfit(certificate: str, key: str) -> TlsTrouble | None:
    """Return why a certificate and a key that are there cannot be used."""
    import ssl

    def no_password() -> str:
        raise PermissionError

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, no_password)
    except PermissionError:
        what, write = "the key has a password, and nobody is there to type it", "a key without a password"
        return TlsTrouble(setting="tls_key", words=f"tls_key: {what}", write=write)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            what, write = "this key does not belong to the certificate", "the key that it was made with"
            return TlsTrouble(setting="tls_key", words=f"tls_key: {what}", write=write)
        what = "the certificate or its key is not in a form that can be read"
        write = "two files in PEM form, which begin with -----BEGIN"
        return TlsTrouble(setting="tls_certificate", words=f"tls_certificate: {what}", write=write)
    return None


def check_tls(file: File, console: ConsoleSettings) -> Iterator[Problem]:
    """Yield why the console stays closed with the files that are named; the watch goes on without it."""
    wrong = tls_trouble(console.tls_certificate, console.tls_key)
    named = scalar(under(file.root, "console"), wrong.setting) if wrong else None
    if wrong is not None and named is not None:
        what = f"{wrong.words.partition(': ')[2]}; the console stays closed"
        yield file.problem(named.place, what, wrong.write, severity="warning")


def _no_address(text: str) -> str:
    """Return why the console cannot listen at an address, or ""."""
    if text == USUAL.address:
        return ""
    import ipaddress

    try:
        host, port = host_and_port(text)
        ipaddress.ip_address(host)
    except ValueError:
        return f'"{text}" is not an address with its port'
    return "" if 0 < port <= HIGHEST_PORT else f"there is no port {port}"
