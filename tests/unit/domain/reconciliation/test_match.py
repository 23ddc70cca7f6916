"""One row against what is kept and what is posted: every way they can differ has its own break (C3 I1, I7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.ledger.rows import book, row
from tieout.domain.ledger.account import CLEARING, PROCESSING, RECEIVABLE, SOFTWARE
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Entry, pair
from tieout.domain.ledger.posting import Posted, post
from tieout.domain.reconciliation.match import DRIFT, MISSING, UNEXPECTED, Break, Sight, row_breaks

ROW = row("txn_1", "charge", 1000, 59)
EUROS = row("txn_2", "charge", 1000, currency="eur")
BOOK = book(eur="1.10")


def entry_of(change: BalanceChange) -> Entry:
    posted = post(change, BOOK)
    assert isinstance(posted, Posted)
    return posted.entry


def look(
    shown: BalanceChange | None, kept: BalanceChange | None, entry: Entry | None, *, excepted: bool = False
) -> list[Break]:
    return list(row_breaks(Sight(shown, kept, entry, 7, excepted), BOOK))


def test_a_row_that_is_kept_and_posted_as_it_is_shown_is_no_break() -> None:
    for change in (ROW, EUROS, row("txn_3", "fee", 0), row("txn_4", "quantum", -5)):
        assert look(change, change, entry_of(change)) == []
    assert look(ROW, ROW, None, excepted=True) == [], "it waits for a person, who has been told"
    assert look(None, None, None) == []


def test_a_row_stripe_has_and_tieout_has_not() -> None:
    (found,) = look(ROW, None, None)
    assert (found.kind, found.code, found.about, found.amount) == (MISSING, "row", "txn_1", 941)
    assert found.sentence.startswith("Stripe has txn_1 (charge, 9.41 USD), and Tieout does not")


def test_a_row_without_posting_or_exception() -> None:
    (found,) = look(ROW, ROW, None)
    assert (found.kind, found.code, found.amount) == (MISSING, "posting", 941)


def test_a_posting_whose_row_stripe_does_not_list() -> None:
    (found,) = look(None, ROW, entry_of(ROW))
    assert (found.kind, found.code, found.amount, found.ours) == (UNEXPECTED, "posting", -941, "entry 7")


@pytest.mark.parametrize(
    ("change", "codes", "apart"),
    [
        ({"amount": 1100, "net": 1041}, ["row.amount", "posting.amount"], 100),
        ({"amount": -882, "net": -941}, ["row.sign", "posting.sign"], -1882),
        ({"currency": "cad"}, ["row.currency", "posting.currency"], 941),
        ({"amount": 1001, "fee": 60}, ["row.amount"], 0),
    ],
)
def test_a_row_that_stripe_shows_otherwise_than_before(change: dict[str, object], codes: list[str], apart: int) -> None:
    shown = replace(ROW, **change)  # type: ignore[arg-type]
    found = look(shown, ROW, entry_of(ROW))
    assert [one.code for one in found][: len(codes)] == codes
    assert {one.kind for one in found} == {DRIFT}
    assert found[0].amount == apart


@pytest.mark.parametrize(
    ("legs", "code", "apart"),
    [
        ((pair("gross", CLEARING, RECEIVABLE, 941, 941),), "posting.account", 59),
        ((pair("gross", CLEARING, RECEIVABLE, 1000, 1000), pair("fee", SOFTWARE, CLEARING, 59, 59)), "posting.account", 59),
        ((pair("gross", CLEARING, RECEIVABLE, 940, 940),), "posting.amount", 1),
        ((pair("gross", CLEARING, RECEIVABLE, -941, -941),), "posting.sign", 1882),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_what_the_row_says(legs: tuple, code: str, apart: int) -> None:
    (found,) = look(ROW, ROW, replace(entry_of(ROW), legs=legs))
    assert (found.kind, found.code, found.amount) == (DRIFT, code, apart)
    assert found.sentence.startswith("entry 7 ")


def test_a_value_that_is_one_unit_off_is_found() -> None:
    legs = (pair("gross", CLEARING, RECEIVABLE, 1000, 1101),)
    (found,) = look(EUROS, EUROS, replace(entry_of(EUROS), legs=legs))
    assert (found.code, found.amount, found.currency) == ("posting.fx", 1, "usd")


def test_the_same_money_in_other_legs_is_the_same() -> None:
    legs = (
        pair("gross", CLEARING, RECEIVABLE, 400, 400),
        pair("rest", CLEARING, RECEIVABLE, 600, 600),
        pair("fee", PROCESSING, CLEARING, 59, 59),
    )
    assert look(ROW, ROW, replace(entry_of(ROW), legs=legs)) == []


def test_an_entry_of_a_row_that_could_not_be_posted_today_still_stands() -> None:
    assert list(row_breaks(Sight(EUROS, EUROS, entry_of(EUROS), 7), book())) == [], "the rate is gone, the entry is not"
