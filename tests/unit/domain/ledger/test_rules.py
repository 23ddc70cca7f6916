"""Every category of Stripe facts B8 is booked as its table says, and every case of accounting C2 has its place."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.unit.domain.ledger.rows import book, row
from tieout.domain.ledger.account import (
    BANK,
    CARD_SPEND,
    CLEARING,
    CONNECTED,
    DEPOSITS,
    DISPUTE_FEES,
    DISPUTES_RECEIVABLE,
    DONATIONS,
    FX,
    FX_FEES,
    INPUT_TAX,
    INSTANT,
    ISSUING,
    LOAN,
    NETWORK,
    OTHER_INCOME,
    PLATFORM,
    PROCESSING,
    RECEIVABLE,
    REFUNDS_PAYABLE,
    RESERVES,
    SOFTWARE,
    SUSPENSE,
    TAX_SET_ASIDE,
    TRANSIT,
    UNCLAIMED,
    WITHHOLDING,
)
from tieout.domain.ledger.balance_change import BalanceChange, FeePart, Origin
from tieout.domain.ledger.entry import JOURNAL, RECEIPT, REFUND_PAYMENT, Entry
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.posting import Open, Posted, post
from tieout.domain.ledger.rules import UNKNOWN, catalogue, rule_for

TABLE = (
    ("charge payment", "charge", RECEIVABLE),
    ("refund payment_refund", "refund", RECEIVABLE),
    ("refund", "partial_capture_reversal", RECEIVABLE),
    ("payment_failure_refund payment_reversal", "charge_failure", RECEIVABLE),
    ("refund_failure", "refund_failure", REFUNDS_PAYABLE),
    ("adjustment", "dispute", DISPUTES_RECEIVABLE),
    ("adjustment", "dispute_reversal", DISPUTES_RECEIVABLE),
    ("adjustment obligation_outbound", "other_adjustment", SUSPENSE),
    ("stripe_fee", "fee", SOFTWARE),
    ("stripe_fx_fee", "fee", FX_FEES),
    ("stripe_fee", "network_cost", NETWORK),
    ("tax_fee", "tax", INPUT_TAX),
    ("payout", "payout", TRANSIT),
    ("payout_cancel payout_failure", "payout_reversal", TRANSIT),
    ("payout_minimum_balance_hold", "payout_minimum_balance_hold", RESERVES),
    ("payout_minimum_balance_release", "payout_minimum_balance_release", RESERVES),
    ("reserved_funds reserve_hold reserve_release", "risk_reserved_funds", RESERVES),
    ("payment_network_reserve_hold", "payment_network_reserve_hold", RESERVES),
    ("payment_network_reserve_release", "payment_network_reserve_release", RESERVES),
    ("reserve_transaction", "connect_reserved_funds", RESERVES),
    ("topup", "topup", TRANSIT),
    ("topup_reversal", "topup_reversal", TRANSIT),
    ("transfer", "transfer", CONNECTED),
    ("transfer_refund transfer_cancel transfer_failure", "transfer_reversal", CONNECTED),
    ("application_fee", "platform_earning", PLATFORM),
    ("application_fee_refund", "platform_earning_refund", PLATFORM),
    ("connect_collection_transfer", "connect_collection_transfer", CONNECTED),
    ("advance", "advance", RESERVES),
    ("advance_funding", "advance_funding", RESERVES),
    ("adjustment", "financing_payout", LOAN),
    ("adjustment", "financing_payout_reversal", LOAN),
    ("adjustment", "financing_paydown", LOAN),
    ("adjustment", "financing_paydown_reversal", LOAN),
    ("anticipation_repayment", "anticipation_repayment", LOAN),
    ("contribution", "contribution", DONATIONS),
    ("climate_order_purchase", "climate_order_purchase", DONATIONS),
    ("climate_order_refund", "climate_order_refund", DONATIONS),
    ("issuing_authorization_hold", "issuing_authorization_hold", ISSUING),
    ("issuing_authorization_release", "issuing_authorization_release", ISSUING),
    ("issuing_transaction", "issuing_transaction", CARD_SPEND),
    ("issuing_dispute", "issuing_dispute", CARD_SPEND),
    ("issuing_disbursement", "issuing_disbursement", CARD_SPEND),
    ("stripe_balance_payment_debit", "stripe_balance_payment_debit", SOFTWARE),
    ("stripe_balance_payment_debit_reversal", "stripe_balance_payment_debit_reversal", SOFTWARE),
    ("payment_unreconciled", "unreconciled_customer_funds", UNCLAIMED),
    ("fee_credit_funding", "fee_credit_funding", PROCESSING),
    ("tax_fund", "tax_fund", TAX_SET_ASIDE),
    ("adjustment", "tax_withholding", WITHHOLDING),
    ("adjustment", "currency_conversion", FX),
    ("inbound_transfer", "inbound_transfer", SUSPENSE),
    ("inbound_transfer_reversal", "inbound_transfer_reversal", SUSPENSE),
    ("adjustment", "revenue_share", OTHER_INCOME),
    ("adjustment", "reward", OTHER_INCOME),
    ("adjustment", "platform_fee_transfer", OTHER_INCOME),
    ("quantum_fee", "quantum_fee", SUSPENSE),
    ("charge", "category_of_tomorrow", SUSPENSE),
    ("adjustment", "", SUSPENSE),
)
ELSEWHERE = {
    1: "a Stripe invoice", 2: "a Stripe invoice, and its schedule", 16: "the outcome of a dispute",
    20: "moves no money", 23: "a bank line", 29: "a credit note", 30: "a credit note", 31: "a Stripe invoice",
    32: "a customer's balance", 33: "a Stripe invoice", 34: "a Stripe invoice", 35: "a Stripe invoice",
    36: "a Stripe invoice", 37: "a Stripe invoice", 38: "a Stripe invoice", 39: "a meter", 40: "a schedule",
    49: "a person who resolves an exception",
}  # fmt: skip


def posted(change: BalanceChange, policy: Policy | None = None, **rates: str) -> Entry:
    outcome = post(change, book(policy, **rates))
    assert isinstance(outcome, Posted), outcome
    return outcome.entry


@pytest.mark.parametrize(("types", "category", "account"), TABLE)
@pytest.mark.parametrize("amount", [12_345, -12_345])
def test_a_category_goes_to_the_account_of_the_table(types: str, category: str, account: str, amount: int) -> None:
    for kind in types.split():
        entry = posted(row("t", category, amount, type=kind))
        assert {line.account: line.amount for line in entry.lines()} == {CLEARING: amount, account: -amount}
        opened = post(row("t", category, amount, type=kind), book())
        assert isinstance(opened, Posted) and bool(opened.open) == (account == SUSPENSE)


def test_no_category_and_no_type_has_two_rules() -> None:
    for column in ("categories", "types"):
        counts = Counter(name for rule in catalogue() for name in getattr(rule, column))
        assert not [name for name, count in counts.items() if count > 1], column


def test_every_case_of_c2_has_a_rule_or_a_reason_why_it_starts_elsewhere() -> None:
    ruled = {case for rule in (*catalogue(), UNKNOWN) for case in rule.cases}
    assert ruled | set(ELSEWHERE) == set(range(1, 50))
    assert not ruled & set(ELSEWHERE)


def test_a_row_without_a_category_of_its_own_is_known_by_its_type() -> None:
    assert rule_for(row("t", "", 1, type="payout_failure")).name == "payout_reversal"
    assert rule_for(row("t", "stripe_fx_fee", 1, type="stripe_fx_fee")).name == "fee"
    assert rule_for(row("t", "other_adjustment", 1, type="charge")).name == "other_adjustment", "the category decides"


@pytest.mark.parametrize(
    ("category", "kind", "account"),
    [
        ("charge", "stripe_fee", PROCESSING),
        ("charge", "tax", INPUT_TAX),
        ("charge", "application_fee", PROCESSING),
        ("charge", "payment_method_passthrough_fee", NETWORK),
        ("charge", "fee_of_tomorrow", SUSPENSE),
        ("dispute", "stripe_fee", DISPUTE_FEES),
        ("dispute_reversal", "stripe_fee", DISPUTE_FEES),
        ("payout", "stripe_fee", INSTANT),
        ("refund", "stripe_fee", PROCESSING),
    ],
)
@pytest.mark.parametrize("fee", [150, -150])
def test_a_fee_is_charged_to_the_account_of_its_kind_and_given_back_there(
    category: str, kind: str, account: str, fee: int
) -> None:
    entry = posted(row("t", category, 0, fees=(FeePart(kind, fee),)))
    assert entry.moved(account) == fee
    assert entry.cleared == -fee


def test_fees_of_a_kind_nobody_has_named_are_told_of_with_their_kind() -> None:
    outcome = post(row("t", "charge", 1000, fees=(FeePart("fee_of_tomorrow", 30),)), book())
    assert isinstance(outcome, Posted) and outcome.open
    assert "with fees fee_of_tomorrow" in outcome.open.sentence


def test_a_payment_without_an_invoice_is_a_deposit_where_the_policy_says_so() -> None:
    policy = Policy(sales_without_invoice=DEPOSITS)
    assert posted(row("t", "charge", 1000), policy).moved(DEPOSITS) == -1000
    assert posted(row("t", "charge", 1000, origin=Origin(invoice="in_1")), policy).moved(RECEIVABLE) == -1000
    assert posted(row("t", "refund", -1000), policy).moved(RECEIVABLE) == 1000, "a refund relieves its credit memo"


def test_the_cash_side_of_a_refund_is_carried_as_the_policy_says() -> None:
    for carrier in (JOURNAL, REFUND_PAYMENT):
        assert posted(row("t", "refund", -1000), Policy(refund_cash=carrier)).legs[0].carrier == carrier
    assert posted(row("t", "charge", 1000)).legs[0].carrier == RECEIPT


def test_what_a_customer_paid_in_another_currency_is_owed_at_the_rate_of_its_day_and_the_rest_is_fx() -> None:
    # Accounting C3, t03: EUR 100 booked at 1.10, settled as 108 USD.
    entry = posted(row("t", "charge", 10_800, origin=Origin(amount=10_000, currency="eur")), eur="1.10")
    assert (entry.moved(RECEIVABLE), entry.moved(FX), entry.cleared) == (-11_000, 200, 10_800)
    back = posted(row("t", "refund", -10_700, origin=Origin(amount=10_000, currency="eur")), eur="1.10")
    assert (back.moved(RECEIVABLE), back.moved(FX), back.cleared) == (11_000, -300, -10_700)


def test_in_a_foreign_balance_the_difference_is_in_value_alone() -> None:
    change = row("t", "charge", 9_000, currency="eur", origin=Origin(amount=7_500, currency="gbp"))
    entry = posted(change, eur="1.10", gbp="1.30")
    values = {line.account: 0 for line in entry.lines()}
    for line in entry.lines():
        values[line.account] += line.value
    assert (entry.cleared, entry.moved(FX)) == (9_000, 0)
    assert values == {CLEARING: 9_900, RECEIVABLE: -9_750, FX: -150}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"net": 999}, "net 999 is not amount 1000 less fee 0"),
        ({"fee": 30, "net": 970}, "fee 30 is not the sum of its parts, 0"),
        ({"currency": "zzz"}, "'zzz' is no currency that is known here"),
    ],
)
def test_a_row_that_cannot_be_is_not_posted(change: dict[str, object], words: str) -> None:
    sound = row("t", "charge", 1000)
    fields = {name: getattr(sound, name) for name in BalanceChange.__dataclass_fields__}
    outcome = post(BalanceChange(**{**fields, **change}), book())
    assert isinstance(outcome, Open)
    assert outcome.code == "row.unsound" and words in outcome.sentence


def test_no_rate_leaves_the_row_open_and_names_what_to_enter() -> None:
    outcome = post(row("t", "charge", 1000, currency="eur"), book())
    assert isinstance(outcome, Open) and outcome.code == "rate.missing"
    assert "no rate from EUR to USD for 2026-11-02" in outcome.sentence


def test_no_rule_touches_the_bank_because_only_a_statement_may() -> None:
    for rule in catalogue():
        for category in rule.categories:
            assert posted(row("t", category, 100)).moved(BANK) == 0
