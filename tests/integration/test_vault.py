"""Secrets open for the connection they were sealed for alone; the key file is made once, whole and private (S38)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.app.house import open_house
from tieout.kernel.failures import Failed
from tieout.settings import Settings
from tieout.vault.cipher import KEY_BYTES, Vault
from tieout.vault.keys import key_of

VAULT = Vault(b"k" * KEY_BYTES)
SETTINGS = {"base_url": "https://p21.example.com", "currencies": {"usd": 1}, "settle_seconds": 600.5, "on": True}
SECRETS = {"password": "hunter2"}
MAKE_A_KEY = """
import sys, time
from pathlib import Path
from tieout.vault.keys import key_of
time.sleep(max(0, float(sys.argv[2]) - time.time()))
print(key_of(Path(sys.argv[1])).hex())
"""


def test_they_open_for_the_connection_they_were_sealed_for() -> None:
    sealed = VAULT.seal("p21", "p21", SETTINGS, SECRETS)
    assert VAULT.open("p21", "p21", dict(reversed(SETTINGS.items())), sealed) == SECRETS
    assert b"hunter2" not in sealed


@pytest.mark.parametrize(
    ("name", "connector", "changed"),
    [
        ("other", "p21", {}),
        ("p21", "stripe", {}),
        ("p21", "p21", {"base_url": "https://evil.example"}),
        ("p21", "p21", {"ca_file": "/tmp/evil.pem"}),
        ("p21", "p21", {"currencies": {"usd": 2}}),
    ],
)
def test_they_do_not_open_for_another(name: str, connector: str, changed: dict[str, object]) -> None:
    sealed = VAULT.seal("p21", "p21", SETTINGS, SECRETS)
    with pytest.raises(Failed, match="do not open with this key and these settings"):
        VAULT.open(name, connector, {**SETTINGS, **changed}, sealed)


@given(st.binary(max_size=80))
def test_what_was_never_sealed_is_a_sentence(sealed: bytes) -> None:
    with pytest.raises(Failed, match="tieout connect"):
        VAULT.open("p21", "p21", SETTINGS, sealed)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_byte_may_change(place: int, change: int) -> None:
    sealed = bytearray(VAULT.seal("p21", "p21", SETTINGS, SECRETS))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Failed, match="tieout connect"):
        VAULT.open("p21", "p21", SETTINGS, bytes(sealed))


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    key = key_of(tmp_path)
    assert key == key_of(tmp_path)
    (made,) = tmp_path.iterdir()
    assert (made.name, made.stat().st_mode & 0o777) == ("vault.key", 0o600)


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    at = str(time.time() + 2)
    started = [
        subprocess.Popen([sys.executable, "-c", MAKE_A_KEY, str(tmp_path), at], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    assert len({one.communicate(timeout=60)[0] for one in started}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["vault.key"]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    key_of(tmp_path)
    (tmp_path / "vault.key").chmod(mode)
    with pytest.raises(Failed, match=f"can be read by others \\(mode {mode:o}\\). Run: chmod 600"):
        key_of(tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "is empty"), (b"k" * 31, "is broken"), (b"k" * 33, "is broken")]
)
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "vault.key").write_bytes(content)
    (tmp_path / "vault.key").chmod(0o600)
    with pytest.raises(Failed, match=sentence):
        key_of(tmp_path)


def test_a_key_half_made_by_a_crash_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as crashing:
        crashing.setattr(os, "fsync", _power_cut)
        with pytest.raises(OSError, match="power"):
            key_of(tmp_path)
    assert not list(tmp_path.iterdir())
    assert len(key_of(tmp_path)) == KEY_BYTES


def _power_cut(_descriptor: int) -> None:
    raise OSError("power")


def test_a_folder_that_others_can_read_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    with pytest.raises(Failed, match="can be read by others \\(mode 755\\)"):
        open_house(Settings(folder=shared))
    assert not list(shared.iterdir())
    assert shared.stat().st_mode & 0o777 == 0o755
