"""An entry that does not balance cannot be made, and is undone by its mirror alone (accounting C2, C8)."""

from __future__ import annotations

import pytest

from tieout.domain.ledger.account import CLEARING, PROCESSING, RECEIVABLE
from tieout.domain.ledger.entry import Entry, Leg, Line, Unbalanced, pair, reversal

GROSS = pair("gross", CLEARING, RECEIVABLE, 1000, 1000)


def entry(*legs: Leg, currency: str = "usd") -> Entry:
    return Entry("txn_1", "charge", "2026-11-02", "2026-11-02", currency, "usd", legs)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((Line(CLEARING, 1000, 1000), Line(RECEIVABLE, -999, -1000)), "the amounts are off by 1"),
        ((Line(CLEARING, 1000, 1000), Line(RECEIVABLE, -1000, -999)), "the values are off by 1"),
        ((Line(CLEARING, 0, 0),), "two lines at least, got 1"),
        ((Line(CLEARING, 1, 1), Line("petty_cash", -1, -1)), "there is no account 'petty_cash'"),
    ],
)
def test_what_is_wrong_with_a_leg_is_said(lines: tuple[Line, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Leg("gross", lines)


def test_a_carrier_must_be_one_there_is() -> None:
    with pytest.raises(ValueError, match="carrier 'pigeon' is none of journal_entry, "):
        pair("gross", CLEARING, RECEIVABLE, 1, 1, "pigeon")


def test_an_entry_has_legs_with_names_of_their_own_and_values_that_can_be() -> None:
    with pytest.raises(Unbalanced, match="it has no legs"):
        entry()
    with pytest.raises(ValueError, match="two legs have one name"):
        entry(GROSS, GROSS)
    with pytest.raises(Unbalanced, match="an amount in usd is its own value"):
        entry(pair("gross", CLEARING, RECEIVABLE, 1000, 1100))
    assert entry(pair("gross", CLEARING, RECEIVABLE, 1000, 1100), currency="eur").cleared == 1000


def test_a_reversal_undoes_every_line_and_may_be_undone_itself() -> None:
    made = entry(GROSS, pair("fee1:stripe_fee", PROCESSING, CLEARING, 59, 59))
    undone = reversal(made, 1, "2026-12-01", "posted twice")
    assert (undone.source, undone.kind, undone.day) == ("txn_1:rev:1", "reversal", "2026-12-01")
    assert "posted twice" in undone.memo
    for account in (CLEARING, RECEIVABLE, PROCESSING):
        assert made.moved(account) + undone.moved(account) == 0
    assert reversal(undone, 1, "2026-12-02", "it was right").legs == made.legs
