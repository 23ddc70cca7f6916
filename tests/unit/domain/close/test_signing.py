"""Two people sign one evidence; what is blocked needs a reason; a lock needs an approval (accounting C9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieout.domain.close.checklist import BLOCKED, DONE, OPEN, Item
from tieout.domain.close.signing import Refusal, Signed, may_approve, may_lock, may_prepare, may_reopen

FINE = (Item("proof", "Proof", DONE, "off by 0"), Item("payouts", "Payouts", OPEN, "3 of 5", "Wait."))
STUCK = (*FINE, Item("suspense", "Suspense is empty", BLOCKED, "0.37 USD", "Move it."))
PREPARED = Signed(prepared_by="Ann Lee", figures="f1")
APPROVED = replace(PREPARED, approved_by="Bo")
PERIOD = "2026-10"


def refused(found: Refusal | None) -> str:
    assert found is not None
    return f"{found.code}: {found.sentence}"


def test_open_work_is_no_obstacle_and_blocked_is_named_with_what_to_do() -> None:
    assert may_prepare(Signed(), "Ann Lee", FINE, {}, PERIOD) is None
    said = refused(may_prepare(Signed(), "Ann Lee", STUCK, {}, PERIOD))
    assert said.startswith("close.blocked: 1 blocked: suspense (0.37 USD): Move it.") and "--because suspense=" in said


def test_a_reason_for_what_is_blocked_lets_both_sign() -> None:
    reasons = {"suspense": "Stripe answers in November"}
    assert may_prepare(Signed(), "Ann Lee", STUCK, reasons, PERIOD) is None
    assert may_approve(PREPARED, "Bo", STUCK, reasons, "f1", PERIOD) is None
    assert refused(may_approve(PREPARED, "Bo", STUCK, {"proof": "other"}, "f1", PERIOD)).startswith("close.blocked")


@pytest.mark.parametrize("name", ["Ann Lee", "ann lee", "  ANN   LEE "])
def test_nobody_approves_or_locks_what_they_prepared(name: str) -> None:
    assert refused(may_approve(PREPARED, name, FINE, {}, "f1", PERIOD)).startswith("close.same_person")
    assert refused(may_lock(APPROVED, name, PERIOD, True)).startswith("close.same_person")


def test_books_that_changed_since_must_be_prepared_again() -> None:
    assert "changed since Ann Lee signed" in refused(may_approve(PREPARED, "Bo", FINE, {}, "f2", PERIOD))
    assert may_prepare(PREPARED, "Cy", FINE, {}, PERIOD) is None


def test_the_order_is_prepare_approve_lock() -> None:
    assert refused(may_approve(Signed(), "Bo", FINE, {}, "", PERIOD)).startswith("close.unprepared")
    assert refused(may_lock(PREPARED, "Bo", PERIOD, True)).startswith("close.unapproved")
    assert may_lock(APPROVED, "Bo", PERIOD, True) is None
    assert refused(may_lock(replace(APPROVED, locked=True), "Bo", PERIOD, True)).startswith("close.locked")
    assert refused(may_lock(APPROVED, "Bo", PERIOD, False)).startswith("close.no_periods")
    assert refused(may_prepare(APPROVED, "Ann Lee", FINE, {}, PERIOD)).startswith("close.signed")
    assert refused(may_approve(APPROVED, "Cy", FINE, {}, "f1", PERIOD)).startswith("close.signed")


def test_a_period_is_reopened_by_somebody_for_a_reason() -> None:
    assert may_reopen(APPROVED, "Cy", "a late invoice", PERIOD) is None
    assert refused(may_reopen(APPROVED, "Cy", "  ", PERIOD)).startswith("close.reason")
    assert refused(may_reopen(Signed(), "Cy", "why", PERIOD)).startswith("close.open")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\nlines", "\x1b[31mred"])
def test_a_signature_is_a_name(name: str) -> None:
    for found in (
        may_prepare(Signed(), name, FINE, {}, PERIOD),
        may_approve(PREPARED, name, FINE, {}, "f1", PERIOD),
        may_lock(APPROVED, name, PERIOD, True),
        may_reopen(APPROVED, name, "why", PERIOD),
    ):
        assert refused(found).startswith("close.name")
