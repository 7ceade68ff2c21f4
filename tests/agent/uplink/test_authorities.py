"""The system's authorities: by their hashes where all of them have one, else all at once; the same ones are trusted."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from agent.clock import Deadline, SystemClock
from agent.uplink.authorities import hashed_folder, trusting
from agent.uplink.base import SendError
from agent.uplink.credential import Credential, write_credential
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.tls import TlsSettings
from tests.fakes.http_server import AUTHORITY, Act, RudeServer

CLOCK = SystemClock()
BATCH = b'{"v":1,"epoch":"0011223344556677","sent_at":1,"records":[]}'


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system that trusts our authority, as a bundle and by its hash; where it keeps them."""
    folder = tmp_path / "certs"
    folder.mkdir()
    shutil.copy(AUTHORITY, folder / "authority.pem")
    shutil.copy(AUTHORITY, tmp_path / "bundle.crt")
    subprocess.run(["openssl", "rehash", str(folder)], check=True, capture_output=True)
    places = ssl.get_default_verify_paths()._replace(cafile=str(tmp_path / "bundle.crt"), capath=str(folder))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: places)
    monkeypatch.delenv(places.openssl_cafile_env, raising=False)
    return folder


def test_where_each_has_its_hash_none_is_read_before_it_is_named(system: Path) -> None:
    assert hashed_folder() == str(system)
    context = trusting(None)
    assert context.cert_store_stats()["x509"] == 0
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_bundle_with_more_of_them_is_read_whole(system: Path) -> None:
    bundle = system.parent / "bundle.crt"
    bundle.write_bytes(2 * bundle.read_bytes())
    assert hashed_folder() is None


@pytest.mark.parametrize("loss", ["no hashes", "no folder"])
def test_without_hashes_all_are_read(system: Path, loss: str) -> None:
    if loss == "no folder":
        shutil.rmtree(system)
    else:
        for link in system.glob("*.0"):
            link.unlink()
    assert hashed_folder() is None


def test_a_file_that_somebody_has_named_wins(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ssl.get_default_verify_paths().openssl_cafile_env, str(AUTHORITY))
    assert system.exists()
    assert hashed_folder() is None


def test_a_file_of_ours_is_all_that_is_trusted() -> None:
    assert trusting(AUTHORITY).cert_store_stats()["x509"] == 1


@pytest.mark.parametrize(("certificate", "kind"), [("server", "status"), ("untrusted", "tls"), ("other-name", "tls")])
def test_they_are_verified_against_as_the_bundle_is(system: Path, tmp_path: Path, certificate: str, kind: str) -> None:
    assert system.exists()
    credential = tmp_path / "credential"
    write_credential(credential, Credential("shop-1", "s" * 43))
    with RudeServer([Act(status=503, body=b"")], certificate=certificate) as server:
        line = HttpTransport(HttpSettings(server.url, credential, tls=TlsSettings()), CLOCK, Meter())
        with pytest.raises(SendError) as met:
            line.send(BATCH, Deadline.after(20.0, CLOCK))
        line.close()
    assert met.value.kind == kind
