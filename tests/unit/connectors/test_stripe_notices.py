"""Events that a person is told of, and the reason of every other kind (case B10)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.unit.connectors.stripe_wire import Wired, listed
from tests.unit.connectors.test_stripe_events import stated_or_failure
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.balance import change_of
from tieout.connectors.stripe.events import catalogue, reason_for, statement_of
from tieout.connectors.stripe.events._reasons import EXACT, FAMILIES
from tieout.domain.facts import Fact, Ignored, Notice, Statement
from tieout.domain.ledger.rules import rule_for
from tieout.domain.sale import Address, Party, Payment
from tieout.kernel.failures import Defect
from tieout.nodes.stripe_fetch import why_no_money

FOLDER = Path(__file__).parents[2] / "fixtures" / "stripe_events"
RECORDED = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))}
SNAPSHOTS = sorted(
    set(
        re.findall(
            r'"([a-z_0-9]+\.[a-z_0-9.]+)"',
            (Path(stripe.__file__).parent / "params" / "_webhook_endpoint_create_params.py").read_text(
                encoding="utf-8"
            ),
        )
    )
)


def told(statement: Statement) -> str:
    assert isinstance(statement, Notice | Ignored)
    return statement.sentence if isinstance(statement, Notice) else statement.reason


@pytest.mark.parametrize("event_type", RECORDED)
def test_what_stripe_sends_is_told_in_a_sentence_that_says_what_to_do(event_type: str) -> None:
    recorded = RECORDED[event_type]
    assert recorded["told"] in told(statement_of(event_type, StripeObject(recorded["object"])))


@pytest.mark.parametrize(
    ("event_type", "changes", "words"),
    [
        ("invoice.payment_failed", {"next_payment_attempt": None}, "Stripe does not try again: ask for the money."),
        (
            "invoice.overdue",
            {"due_date": None, "currency": "xbt"},
            "an amount in xbt open, of customer cus_1, is past due since a day that is not told",
        ),
        ("review.closed", {"closed_reason": "approved"}, "is closed: approved. It may be shipped."),
        (
            "customer_cash_balance_transaction.created",
            {"type": "applied_to_payment"},
            "applied_to_payment): what it paid states itself",
        ),
        ("cash_balance.funds_available", {"available": None}, "no amount is told"),
        ("account.updated", {"payouts_enabled": True}, "Stripe asks account acct_1 for external_account."),
        ("account.updated", {"payouts_enabled": True, "requirements": None}, "payments and payouts go on"),
        ("capability.updated", {"status": "active"}, "payments of this kind go on"),
        ("quote.accepted", {"invoice": None}, "nothing is written before its invoice"),
        ("product.created", {"active": False}, "not sold any more"),
        ("product.created", {"metadata": {"sku": "X"}}, "names its P21 item"),
    ],
)
def test_what_differs_is_told_differently(event_type: str, changes: dict[str, Any], words: str) -> None:
    assert words in told(statement_of(event_type, StripeObject(RECORDED[event_type]["object"] | changes)))


@pytest.mark.parametrize("event_type", RECORDED)
@pytest.mark.parametrize("odd", [None, "", "odd", 0, -1, True, [], {}, [1], {"id": None}, 10**25])
def test_no_field_of_a_recorded_object_makes_an_event_crash(event_type: str, odd: object) -> None:
    subject = RECORDED[event_type]["object"]
    for field in subject:
        assert isinstance(stated_or_failure(event_type, subject | {field: odd}), Fact | Ignored | Notice | Defect), (
            field
        )


def test_every_snapshot_event_of_stripe_has_a_rule_or_a_reason_of_its_own() -> None:
    assert len(SNAPSHOTS) == 275
    assert [name for name in SNAPSHOTS if name not in catalogue() and not reason_for(name)] == []
    assert reason_for("radar.invented.tomorrow") == ""


def test_no_reason_is_left_over() -> None:
    assert [name for name in EXACT if name not in SNAPSHOTS] == []
    assert [family for family, _ in FAMILIES if not any(name.startswith(family) for name in SNAPSHOTS)] == []


PAYMENT = Payment(
    "pi_1", "ch_1", "pi_1", "payment_intent", 1000, 0, "usd", 0, "", False, False, False, "", "", "", "", "", "", {},
    Party(), Party(), "", Address(),
)  # fmt: skip
ROW = {
    "id": "txn_1", "object": "balance_transaction", "type": "charge", "reporting_category": "charge", "amount": 1000, "fee": 59,
    "net": 941, "currency": "usd", "created": 1796083200, "fee_details": [{"type": "stripe_fee", "amount": 59}], "source": "ch_1",
}  # fmt: skip


@pytest.mark.parametrize("fee", [59, None])
def test_a_row_without_a_fee_has_what_lies_between_amount_and_net(fee: int | None) -> None:
    assert change_of(StripeObject(ROW | {"fee": fee})).fee == 59


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("payout", "payout"),
        ("payout_failure", "payout_reversal"),
        ("payout_cancel", "payout_reversal"),
        ("payout_minimum_balance_hold", "minimum_balance"),
        ("payout_minimum_balance_release", "minimum_balance"),
        ("charge", "charge"),
        ("never_heard_of", "unknown"),
    ],
)
@pytest.mark.parametrize("category", [None, ""])
def test_a_row_from_before_categories_is_booked_by_its_type(kind: str, rule: str, category: str | None) -> None:
    assert rule_for(change_of(StripeObject(ROW | {"type": kind, "reporting_category": category}))).name == rule


@pytest.mark.parametrize("field", ["amount", "net", "created"])
def test_one_row_that_cannot_be_read_does_not_stop_its_page(field: str) -> None:
    rows = listed(ROW, ROW | {"id": "txn_2", field: None}, ROW | {"id": "txn_3"})
    page = Wired(balance_transactions=rows).stripe().balance_page(0, 1, "")
    assert [change.id for change in page.changes] == ["txn_1", "txn_3"]
    assert [(row, field in sentence) for row, sentence in page.unread] == [("txn_2", True)]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("processing", "its money is under way"),
        ("requires_payment_method", "Ask the customer to pay again"),
        ("requires_action", "the customer must confirm it"),
        ("requires_confirmation", "Confirm it there"),
        ("requires_capture", "Capture it in Stripe"),
        ("canceled", "it was canceled, nothing was paid"),
        ("succeeded", "Bill the customer anew"),
    ],
)
def test_what_is_asked_of_a_person_can_be_done_in_that_status(status: str, words: str) -> None:
    payment = replace(PAYMENT, status=status, paid=False, captured=status == "succeeded")
    assert words in why_no_money(payment)
