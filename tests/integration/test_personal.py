"""A person is erased when somebody asks, and everybody when the period is over; what the books need stays (case D14)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import tieout
from tests.integration.books_site import DAY, Site, keep, site_in
from tieout.domain.audit.act import PROGRAM
from tieout.kernel import crash
from tieout.processes.erase_personal import erase_old, erase_person, rewrite

ANN = ("ann@larch-pumps.example", "larch-pumps")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "installation"
    folder.mkdir(mode=0o700)
    with site_in(folder) as found:
        keep(found)
        yield found


def bytes_of(folder: Path) -> bytes:
    """All that the installation has on the disk but the key and copies that a person made."""
    return b"".join(path.read_bytes().lower() for path in sorted(folder.rglob("*.sqlite*")))


def test_who_is_erased_is_nowhere_in_the_files_and_every_proof_holds(site: Site) -> None:
    assert ANN[1].encode() in bytes_of(site.folder)
    before = site.done("explain", site.ids["first payment 0"])
    shown = site.done("personal", "erase", ANN[0])
    assert "Nothing was erased" in shown and "In Prophet 21 it is customer" in shown
    refused = site.tieout("personal", "erase", ANN[0], "--yes")
    assert (refused.status, "Say why: --reason" in refused.said) == (1, True)
    done = site.done("personal", "erase", ANN[0], "--yes", "--reason", "she asked for it")
    assert "What stays: amounts" in done
    (site.folder / "accounts.toml").unlink()
    assert ANN[1].encode() not in bytes_of(site.folder)
    assert site.done("explain", site.ids["first payment 0"]) == before
    assert "every hash follows" in site.done("ledger", "verify")
    assert "personal.erase" in site.done("audit", "list")
    nobody = site.tieout("personal", "erase", ANN[0])
    assert f"Nothing that is kept names {ANN[0]}." in nobody.said


def test_while_a_file_is_in_use_it_is_said_and_rewritten_later_as_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tieout.store.database.BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(site.folder / "books.sqlite")) as other:
        with site.house() as house:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM runs").fetchall()
            assert rewrite(house.ports) is False
        refused = site.tieout("personal", "rewrite")
        assert "then: tieout personal rewrite" in refused.said and refused.status == 1
    assert "written anew" in site.done("personal", "rewrite")


def test_while_something_has_not_ended_nothing_is_erased(site: Site) -> None:
    site.stripe.pay(None, "usd", 900, payment_metadata={"lines": "[]"}, receipt_email=ANN[0])
    site.clock.advance(60)
    site.work()
    refused = site.tieout("personal", "erase", ANN[0], "--yes", "--reason", "she asked")
    assert "1 of it have not ended (R" in refused.said
    assert ANN[1].encode() in bytes_of(site.folder)


@pytest.mark.parametrize("commit", [1, 2, 3, 4, 7])
def test_a_process_that_dies_in_the_middle_is_helped_by_the_same_command(site: Site, commit: int) -> None:
    with site.house() as house:
        seen: list[str] = []

        def die(name: str) -> None:
            if name == "store.after_commit":
                seen.append(name)
                if len(seen) == commit:
                    raise KeyboardInterrupt

        stop = crash.on_crash_point(die)
        with pytest.raises(KeyboardInterrupt):
            erase_person(house.ports, ANN[0], PROGRAM, "she asked for it")
        stop()
    assert ANN[1].encode() in bytes_of(site.folder)
    site.done("personal", "erase", ANN[0], "--yes", "--reason", "she asked for it")
    assert ANN[1].encode() not in bytes_of(site.folder)
    assert "every hash follows" in site.done("ledger", "verify")


def test_what_is_past_its_period_goes_by_itself_and_nothing_before(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_PERSONAL_DAYS", "30")
    with site.house() as house:
        assert erase_old(house.ports, "stripe") == 0
    assert "erased 30 days after" in tieout(site.folder, "personal", "show", TIEOUT_PERSONAL_DAYS="30").said
    with closing(sqlite3.connect(site.folder / "books.sqlite")) as file:
        file.execute(f"UPDATE events SET ended_at = ended_at - {31 * DAY} WHERE ended_at IS NOT NULL")
        file.commit()
        (ended,) = file.execute("SELECT count(*) FROM events WHERE state IN ('applied', 'ignored')").fetchone()
    with site.house() as house:
        monkeypatch.setattr("tieout.processes.erase_personal.BATCH_EVENTS", 3)
        assert erase_old(house.ports, "stripe") == ended > 3
        assert erase_old(house.ports, "stripe") == 0
    with closing(sqlite3.connect(site.folder / "inbox.sqlite")) as file:
        assert not [body for (body,) in file.execute("SELECT body FROM inbox") if ANN[1] in body]
    assert "every hash follows" in site.done("ledger", "verify")
