"""A Postfix of the bench's own, on loopback, in a folder that is gone afterwards.

It asks for TLS and a login, refuses one recipient for good and one for now, takes nothing that is too long,
and hands everything else on to the fake mail server, where it is looked at.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from tests.alerts.channels.email.tls import Certificate, make_certificate
from tests.fakes.serving import LOOPBACK

MASTER = Path("/usr/lib/postfix/sbin/master")
USER, PASSWORD = "desk@newsroom.test", "a/long:secret"
GONE, SLOW = "gone@newsroom.test", "slow@newsroom.test"
LARGEST = 300_000  # bytes
PATIENCE = 20.0  # seconds for it to answer, and to end

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = /tmp, /var/tmp
myhostname = mail.newsroom.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 192.0.2.0/24
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
relayhost = [127.0.0.1]:{next_hop}
smtp_host_lookup = native
smtp_dns_support_level = disabled
message_size_limit = {largest}
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{accounts}
smtpd_recipient_restrictions =
    check_recipient_access texthash:{folder}/recipients, permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 5
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postfix:
    """A running Postfix."""

    port: int
    folder: Path
    certificate: Certificate

    def log(self) -> str:
        """Return what it wrote down."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def restart(self) -> None:
        """Let it hang up on everybody and begin anew."""
        _postfix(self.folder, "reload")


def missing() -> str:
    """Return why there is none here, or ""."""
    if not MASTER.exists() or not shutil.which("postfix"):
        return "Postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix is started by root alone"


@contextmanager
def running(next_hop: int) -> Iterator[Postfix]:
    """Run a Postfix that hands everything on to a port of this machine."""
    with TemporaryDirectory(prefix="nightdesk-postfix-") as made, _accounts() as accounts:
        folder = Path(made)
        folder.chmod(0o755)
        certificate = make_certificate(folder)
        port = _free_port()
        _write(folder, certificate, port=port, next_hop=next_hop, accounts=accounts)
        _postfix(folder, "start")
        try:
            _wait_until_it_answers(port)
            yield Postfix(port=port, folder=folder, certificate=certificate)
        finally:
            _postfix(folder, "stop")


def _write(folder: Path, certificate: Certificate, *, port: int, next_hop: int, accounts: int) -> None:
    main = MAIN.format(
        folder=folder,
        next_hop=next_hop,
        largest=LARGEST,
        certificate=certificate.certificate,
        key=certificate.key,
        accounts=accounts,
    )
    (folder / "main.cf").write_text(main.strip() + "\n", encoding="ascii")
    (folder / "master.cf").write_text(SERVICES.format(port=port).strip() + "\n", encoding="ascii")
    recipients = f"{GONE} 550 5.1.1 Nobody of this name works here\n{SLOW} 450 4.2.1 Come back later\n"
    (folder / "recipients").write_text(recipients, encoding="ascii")
    (folder / "queue").mkdir()
    (folder / "data").mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.copy("/etc/postfix/dynamicmaps.cf", folder)


def _postfix(folder: Path, what: str) -> None:
    done = subprocess.run(  # noqa: S603 - a folder of ours
        ["postfix", "-c", str(folder), what],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode != 0:
        msg = f"postfix {what}: {done.stderr or (folder / 'log').read_text(encoding='utf-8')}"
        raise RuntimeError(msg)


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as taken:
        return int(taken.getsockname()[1])


def _wait_until_it_answers(port: int) -> None:
    until = monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1) as line:
                if line.recv(3) == b"220":
                    return
        except OSError:
            if monotonic() > until:
                raise
            Event().wait(0.1)


# ── Who may log in: asked in the words of Dovecot ─────────────────────────────────────────────────────────


@contextmanager
def _accounts() -> Iterator[int]:
    """Give the port of a server that knows one account."""
    with socket.create_server((LOOPBACK, 0)) as door:
        threading.Thread(target=_admit, args=(door,), daemon=True).start()
        yield int(door.getsockname()[1])


def _admit(door: socket.socket) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return  # the bench is over
        threading.Thread(target=_know, args=(line,), daemon=True).start()


def _know(line: socket.socket) -> None:
    greeting = "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0\nDONE\n"
    with line, line.makefile("rw", encoding="utf-8", newline="\n") as talk:
        talk.write(greeting)
        talk.flush()
        for asked in talk:
            words = asked.rstrip("\n").split("\t")
            if words[0] == "AUTH":
                given = next(word[len("resp=") :] for word in words if word.startswith("resp="))
                known = b64decode(given).decode().split("\0")[1:] == [USER, PASSWORD]
                talk.write(f"{'OK' if known else 'FAIL'}\t{words[1]}\tuser={USER}\n")
                talk.flush()
