"""The auditor of a trial finds each kind of wrong, and only that."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from simulators.trial.auditor import Evidence, audit

LINE = {
    "event_id": "evt_1",
    "state": "applied",
    "subject": "pi_1",
    "order_no": "1",
    "invoice_no": "",
    "receipt_no": "9",
}
IGNORED = {**LINE, "event_id": "evt_2", "state": "ignored", "order_no": "", "receipt_no": ""}
ORDER = {"key": "1", "reference": "TOA", "amount": "12.50", "voided": False}
PAYMENT = {"key": "9", "reference": "TOB", "amount": "12.50", "voided": False}
CONTACT = {"key": "7", "reference": "TOC", "name": "ada@example.com", "voided": False}
GOD: dict[str, Any] = {
    "books": {"orders": [ORDER], "invoices": [], "payments": [PAYMENT], "contacts": [CONTACT]},
    "doubles": {},
    "gl_balanced": True,
}


def evidence() -> dict[str, Any]:
    return {
        "acknowledged": frozenset({"evt_1", "evt_2"}),
        "events": [dict(LINE), dict(IGNORED)],
        "p21": copy.deepcopy(GOD),
        "paid": {"evt_1": "pi_1"},
        "amounts": {"pi_1": Decimal("12.50")},
    }


def test_what_is_right_is_clean() -> None:
    found = audit(Evidence(**evidence()))
    assert found.clean
    assert found.line() == "acked 2, applied 1, parked 0, ignored 1, lost 0, doubled 0, wrong 0"


DEFECTS: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "an event is gone": (lambda e: e["events"].pop(), "lost", "stands 0 times"),
    "an event has no end": (lambda e: e["events"][1].update(state="queued"), "lost", "has no end"),
    "the order is gone": (lambda e: e["p21"]["books"]["orders"].clear(), "lost", "P21 has no order"),
    "the order was voided": (lambda e: e["p21"]["books"]["orders"][0].update(voided=True), "lost", "no order"),
    "the receipt is gone": (lambda e: e["p21"]["books"]["payments"].clear(), "lost", "P21 has no receipt"),
    "a payment was ignored": (lambda e: e["events"][0].update(state="ignored"), "lost", "expected one applied"),
    "a reference stands twice": (lambda e: e["p21"].update(doubles={"orders": ["TOA"]}), "doubled", "more than once"),
    "a receipt for two": (lambda e: e["events"].append({**LINE, "event_id": "evt_3"}), "doubled", "stands for 2"),
    "an order too many": (
        lambda e: e["p21"]["books"]["orders"].append({**ORDER, "key": "2", "reference": "TOE"}),
        "doubled",
        "no payment knows",
    ),
    "one buyer, two customers": (
        lambda e: e["p21"]["books"]["contacts"].append({**CONTACT, "reference": "TOD", "name": "ADA@example.com"}),
        "doubled",
        "2 customers were created",
    ),
    "a wrong receipt": (
        lambda e: e["p21"]["books"]["payments"][0].update(amount="12.51"),
        "unbalanced",
        "its receipt is 12.51",
    ),
    "a wrong order": (lambda e: e["p21"]["books"]["orders"][0].update(amount="11.00"), "unbalanced", "comes to 11.00"),
    "a crooked ledger": (lambda e: e["p21"].update(gl_balanced=False), "unbalanced", "not balanced"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_kind_of_wrong_is_found(defect: str) -> None:
    spoil, kind, words = DEFECTS[defect]
    given = evidence()
    spoil(given)
    found = audit(Evidence(**given))
    assert not found.clean
    assert any(words in text for text in getattr(found, kind)), found
