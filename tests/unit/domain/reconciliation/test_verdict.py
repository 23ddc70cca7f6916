"""Payout = its lines = the movement of clearing = the bank, to the minor unit (accounting C3 I2, I4, I5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.ledger.rows import row
from tieout.domain.reconciliation.match import DRIFT, MISSING, Break
from tieout.domain.reconciliation.statement import Payout
from tieout.domain.reconciliation.verdict import (
    BROKEN,
    TIED_OUT,
    WAITING,
    Lines,
    Received,
    line_breaks,
    own_breaks,
    verdict,
)

PAYOUT = Payout("po_1", 1_900, "usd", "paid", True, 1_793_620_800, "2026-11-04", complete=True, own_row="txn_po")
ROWS = (row("txn_1", "charge", 1_000, 59), row("txn_2", "charge", 1_059), row("txn_3", "refund", -100))
OWN = row("txn_po", "payout", -1_900)
BACK = row("txn_back", "payout_reversal", 1_900)


def lines(payout: Payout = PAYOUT, *, cleared: int = 0) -> Lines:
    whole = Lines(payout)
    for one in (*ROWS, OWN):
        whole.add(one, one.net + (cleared if one is ROWS[0] else 0))
    return whole


def codes(breaks: object) -> list[tuple[str, str, int]]:
    return [(one.kind, one.code, one.amount) for one in breaks]  # type: ignore[attr-defined]


def test_the_lines_are_added_up_without_the_payouts_own_row() -> None:
    whole = lines()
    assert (whole.count, whole.gross, whole.fees, whole.net, whole.cleared) == (3, 1_959, 59, 1_900, 1_900)
    whole.add(replace(OWN, id="txn_again", source="po_1"), -1_900)
    assert whole.count == 3, "a row whose source is the payout is its own too"
    assert codes(line_breaks(whole)) == []


@pytest.mark.parametrize(
    ("whole", "found"),
    [
        (lines(replace(PAYOUT, amount=1_899)), [(DRIFT, "payout.lines", -1)]),
        (lines(replace(PAYOUT, amount=1_901)), [(DRIFT, "payout.lines", 1)]),
        (lines(cleared=-1), [(DRIFT, "payout.cleared", 1)]),
        (
            lines(replace(PAYOUT, amount=2_000), cleared=5),
            [(DRIFT, "payout.lines", 100), (DRIFT, "payout.cleared", -5)],
        ),
    ],
)
def test_one_minor_unit_is_a_break(whole: Lines, found: list[tuple[str, str, int]]) -> None:
    assert codes(line_breaks(whole)) == found


def test_a_line_in_another_currency_is_named() -> None:
    whole = lines()
    whole.add(row("txn_eur", "charge", 5, currency="eur"), 5)
    (found,) = line_breaks(whole)
    assert (found.code, found.ours) == ("payout.currency", "txn_eur")


def test_a_negative_payout_ties_out_like_any_other() -> None:
    payout = replace(PAYOUT, amount=-100, own_row="txn_po")
    whole = Lines(payout)
    whole.add(ROWS[2], -100)
    assert codes(line_breaks(whole)) == []
    assert codes(own_breaks(payout, {"txn_po": row("txn_po", "payout", 100)})) == []
    assert verdict(payout, (), Received(-100)).state == TIED_OUT


def test_its_own_rows_are_there_and_are_the_payout() -> None:
    failed = replace(PAYOUT, status="failed", return_row="txn_back")
    assert codes(own_breaks(PAYOUT, {"txn_po": OWN})) == []
    assert codes(own_breaks(failed, {"txn_po": OWN, "txn_back": BACK})) == []
    assert codes(own_breaks(failed, {"txn_po": OWN})) == [(MISSING, "payout.row", 1_900)]
    assert codes(own_breaks(PAYOUT, {"txn_po": row("txn_po", "payout", -1_899)})) == [(DRIFT, "payout.row", -1)]
    assert codes(own_breaks(PAYOUT, {"txn_po": row("txn_po", "payout", -1_900, currency="eur")})) != []


@pytest.mark.parametrize(
    ("payout", "deposited", "state", "why"),
    [
        (PAYOUT, 1_900, TIED_OUT, ""),
        (PAYOUT, None, WAITING, "no bank statement shows it yet"),
        (replace(PAYOUT, complete=False), 1_900, WAITING, "Stripe has not finished the list of its lines"),
        (replace(PAYOUT, automatic=False, complete=False), 1_900, TIED_OUT, ""),
        (replace(PAYOUT, status="failed"), None, TIED_OUT, "failed: the money is back in Stripe"),
        (replace(PAYOUT, status="canceled"), 0, TIED_OUT, "canceled: the money is back in Stripe"),
        (replace(PAYOUT, status="failed"), 1_900, WAITING, "it failed after the bank had it; the bank must show"),
    ],
)  # fmt: skip
def test_a_payout_without_breaks(payout: Payout, deposited: int | None, state: str, why: str) -> None:
    found = verdict(payout, (), None if deposited is None else Received(deposited))
    assert found.state == state
    assert found.why.startswith(why)


@pytest.mark.parametrize("deposited", [1_885, 1_899, 1_901, -1_900])
def test_what_the_bank_received_is_the_payout_or_a_break(deposited: int) -> None:
    found = verdict(PAYOUT, (), Received(deposited))
    assert found.state == BROKEN
    assert codes(found.breaks) == [(DRIFT, "bank.amount", 1_900 - deposited)]


def test_any_break_breaks_it_whatever_the_bank_says() -> None:
    one = Break(MISSING, "row", "txn_1", 1, "usd", "Stripe has a row.")
    assert verdict(PAYOUT, [one], Received(1_900)).breaks == (one,)
    assert verdict(replace(PAYOUT, complete=False), [one], None).state == BROKEN


def test_what_stays_behind_when_a_payout_went_back_is_a_break() -> None:
    failed = replace(PAYOUT, status="failed")
    assert verdict(failed, (), Received(0, back=True)).state == TIED_OUT
    found = verdict(failed, (), Received(5, back=True))
    assert codes(found.breaks) == [(DRIFT, "bank.amount", -5)]
    assert "come to 0.05 USD instead of nothing" in found.breaks[0].sentence
