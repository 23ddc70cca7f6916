"""The audit trail: every command that changes something says who did it, by both names, and why (case D3)."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.command_line import tieout
from tests.integration.books_site import Site, account_map, keep, machines, site_in
from tests.integration.test_cli import file_with
from tieout.store.database import open_file
from tieout.store.tables import book_tables

ME = getpass.getuser()
CARD = "4242 4242 4242 4242"
ANN = ("--actor", "Ann Larch", "--reason", "agreed on Monday")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_in(tmp_path_factory.mktemp("audited")) as found:
        keep(found)
        yield found


def acts(folder: Path, *words: str) -> list[dict[str, Any]]:
    return list(json.loads(tieout(folder, "audit", "list", "--json", *words).out))


def newest(folder: Path, what: str) -> dict[str, Any]:
    return acts(folder, "--what", what)[0]


def test_who_publishes_and_retires_a_workflow_is_kept_with_what_it_was_before(tmp_path: Path) -> None:
    changed = file_with(tmp_path, "tax_policy = 'p21'", "tax_policy = 'charge_item'")
    assert tieout(tmp_path, "workflows", "publish", changed, *ANN).status == 0
    assert tieout(tmp_path, "workflows", "publish", changed, *ANN).status == 0
    assert tieout(tmp_path, "workflows", "retire", "order_to_cash", TIEOUT_ACTOR="Bo Reed").status == 0
    retired, published, shipped = acts(tmp_path, "--about", "order_to_cash")
    assert (published["user"], published["name"], published["reason"]) == (ME, "Ann Larch", "agreed on Monday")
    assert (published["before"]["version"], published["after"]["version"]) == (1, 2)
    assert (retired["name"], retired["before"], retired["after"]) == ("Bo Reed", {"version": 2}, {"version": None})
    assert (shipped["name"], shipped["user"]) == ("tieout", "")
    assert acts(tmp_path, "--by", "Bo Reed") == [retired]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("ledger", "keep", "--closed-period", "reject"), "ledger.keep"),
        (("ledger", "rates", "gbp", "2026-01-05", "1.25"), "ledger.rates"),
        (("ledger", "import"), "ledger.import"),
        (("ledger", "audit"), "ledger.audit"),
        (("ledger", "post"), "ledger.post"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:2]),
)
def test_whoever_changes_the_books_is_kept(site: Site, words: tuple[str, ...], what: str) -> None:
    before = len(acts(site.folder, "--what", what))
    site.tieout(*words)
    found = acts(site.folder, "--what", what)
    assert (len(found), found[0]["user"]) == (before + 1, ME)


def test_a_connection_is_kept_with_its_settings_and_never_its_secrets(site: Site) -> None:
    site.connect()
    found = newest(site.folder, "connect")
    assert found["about"] in ("stripe", "p21")
    assert found["before"]["settings"]["company_id"] == "ACME"
    assert found["after"]["secrets given"] == ["password"]
    assert "prophet-password" not in tieout(site.folder, "audit", "list", "--json").out


def test_a_map_of_accounts_and_the_periods_are_kept_as_they_were_and_are(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "map.toml"
    file.write_text(account_map(rounding="64500"))
    site.done("ledger", "accounts", str(file), "--reason", "moved")
    found = newest(site.folder, "ledger.accounts")
    assert '"69900"' in found["before"]["map"]
    assert '"69900"' not in found["after"]["map"]
    assert newest(site.folder, "ledger.periods")["about"] == "p21"


def test_what_a_person_decides_about_an_exception_and_a_bank_line_is_kept_with_both_people(site: Site) -> None:
    number = str(machines(site.tieout("exceptions", "--code", "row.unknown", "--json"))[0]["open"][0]["id"])
    site.done("resolve", number, "--to", "other_income", *ANN)
    resolved = newest(site.folder, "resolve")
    assert (resolved["user"], resolved["name"], resolved["about"]) == (ME, "Ann Larch", number)
    assert resolved["before"]["code"] == "row.unknown"
    line = next(one["line"]["id"] for one in machines(site.tieout("bank", "lines", "--json")) if one["payouts"])
    site.done("bank", "unmatch", line, *ANN, "--approver", "Bo Reed")
    freed = newest(site.folder, "bank.unmatch")
    assert (freed["approver"], freed["about"], freed["after"]) == ("Bo Reed", line, {"payouts": []})
    site.done("bank", "match", line, *freed["before"]["payouts"], *ANN)
    matched = newest(site.folder, "bank.match")
    assert (matched["name"], matched["after"]["payout"]) == ("Ann Larch", freed["before"]["payouts"][0])
    assert newest(site.folder, "bank.import")["after"]["lines"] > 0


def test_what_nobody_could_do_leaves_no_act(site: Site) -> None:
    before = len(acts(site.folder))
    assert site.tieout("resolve", "999999", "--accept", *ANN).status == 4
    assert site.tieout("ledger", "keep", "--time-zone", "Europe/Paris").status == 1
    assert site.tieout("workflows", "retire", "nope").status == 4
    assert len(acts(site.folder)) == before


def test_a_card_number_in_a_reason_or_a_name_is_not_kept(tmp_path: Path) -> None:
    tieout(tmp_path, "workflows", "retire", "refund", "--reason", f"they paid with {CARD}", "--actor", CARD)
    found = newest(tmp_path, "workflow.retire")
    assert found["reason"] == "they paid with [card number …4242]"
    assert CARD not in json.dumps(found)


def test_an_act_is_neither_changed_nor_taken_away(tmp_path: Path) -> None:
    tieout(tmp_path, "workflows", "retire", "refund")
    books = open_file(tmp_path / "books.sqlite", book_tables)
    for statement in ("DELETE FROM acts", "UPDATE acts SET user = 'nobody'", "UPDATE acts SET at = 0"):
        with pytest.raises(sa.exc.IntegrityError, match="never changed"), books.transaction() as db:
            db.exec_driver_sql(statement)
    books.close()


def test_the_trail_is_exported_for_machines_and_for_spreadsheets(tmp_path: Path) -> None:
    tieout(tmp_path, "workflows", "retire", "refund", "--reason", '=HYPERLINK("x")')
    whole, sheet = tmp_path / "acts.jsonl", tmp_path / "acts.csv"
    said = tieout(tmp_path, "audit", "export", str(whole)).said
    assert tieout(tmp_path, "audit", "export", str(sheet)).status == 0
    found = [json.loads(line) for line in whole.read_text().splitlines()]
    assert [one["what"] for one in found] == [*["workflow.publish"] * 3, "workflow.retire"]
    assert said.startswith("4 acts written")
    assert "'=HYPERLINK" in sheet.read_text()
    again = tieout(tmp_path, "audit", "export", str(whole))
    assert (again.status, again.said) == (1, f"{whole} is there already. Name a new file.")


def test_the_list_for_people_names_both_names(site: Site) -> None:
    assert f" {ME} " in site.done("audit", "list", "--what", "ledger.keep")
    assert "No act is kept that fits." in site.done("audit", "list", "--what", "nothing")
