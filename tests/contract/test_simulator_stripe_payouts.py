"""The pretend account's balance and payouts, as the official client meets them over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe

from tests.contract.stripe_site import DAY, Site, money, serve


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve()


@pytest.fixture
def european() -> Iterator[Site]:
    yield from serve(settlements=("eur", "jpy"))


@pytest.fixture
def daily() -> Iterator[Site]:
    yield from serve(payout_schedule="daily")


def test_each_settled_currency_has_a_balance_of_its_own(european: Site) -> None:
    for currency, amount in (("usd", 10_000), ("eur", 20_000), ("jpy", 30_000), ("gbp", 5_000)):
        european.account.pay(None, currency, amount)
    european.clock.advance(5)
    booked = [(row.currency, row.amount, row.exchange_rate) for row in european.rows()]
    assert booked == [("usd", 6352, 1.2703), ("jpy", 30_000, None), ("eur", 20_000, None), ("usd", 10_000, None)]
    nets = {code: sum(row.net for row in european.rows(currency=code)) for code in ("eur", "jpy", "usd")}
    assert money(european, "pending") == nets and not any(money(european, "available").values())
    european.clock.advance(2 * DAY)
    assert money(european, "available") == nets


def test_the_rate_of_another_day_is_another(site: Site) -> None:
    charge = site.account.pay(None, "eur", 10_000).charge
    site.clock.advance(DAY)
    site.account.refund(charge, 10_000)
    refund, charged = site.rows()
    assert refund.amount != -charged.amount and refund.exchange_rate != charged.exchange_rate


def test_a_fee_is_the_sum_of_its_kinds(site: Site) -> None:
    fees = [{"type": "stripe_fee", "amount": 250}, {"type": "tax", "amount": 48}]
    site.account.pay(None, "usd", 10_000, fees=[*fees, {"type": "payment_method_passthrough_fee", "amount": 7}])
    site.clock.advance(5)
    (row,) = site.rows()
    assert (row.fee, row.net) == (305, 9_695) and row.fee == sum(fee.amount for fee in row.fee_details)
    assert [fee.type for fee in row.fee_details] == ["stripe_fee", "tax", "payment_method_passthrough_fee"]


def test_an_automatic_payout_holds_its_own_row_and_sums_to_nothing(site: Site) -> None:
    for amount in (10_000, 20_000):
        site.account.pay(None, "usd", amount)
    site.clock.advance(3 * DAY)
    site.account.pay(None, "usd", 30_000)
    payout = site.client().v1.payouts.retrieve(site.account.pay_out(descriptor="PRETEND 1"))
    rows = site.rows(payout=payout.id)
    assert [row.type for row in rows] == ["payout", "charge", "charge"] and sum(row.net for row in rows) == 0
    assert payout.amount == sum(row.net for row in rows[1:]) and rows[0].id == payout.balance_transaction
    assert (payout.status, payout.automatic, payout.reconciliation_status) == ("pending", True, "in_progress")
    assert payout.arrival_date % DAY == 0 and payout.trace_id is not None and payout.trace_id.status == "pending"
    site.clock.advance(7 * DAY)
    payout = site.client().v1.payouts.retrieve(payout.id, {"expand": ["destination"]})
    assert (payout.status, payout.reconciliation_status) == ("paid", "completed")
    assert payout.trace_id is not None and isinstance(payout.destination, stripe.BankAccount)
    (deposit,) = site.account.bank_deposits()
    assert (deposit["amount"], deposit["trace"]) == (payout.amount, payout.trace_id.value)
    assert deposit["descriptor"] == "PRETEND 1"
    told = [name for name in site.told() if name.startswith("payout.")]
    assert told == ["payout.created", "payout.updated", "payout.reconciliation_completed", "payout.paid"]


def test_payouts_go_out_by_themselves_every_midnight(daily: Site) -> None:
    paid = []
    for n in range(6):
        daily.account.pay(None, "usd", 10_000 + n)
        daily.clock.advance(DAY)
    daily.clock.advance(10 * DAY)
    payouts = daily.client().v1.payouts.list().data
    assert len(payouts) == 6 and all(each.status == "paid" for each in payouts)
    assert len({each.created // DAY for each in payouts}) == 6 and all(each.created % DAY == 0 for each in payouts)
    for each in payouts:
        rows = daily.rows(payout=each.id)
        assert each.amount == sum(row.net for row in rows if row.type != "payout")
        paid += [row.id for row in rows]
    assert sorted(paid) == sorted(row.id for row in daily.rows()) and not any(money(daily, "available").values())


def test_a_paid_payout_can_fail_and_its_money_goes_out_again(site: Site) -> None:
    site.account.pay(None, "usd", 10_000)
    site.clock.advance(3 * DAY)
    first = site.account.pay_out()
    site.clock.advance(7 * DAY)
    site.account.move_payout(first, "failed", "account_closed", reached_bank=True)
    expand = {"expand": ["failure_balance_transaction"]}
    failed = site.client().v1.payouts.retrieve(first, expand)  # type: ignore[arg-type]
    row = failed.failure_balance_transaction
    assert isinstance(row, stripe.BalanceTransaction)
    assert (row.type, row.reporting_category, row.net) == ("payout_failure", "payout_reversal", failed.amount)
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert sum(deposit["amount"] for deposit in site.account.bank_deposits()) == 0
    second = site.client().v1.payouts.retrieve(site.account.pay_out())
    assert second.amount == failed.amount and [each.id for each in site.rows(payout=second.id)][1:] == [row.id]
    with pytest.raises(ValueError, match="failed and cannot become 'paid'"):
        site.account.move_payout(first, "paid")


def test_a_canceled_payout_gives_its_money_back(site: Site) -> None:
    site.account.pay(None, "usd", 10_000)
    site.clock.advance(3 * DAY)
    payout = site.account.pay_out()
    site.account.move_payout(payout, "canceled")
    assert site.rows(type="payout_cancel")[0].net == money(site, "available")["usd"] == 9_680
    site.clock.advance(9 * DAY)
    assert site.client().v1.payouts.retrieve(payout).status == "canceled" and site.account.bank_deposits() == []


def test_a_balance_below_zero_is_taken_from_the_bank(site: Site) -> None:
    charge = site.account.pay(None, "usd", 10_000).charge
    site.clock.advance(3 * DAY)
    site.account.pay_out()
    site.account.refund(charge)
    site.clock.advance(3 * DAY)
    debit = site.client().v1.payouts.retrieve(site.account.pay_out())
    assert debit.amount == -10_000 and sum(row.net for row in site.rows(payout=debit.id)) == 0
    site.clock.advance(9 * DAY)
    assert [deposit["amount"] for deposit in site.account.bank_deposits()] == [9_680, -10_000]


def test_a_payout_that_is_moved_by_hand_leaves_nothing_to_wait_for(site: Site) -> None:
    site.account.pay(None, "usd", 10_000)
    site.clock.advance(5)
    with pytest.raises(ValueError, match="nothing to pay out"):
        site.account.pay_out()
    assert site.account.release_funds() == 1
    payout = site.account.pay_out()
    assert site.account.next_due() is not None
    site.account.move_payout(payout, "paid")
    site.account.reconcile_payout(payout)
    assert site.account.next_due() is None
    found = site.client().v1.payouts.retrieve(payout)
    assert (found.status, found.reconciliation_status, found.amount) == ("paid", "completed", 9_680)


def test_hungary_is_paid_in_whole_hundreds_only() -> None:
    for site in serve(settlement="huf", payout_schedule="daily"):
        row = site.account.add_row(type="adjustment", amount=12_345)
        site.clock.advance(2 * DAY)
        assert site.client().v1.payouts.list().data == []
        with pytest.raises(ValueError, match="divisible by 100"):
            site.account.pay_out()
        site.account.add_row(type="adjustment", amount=55)
        site.clock.advance(DAY)
        (payout,) = site.client().v1.payouts.list().data
        assert payout.amount == 12_400 and row in [each.id for each in site.rows(payout=payout.id)]


def test_payouts_by_hand_have_no_rows_and_an_instant_one_costs(site: Site) -> None:
    site.account.pay(None, "usd", 100_000)
    site.clock.advance(5)
    instant = site.account.pay_out(amount=20_000, automatic=False, method="instant")
    expand = {"expand": ["balance_transaction"]}
    seen = site.client().v1.payouts.retrieve(instant, expand)  # type: ignore[arg-type]
    row = seen.balance_transaction
    assert isinstance(row, stripe.BalanceTransaction) and (row.amount, row.fee, row.net) == (-20_000, 200, -20_200)
    assert (seen.automatic, seen.method, seen.reconciliation_status) == (False, "instant", "not_applicable")
    site.clock.advance(3 * DAY)
    with pytest.raises(ValueError, match="only 76870 are available"):
        site.account.pay_out(amount=76_871, automatic=False)
    manual = site.account.pay_out(amount=76_870, automatic=False)
    assert not any(money(site, "available").values()) and not any(money(site, "pending").values())
    with pytest.raises(stripe.InvalidRequestError) as refused:
        site.rows(payout=manual)
    assert refused.value.param == "payout"


def test_a_reversed_payout_and_its_reversal_name_each_other(site: Site) -> None:
    site.account.pay(None, "usd", 10_000)
    site.clock.advance(3 * DAY)
    payout = site.account.pay_out()
    site.clock.advance(7 * DAY)
    reversal = site.client().v1.payouts.retrieve(site.account.reverse_payout(payout), {"expand": ["original_payout"]})
    original = reversal.original_payout
    assert isinstance(original, stripe.Payout) and (original.id, original.reversed_by) == (payout, reversal.id)
    assert (reversal.amount, money(site, "available")["usd"]) == (-9_680, 9_680)


def test_payouts_are_found_by_state_and_by_day(site: Site) -> None:
    made = []
    for n in range(3):
        site.account.pay(None, "usd", 10_000 + n)
        site.clock.advance(3 * DAY)
        made.append(site.account.pay_out())
    payouts = site.client().v1.payouts
    second = payouts.retrieve(made[1])
    assert [each.id for each in payouts.list({"arrival_date": {"gt": second.arrival_date}}).data] == [made[2]]
    assert [each.id for each in payouts.list({"arrival_date": second.arrival_date}).data] == [made[1]]
    assert [each.id for each in payouts.list({"status": "pending"}).data] == [made[2]]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        payouts.list({"arrival_date": {"after": 1}})  # type: ignore[arg-type]
    assert refused.value.param == "arrival_date"


def test_a_payout_of_exactly_a_page_has_no_more_pages(site: Site) -> None:
    for n in range(99):
        site.account.pay(None, "usd", 1_000 + n)
    site.clock.advance(3 * DAY)
    payout = site.account.pay_out()
    page = site.client().v1.balance_transactions.list({"payout": payout, "limit": 100})
    assert len(page.data) == 100 and not page.has_more and sum(row.net for row in page.data) == 0
    oldest = page.data[-1].id
    newer = site.client().v1.balance_transactions.list({"payout": payout, "ending_before": oldest, "limit": 99})
    assert len(newer.data) == 99 and not newer.has_more


def test_rows_lead_to_what_they_are_of(site: Site) -> None:
    charge = site.account.pay(None, "usd", 10_000).charge
    site.account.refund(charge, 100)
    site.clock.advance(3 * DAY)
    site.account.pay_out()
    page = site.client().v1.balance_transactions.list({"expand": ["data.source.charge"], "type": "refund"})
    source = page.data[0].source
    assert isinstance(source, stripe.Refund) and isinstance(source.charge, stripe.Charge)
    page = site.client().v1.balance_transactions.list({"expand": ["data.source"]})
    kinds = {type(row.source) for row in page.data}
    assert kinds == {stripe.Refund, stripe.Charge, stripe.Payout}


def test_each_permission_opens_its_own_door(site: Site) -> None:
    site.account.add_key("rk_test_narrow", ["rak_balance_read"])
    narrow = site.client("rk_test_narrow").v1
    assert narrow.balance.retrieve().object == "balance" and narrow.balance_transactions.list().data == []
    with pytest.raises(stripe.PermissionError) as refused:
        narrow.payouts.list()
    assert "rak_payout_read" in str(refused.value)
