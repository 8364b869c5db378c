"""Is it said before the start, and in words, why the console cannot speak https?"""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.console import tls_trouble
from config.load import read
from tests.config.folders import MAIN, SECRETS, a_folder
from tests.crawler.test_trust import Authority


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Give a folder with two certificates, each with its key, a key with a password, and no certificate."""
    authority = Authority("Nightdesk test authority")
    for host in ("desk", "elsewhere"):
        authority.write(tmp_path, host)
    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"five quiet owls"),
    )
    (tmp_path / "locked.pem").write_bytes(locked)
    (tmp_path / "notes.pem").write_text("the certificate is in the other drawer\n", encoding="utf-8")
    (tmp_path / "folder.pem").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("certificate", "key", "setting", "words"),
    [
        ("gone.pem", "desk.pem", "tls_certificate", "gone.pem: no such file or directory"),
        ("desk.pem", "folder.pem", "tls_key", "folder.pem: is a directory"),
        ("desk.pem", "elsewhere.pem", "tls_key", "this key does not belong to the certificate"),
        ("desk.pem", "locked.pem", "tls_key", "the key has a password"),
        ("notes.pem", "desk.pem", "tls_certificate", "is not in a form that can be read"),
        ("desk.pem", "notes.pem", "tls_certificate", "is not in a form that can be read"),
    ],
)
def test_what_keeps_the_console_from_https_is_named(
    files: Path, certificate: str, key: str, setting: str, words: str
) -> None:
    wrong = tls_trouble(str(files / certificate), str(files / key))
    assert wrong is not None
    assert wrong.setting == setting
    assert words in wrong.words


def test_check_points_at_the_line_and_is_silent_when_all_is_well(files: Path, tmp_path: Path) -> None:
    for key, problems in (("desk.pem", 0), ("elsewhere.pem", 1)):
        lines = f"console: {{tls_certificate: {files}/desk.pem, tls_key: {files}/{key}}}\n"
        folder = a_folder(tmp_path / key.partition(".")[0], main=MAIN + lines)
        found = [each for each in read(folder, SECRETS).problems if "key" in each.what]
        assert len(found) == problems
        assert all(each.line == len((MAIN + lines).splitlines()) for each in found)
        # The watch has to begin all the same.
        assert all(each.severity == "warning" for each in found)
