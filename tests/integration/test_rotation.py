"""The key of the vault is rotated while everything goes on; secrets of before stay before (security S38, S39; case D12)."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import tieout
from tests.integration.books_site import Site, keep, site_in
from tieout.app.house import House, open_house
from tieout.kernel.failures import Failed
from tieout.operations.keep_connection import keep_connection
from tieout.operations.raise_alert import raise_alert
from tieout.settings import Settings
from tieout.store import connections
from tieout.store.connections import ConnectionRow
from tieout.vault.cipher import KEY_BYTES
from tieout.vault.keys import KeyFile


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_in(tmp_path_factory.mktemp("rotated")) as found:
        keep(found)
        yield found


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    there = tmp_path / "installation"
    shutil.copytree(site.folder, there)
    there.chmod(0o700)
    return there


def key(folder: Path) -> bytes:
    return (folder / "vault.key").read_bytes()


def sealed(folder: Path) -> dict[str, tuple[bytes, str]]:
    with closing(sqlite3.connect(folder / "books.sqlite")) as file:
        rows = file.execute("SELECT name, sealed, settings FROM connections").fetchall()
    return {name: (secret, settings) for name, secret, settings in rows}


def put_back(folder: Path, rows: dict[str, tuple[bytes, str]]) -> None:
    with closing(sqlite3.connect(folder / "books.sqlite")) as file:
        for name, (secret, settings) in rows.items():
            file.execute("UPDATE connections SET sealed = ?, settings = ? WHERE name = ?", (secret, settings, name))
        file.commit()


def test_every_secret_opens_after_a_rotation_and_the_old_key_is_gone(site: Site, folder: Path) -> None:
    before, rows = key(folder), sealed(folder)
    ran = tieout(folder, "vault", "rotate", "--actor", "Ann Larch", "--reason", "yearly")
    assert (ran.status, "2 connections sealed with a new key" in ran.said) == (0, True), ran
    assert len(key(folder)) == KEY_BYTES
    assert before not in key(folder)
    assert all(sealed(folder)[name][0] != secret for name, (secret, _) in rows.items())
    assert tieout(folder, "probe").status == 0
    acts = tieout(folder, "audit", "list", "--what", "vault.rotate", "--json").out
    assert (acts.count('"Ann Larch"'), acts.count('"yearly"')) == (2, 2)


def test_the_books_are_proven_over_a_rotation_from_the_first_row_on(folder: Path, tmp_path: Path) -> None:
    heads = tmp_path / "heads.jsonl"
    tieout(folder, "ledger", "head", str(heads))
    for _ in range(3):
        assert tieout(folder, "vault", "rotate").status == 0
    tieout(folder, "workflows", "retire", "refund")
    ran = tieout(folder, "ledger", "verify", "--against", str(heads))
    assert (ran.status, "Not proven" in ran.said) == (0, False), ran
    with closing(sqlite3.connect(folder / "books.sqlite")) as file:
        assert len(file.execute("SELECT DISTINCT key FROM chain").fetchall()) == 4
        file.execute("UPDATE workflows SET text = 'x' WHERE name = 'dispute'")
        file.commit()
    assert tieout(folder, "ledger", "verify").status == 1


def test_secrets_that_were_replaced_do_not_open_when_they_are_put_back(site: Site, folder: Path) -> None:
    """Case D12: an old sealed secret beside the same settings opened, and so did the whole old row."""
    rows = sealed(folder)
    with closing(sqlite3.connect(folder / "books.sqlite")) as file:
        before = file.execute("SELECT * FROM connections WHERE name = 'p21'").fetchone()
    house = open_house(Settings(folder=folder))
    kept = {row.name: row for row in _rows(house)}
    secrets = house.vault.open("p21", "p21", kept["p21"].settings, kept["p21"].sealed, kept["p21"].version)
    keep_connection(house.books, house.vault, "p21", "p21", kept["p21"].settings, {**secrets, "password": "new"})
    house.close()
    put_back(folder, {"p21": rows["p21"]})
    with closing(sqlite3.connect(folder / "books.sqlite")) as file:
        file.execute("DELETE FROM connections WHERE name = 'p21'")
        file.execute(f"INSERT INTO connections VALUES ({', '.join('?' * len(before))})", before)
        file.commit()
    ran = tieout(folder, "probe", "p21")
    assert ran.status == 1
    assert "older secrets were put back" in ran.said


def _rows(house: House) -> list[ConnectionRow]:
    with house.books.reading() as db:
        return connections.every(db)


@pytest.mark.parametrize("resealed", [False, True], ids=["before the secrets", "before the old key goes"])
def test_a_rotation_that_was_cut_short_is_taken_to_its_end_by_the_next(
    folder: Path, resealed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if resealed:
        with monkeypatch.context() as dying:
            dying.setattr(KeyFile, "drop_old", _power_cut)
            with pytest.raises(OSError, match="power"):
                tieout(folder, "vault", "rotate")
    else:
        KeyFile(folder).add()
    assert len(key(folder)) == 2 * KEY_BYTES
    assert tieout(folder, "probe").status == 0, "meanwhile everything opens"
    assert tieout(folder, "workflows", "retire", "refund").status == 0
    assert tieout(folder, "vault", "rotate").status == 0
    assert len(key(folder)) == KEY_BYTES
    assert tieout(folder, "probe").status == 0
    ran = tieout(folder, "ledger", "verify")
    assert (ran.status, "key that is not here" in ran.said) == (0, False), ran


def _power_cut(_file: KeyFile) -> None:
    raise OSError("power")


def test_rotations_beside_others_who_write_and_read_lose_nothing(folder: Path) -> None:
    """Two processes' worth of work goes on with databases and vaults that were opened before the rotation."""
    stop, failures, written = threading.Event(), list[str](), [0]
    house = open_house(Settings(folder=folder))

    def work() -> None:
        while not stop.is_set():
            try:
                raise_alert(house.books, "x", "s", str(written[0]), time.time())
                written[0] += 1
                for row in _rows(house):
                    house.vault.open(row.name, row.connector, row.settings, row.sealed, row.version)
            except Failed as error:
                failures.append(error.failure.sentence)

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(4):
        assert tieout(folder, "vault", "rotate").status == 0
    stop.set()
    worker.join()
    house.close()
    assert (failures, written[0] > 10) == ([], True)
    assert tieout(folder, "ledger", "verify").status == 0
