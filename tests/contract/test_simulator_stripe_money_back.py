"""The pretend account's refunds, bounced payments and disputes, as the official client meets them over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe

from tests.contract.stripe_site import DAY, Site, serve


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve()


def charged(site: Site, amount: int = 10_000, currency: str = "usd", *, unpaid: bool = False) -> str:
    charge: str = site.account.pay(None, currency, amount, unpaid=unpaid).charge
    site.clock.advance(5)
    return charge


def refunded(site: Site, refund: str) -> stripe.Refund:
    expand = {"expand": ["balance_transaction", "failure_balance_transaction"]}
    return site.client().v1.refunds.retrieve(refund, expand)  # type: ignore[arg-type]


def disputed(site: Site, dispute: str) -> stripe.Dispute:
    return site.client().v1.disputes.retrieve(dispute)


def told_of(site: Site, object_id: str) -> list[str]:
    return [event["type"] for event in site.account.events() if event["object"] == object_id]


def moved(rows: list[stripe.BalanceTransaction]) -> list[tuple[str, int, int]]:
    return [(row.reporting_category, row.amount, row.fee) for row in rows]


def test_a_waiting_refund_has_its_row_only_when_it_succeeds(site: Site) -> None:
    refund = site.account.refund(charged(site), 4_000, status="pending")
    seen = refunded(site, refund)
    assert (seen.status, seen.pending_reason, seen.balance_transaction) == ("pending", "processing", None)
    assert [row.type for row in site.rows()] == ["charge"]
    site.account.move_refund(refund, "succeeded")
    seen = refunded(site, refund)
    assert isinstance(seen.balance_transaction, stripe.BalanceTransaction)
    assert (seen.status, seen.pending_reason, seen.balance_transaction.net) == ("succeeded", None, -4_000)
    assert told_of(site, refund)[:2] == ["refund.created", "refund.updated"]


def test_a_refund_that_fails_later_returns_the_money_and_the_count(site: Site) -> None:
    charge = charged(site)
    first, second = site.account.refund(charge, 4_000), site.account.refund(charge, 6_000)
    assert site.client().v1.charges.retrieve(charge).refunded
    site.clock.advance(20 * DAY)
    site.account.move_refund(first, "failed", "expired_or_canceled_card")
    seen, back = refunded(site, first), refunded(site, first).failure_balance_transaction
    assert isinstance(back, stripe.BalanceTransaction)
    assert (back.type, back.reporting_category, back.net) == ("refund_failure", "refund_failure", 4_000)
    assert (seen.status, seen.failure_reason) == ("failed", "expired_or_canceled_card")
    after = site.client().v1.charges.retrieve(charge)
    assert (after.amount_refunded, after.refunded) == (6_000, False)
    assert told_of(site, first)[-1] == "refund.failed"
    assert [each.id for each in site.client().v1.refunds.list({"charge": charge}).data] == [second, first]
    assert site.account.refund(charge, 4_000)
    with pytest.raises(ValueError, match="cannot refund 1"):
        site.account.refund(charge, 1)


@pytest.mark.parametrize(("succeeded", "status"), [(True, "succeeded"), (False, "canceled")])
def test_a_refund_of_a_pending_payment_waits_for_it(site: Site, succeeded: bool, status: str) -> None:
    charge = charged(site, unpaid=True)
    refund = site.account.refund(charge, 1_000)
    assert (refunded(site, refund).status, refunded(site, refund).pending_reason) == ("pending", "charge_pending")
    site.account.settle(charge, succeeded)
    seen = refunded(site, refund)
    assert (seen.status, seen.balance_transaction is not None) == (status, succeeded)
    assert site.client().v1.charges.retrieve(charge).amount_refunded == (1_000 if succeeded else 0)


def test_a_refund_that_is_canceled_moved_no_money(site: Site) -> None:
    charge = charged(site)
    refund = site.account.refund(charge, 4_000, status="requires_action")
    site.account.move_refund(refund, "canceled")
    seen = refunded(site, refund)
    assert (seen.status, seen.balance_transaction, seen.failure_balance_transaction) == ("canceled", None, None)
    assert site.client().v1.charges.retrieve(charge).amount_refunded == 0
    with pytest.raises(ValueError, match="is canceled and cannot become 'succeeded'"):
        site.account.move_refund(refund, "succeeded")


def test_parts_of_a_foreign_charge_come_back_at_other_rates(site: Site) -> None:
    charge = charged(site, 10_000, "eur")
    for _ in range(2):
        site.clock.advance(DAY)
        site.account.refund(charge, 5_000)
    second, first, of_charge = site.rows()
    rates = {second.exchange_rate, first.exchange_rate, of_charge.exchange_rate}
    assert len(rates) == 3 and of_charge.amount + first.amount + second.amount != 0


def test_an_older_account_returns_the_fee_in_proportion(site: Site) -> None:
    site.account.refund(charged(site), 5_000, fee_returned=True)
    row = site.rows()[0]
    assert (row.amount, row.fee, row.net) == (-5_000, -160, -4_840)
    assert [fee.amount for fee in row.fee_details] == [-160]


def test_a_bank_payment_bounces_before_or_after_it_has_succeeded(site: Site) -> None:
    early, late = charged(site, unpaid=True), charged(site, unpaid=True)
    site.account.settle(early, succeeded=False)
    site.account.settle(late)
    site.clock.advance(4 * DAY)
    site.account.bounce(late)
    rows = site.rows(type="payment_failure_refund")
    assert [(row.source, row.reporting_category, row.amount) for row in rows] == [
        (late, "charge_failure", -10_000),
        (early, "charge_failure", -10_000),
    ]
    charge = site.client().v1.charges.retrieve(late)
    assert (charge.status, charge.failure_code, charge.failure_balance_transaction) == (
        "failed",
        "account_closed",
        rows[0].id,
    )
    with pytest.raises(ValueError, match="no bank payment"):
        site.account.bounce(charged(site))


def test_a_dispute_takes_amount_and_fee_and_winning_gives_the_amount_back(site: Site) -> None:
    charge = charged(site)
    dispute = site.account.dispute(charge)
    seen = disputed(site, dispute)
    assert (seen.status, seen.charge, seen.is_charge_refundable) == ("needs_response", charge, False)
    assert moved(seen.balance_transactions) == [("dispute", -10_000, 1_500)]
    assert (seen.evidence_details.due_by or 0) > site.clock.now() and site.client().v1.charges.retrieve(charge).disputed
    site.account.move_dispute(dispute, "under_review", counter_fee=1_500)
    site.account.move_dispute(dispute, "won")
    seen = disputed(site, dispute)
    assert moved(seen.balance_transactions)[1:] == [("dispute", 0, 1_500), ("dispute_reversal", 10_000, -1_500)]
    assert sum(row.net for row in seen.balance_transactions) == -1_500
    assert seen.evidence_details.submission_count == 1
    names = [name.removeprefix("charge.dispute.") for name in told_of(site, dispute)]
    assert names == [
        *("created", "funds_withdrawn", "updated", "funds_withdrawn"),
        *("updated", "funds_reinstated", "closed"),
    ]
    assert {row.source for row in site.rows(type="adjustment")} == {dispute}


def test_a_dispute_is_lost_whole_or_in_part_and_may_be_appealed(site: Site) -> None:
    dispute = site.account.dispute(charged(site))
    site.account.move_dispute(dispute, "lost", amount=3_000)
    assert moved(disputed(site, dispute).balance_transactions)[1:] == [("dispute_reversal", 3_000, 0)]
    site.account.move_dispute(dispute, "appeal_under_review")
    site.account.move_dispute(dispute, "won", fee_back=1_500)
    rows = disputed(site, dispute).balance_transactions
    assert moved(rows)[2:] == [("dispute_reversal", 7_000, -1_500)] and sum(row.net for row in rows) == 0


def test_a_dispute_that_was_won_can_be_taken_back(site: Site) -> None:
    dispute = site.account.dispute(charged(site))
    for status in ("won", "appeal_needs_response", "lost"):
        site.account.move_dispute(dispute, status)
    seen = disputed(site, dispute)
    assert seen.status == "lost" and [row.amount for row in seen.balance_transactions] == [-10_000, 10_000, -10_000]
    assert [row.fee for row in seen.balance_transactions] == [1_500, 0, 0]


def test_an_inquiry_moves_no_money_until_it_becomes_a_dispute(site: Site) -> None:
    asked, escalated = (site.account.dispute(charged(site), status="warning_needs_response") for _ in range(2))
    site.account.move_dispute(asked, "warning_under_review")
    site.account.move_dispute(asked, "warning_closed")
    assert disputed(site, asked).balance_transactions == [] and told_of(site, asked)[-1] == "charge.dispute.closed"
    site.account.move_dispute(escalated, "needs_response")
    assert moved(disputed(site, escalated).balance_transactions) == [("dispute", -10_000, 1_500)]
    prevented = site.account.dispute(charged(site), status="prevented")
    assert disputed(site, prevented).balance_transactions == []


def test_a_dispute_may_be_of_another_amount_and_hides_its_rate(site: Site) -> None:
    charge = charged(site, 10_000, "eur")
    site.clock.advance(DAY)
    dispute = site.account.dispute(charge, 10_500)
    (row,) = disputed(site, dispute).balance_transactions
    assert row.currency == "usd" and row.exchange_rate is None and row.amount < -10_500
    assert [each.id for each in site.client().v1.disputes.list({"charge": charge}).data] == [dispute]


@pytest.mark.parametrize(("status", "amount"), [("settled", None), ("needs_response", None), ("lost", 10_001)])
def test_a_dispute_is_not_moved_where_it_cannot_go(site: Site, status: str, amount: int | None) -> None:
    dispute = site.account.dispute(charged(site))
    with pytest.raises(ValueError, match=f"{status}|{amount}"):
        site.account.move_dispute(dispute, status, amount=amount)
    assert disputed(site, dispute).status == "needs_response"
