"""The close on the command line, as two people work it: checklist, pack, signatures, lock, reopening (accounting C9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import tieout
from tests.integration.books_site import Site, keep, machines, site_in
from tieout.domain.ledger.period import Period
from tieout.operations.keep_periods import keep_periods


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Books of three weeks, in a fiscal period that ended a week ago."""
    with site_in(tmp_path_factory.mktemp("close")) as found:
        keep(found)
        found.done("ledger", "prove")
        with found.house() as house:
            first = Period(2026, 1, found.day(-60), found.day(-3))
            keep_periods(house.books, "p21", [first, Period(2026, 2, found.day(-2), "2999-12-31")])
        yield found


def reasons(site: Site) -> list[str]:
    found = machines(site.tieout("close", "--period", "2026-01", "--json"))
    stuck = [one["name"] for one in found["items"] if one["state"] == "blocked"]
    return [f"--because={name}=accepted for now" for name in stuck]


def test_the_checklist_says_of_each_item_what_to_do(site: Site) -> None:
    said = site.done("close", "stripe", "--period", "2026-01")
    assert said == site.done("close", "check", "--period", "2026-01")
    assert "Every row of Stripe is imported done" in said
    assert "payouts Every payout is tied out open 1 of 2" in said
    assert "suspense: Move it to the right account with an entry and a reason." in said
    assert "Nobody has signed." in said
    assert said.endswith("payouts 2, tied out 1, breaks 2 explained, off by 0"), said[-200:]


def test_the_pack_is_printed_and_written_with_its_evidence(site: Site, tmp_path: Path) -> None:
    ran = site.tieout("close", "pack", "--period", "2026-01", "--out", str(tmp_path / "pack"))
    assert ran.status == 0, ran
    assert ran.out.rstrip().splitlines()[-1] == "payouts 2, tied out 1, breaks 2 explained, off by 0"
    for words in ("Proof of the balance", "Fees", "No entry of this period corrects another.", "off by 0"):
        assert words in ran.said
    manifest = json.loads((tmp_path / "pack" / "manifest.json").read_text())
    assert manifest["period"] == "2026-01" and "close.html" in manifest["files_sha256"]
    blocked = tmp_path / "file"
    blocked.write_text("")
    refused = site.tieout("close", "pack", "--period", "2026-01", "--out", str(blocked))
    assert refused.status == 1 and "cannot be written" in refused.said


def test_two_people_sign_lock_and_one_reopens(site: Site) -> None:
    sign = ("close", "sign", "--period", "2026-01")
    refused = site.tieout(*sign, "--prepared-by", "Ann Lee")
    assert refused.status == 1 and "--because suspense=" in refused.said
    assert "Nobody has prepared 2026-01" in site.tieout(*sign, "--approved-by", "Bo").said
    said = site.done(*sign, "--prepared-by", "Ann Lee", *reasons(site))
    assert "2026-01: Prepared by Ann Lee on" in said
    assert "Another person must approve" in site.tieout(*sign, "--approved-by", "ann  lee").said
    assert "one after the other" in site.tieout(*sign, "--prepared-by", "A", "--approved-by", "B").said

    (folder,) = (site.folder / "closes" / "stripe" / "2026-01").iterdir()
    page = (folder / "close.html").read_bytes()
    (folder / "close.html").write_bytes(page + b" ")
    assert "is not what it was: close.html" in site.tieout(*sign, "--approved-by", "Bo").said
    (folder / "close.html").write_bytes(page)

    said = site.done(*sign, "--approved-by", "Bo", "--lock")
    assert "approved by Bo on" in said and ", locked" in said
    assert "locked already" in site.tieout(*sign, "--approved-by", "Bo", "--lock").said
    assert "Reopen it first" in site.tieout(*sign, "--prepared-by", "Ann Lee").said
    assert "Say why" in site.tieout(*sign, "--reopen", "--approved-by", "Bo").said
    acts = json.loads(site.tieout("close", "log", "--period", "2026-01", "--json").out)
    assert [(one["act"], one["actor"]) for one in acts if one["act"] != "reason"] == [
        ("prepared", "Ann Lee"), ("approved", "Bo"), ("locked", "Bo"),
    ]  # fmt: skip
    told = site.done("close", "log", "--period", "2026-01")
    assert "Ann Lee reason suspense" in told and f"Bo locked {acts[-1]['evidence'][:12]}" in told
    assert "Nobody has signed" in site.done(
        *sign, "--reopen", "--approved-by", "Bo", "--reason", "an invoice came late"
    )


def test_what_is_not_there_is_named(site: Site, tmp_path: Path) -> None:
    assert (
        "there is no fiscal period '2026-13'; P21 has 2026-01 to 2026-02"
        in site.tieout("close", "--period", "2026-13").said
    )
    assert (
        "'October' is no period; write year and number, such as 2026-10"
        in site.tieout("close", "--period", "October").said
    )
    assert (
        "Say who locks it" in site.tieout("close", "sign", "--period", "2026-01", "--prepared-by", "A", "--lock").said
    )
    assert "--period" in site.tieout("close").said
    assert "No ledger is kept for 'other'" in site.tieout("close", "other", "--period", "2026-01").said
    assert (
        "write item=reason"
        in site.tieout("close", "sign", "--period", "2026-01", "--prepared-by", "A", "--because", "x").said
    )
    assert "No ledger is kept yet" in tieout(tmp_path, "close", "--period", "2026-01").said
    assert "revalue" in site.done("close", "--help")


def test_revaluing_without_foreign_money_posts_nothing(site: Site) -> None:
    assert "Nothing to revalue" in site.done("close", "revalue", "--period", "2026-01")
