"""The worked payout of accounting C3, to the cent."""

from __future__ import annotations

from collections import Counter

from tests.unit.domain.ledger.rows import book, row
from tieout.domain.ledger.account import (
    CLEARING,
    DISPUTE_FEES,
    DISPUTES_RECEIVABLE,
    FX,
    INPUT_TAX,
    PROCESSING,
    RECEIVABLE,
    REFUNDS_PAYABLE,
    RESERVES,
    SOFTWARE,
    SUSPENSE,
    TRANSIT,
)
from tieout.domain.ledger.balance_change import BalanceChange, Origin
from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.posting import Posted, post

ROWS = (
    row("t01", "charge", 108_250, 3_169, origin=Origin(invoice="in_1", amount=108_250, currency="usd")),
    row("t02", "charge", 50_000, 400, type="payment"),
    row("t03", "charge", 10_800, 451, origin=Origin(amount=10_000, currency="eur")),
    row("t04", "charge", 20_000, 610),
    row("t05", "partial_capture_reversal", -8_000, type="refund"),
    row("t06", "refund", -10_825),
    row("t07", "dispute", -25_000, 1_500, type="adjustment"),
    row("t08", "dispute_reversal", 12_000, type="adjustment"),
    row("t09", "refund_failure", 4_500),
    row("t10", "charge_failure", -7_500, type="payment_failure_refund"),
    row("t11", "fee", -640, type="stripe_fee"),
    row("t12", "tax", -128, type="tax_fee"),
    row("t13", "risk_reserved_funds", -5_000, type="reserve_hold"),
    row("t14", "other_adjustment", -37, type="adjustment"),
)
PAYOUT = row("t15", "payout", -142_290)


def entry_of(change: BalanceChange) -> Entry:
    posted = post(change, book(eur="1.10"))
    assert isinstance(posted, Posted), posted
    return posted.entry


def test_the_rows_come_to_the_payout() -> None:
    assert sum(one.amount for one in ROWS) == 148_420
    assert sum(one.fee for one in ROWS) == 6_130
    assert sum(one.net for one in ROWS) == 142_290


def test_every_account_moves_as_the_worked_payout_says() -> None:
    sums: Counter[str] = Counter()
    for change in (*ROWS, PAYOUT):
        for line in entry_of(change).lines():
            sums[line.account] += line.value
    assert sums == {
        CLEARING: 0,
        TRANSIT: 142_290,
        PROCESSING: 4_630,
        DISPUTE_FEES: 1_500,
        SOFTWARE: 640,
        INPUT_TAX: 128,
        DISPUTES_RECEIVABLE: 25_000 - 12_000,
        RESERVES: 5_000,
        SUSPENSE: 37,
        FX: 200,
        # AR 155.00 less 1,892.50; the credit memo of 100.00 and 8.25 tax is a document of its own, its cash side is 108.25
        RECEIVABLE: 15_500 - 189_250 + 10_825,
        REFUNDS_PAYABLE: -4_500,
    }


def test_debits_and_credits_outside_clearing_are_those_of_the_worked_payout() -> None:
    lines = [line for change in (*ROWS, PAYOUT) for line in entry_of(change).lines() if line.account != CLEARING]
    assert sum(line.value for line in lines if line.value > 0) == 205_750
    assert sum(line.value for line in lines if line.value < 0) == -205_750


def test_what_nobody_has_named_goes_into_suspense_and_stays_open() -> None:
    posted = post(ROWS[-1], book())
    assert isinstance(posted, Posted) and posted.open is not None
    assert posted.open.code == "row.unknown"
    assert "−0.37 USD went into suspense" in posted.open.sentence


def test_clearing_moves_by_the_net_of_every_row() -> None:
    assert [entry_of(change).cleared for change in ROWS] == [change.net for change in ROWS]
