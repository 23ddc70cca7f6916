"""The pretend account's invoices, credit notes and customers' credits, as the official client meets them over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from simulators.stripe import OLD
from tests.contract.stripe_site import KEY, Site, serve

LINES = (
    {"sku": "BOLT-1", "description": "Bolt", "quantity": 3, "unit_amount": 2_000, "tax": 480},
    {"sku": "NUT-2", "description": "Nut", "quantity": 10, "unit_amount": 400, "tax": 320},
)
TOTAL = 3 * 2_000 + 480 + 10 * 400 + 320


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve()


@pytest.fixture
def customer(site: Site) -> str:
    return site.account.add_customer("Ada Ltd", "ada@example.com")


def seen(site: Site, invoice: str) -> stripe.Invoice:
    return site.client().v1.invoices.retrieve(invoice, {"expand": ["payments"]})


def noted(site: Site, note: str) -> stripe.CreditNote:
    return site.client().v1.credit_notes.retrieve(note, {"expand": ["customer_balance_transaction", "refunds.refund"]})


def owed(invoice: stripe.Invoice) -> tuple[str | None, int, int, int]:
    return invoice.status, invoice.amount_due, invoice.amount_paid, invoice.amount_remaining


def told_of(site: Site, object_id: str) -> list[str]:
    return [event["type"] for event in site.account.events() if event["object"] == object_id]


def credits_of(site: Site, customer: str) -> list[tuple[str, int, int]]:
    rows = site.client().v1.customers.balance_transactions.list(customer).data
    return [(row.type, row.amount, row.ending_balance) for row in rows]


def test_an_invoice_is_issued_first_and_paid_later(site: Site, customer: str) -> None:
    invoice = site.account.open_invoice(customer, lines=LINES)
    found = seen(site, invoice)
    assert owed(found) == ("open", TOTAL, 0, TOTAL) and found.collection_method == "send_invoice"
    assert found.payments is not None and found.payments.data == []
    paid = site.account.pay_invoice(invoice)
    found = seen(site, invoice)
    assert owed(found) == ("paid", TOTAL, TOTAL, 0) and paid.invoice == invoice
    payments = site.client().v1.invoice_payments.list({"invoice": invoice}).data
    assert [(each.payment.payment_intent, each.amount_paid) for each in payments] == [(paid.payment_intent, TOTAL)]
    told = told_of(site, invoice)
    assert told[:2] == ["invoice.created", "invoice.finalized"] and told[-2:] == [
        "invoice.paid",
        "invoice.payment_succeeded",
    ]
    with pytest.raises(ValueError, match="is paid: only an open"):
        site.account.pay_invoice(invoice)


def test_several_payments_pay_one_invoice_and_one_pays_several(site: Site, customer: str) -> None:
    first, second = (site.account.open_invoice(customer, amount=10_000) for _ in range(2))
    site.account.pay_invoice(first, 4_000)
    assert owed(seen(site, first)) == ("open", 10_000, 4_000, 6_000)
    lump = site.account.pay(customer, "usd", 16_000)
    site.account.attach_payment(first, lump.charge, 6_000)
    site.account.attach_payment(second, lump.charge, 10_000)
    assert [owed(seen(site, each))[0] for each in (first, second)] == ["paid", "paid"]
    of_first = site.client().v1.invoice_payments.list({"invoice": first}).data
    assert [(each.amount_paid, each.is_default) for each in of_first] == [(6_000, False), (4_000, True)]
    of_lump = site.client().v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": lump.payment_intent}}
    )
    assert {each.invoice for each in of_lump.data} == {first, second}
    with pytest.raises(ValueError, match="cannot count 1 of the 0 left"):
        site.account.attach_payment(site.account.open_invoice(customer, amount=500), lump.charge, 1)


def test_what_is_paid_too_much_pays_the_next_invoice(site: Site, customer: str) -> None:
    first = site.account.open_invoice(customer, amount=10_000)
    site.account.pay_invoice(first, 12_500)
    found = seen(site, first)
    assert owed(found) == ("paid", 10_000, 10_000, 0) and found.amount_overpaid == 2_500
    assert "invoice.overpaid" in told_of(site, first)
    second, third = (site.account.open_invoice(customer, amount=amount) for amount in (2_000, 3_000))
    assert owed(seen(site, second)) == ("paid", 0, 0, 0)
    found = seen(site, third)
    assert owed(found) == ("open", 2_500, 0, 2_500) and (found.starting_balance, found.ending_balance) == (-500, 0)
    site.account.void_invoice(third)
    assert credits_of(site, customer) == [
        ("unapplied_from_invoice", -500, -500),
        ("applied_to_invoice", 500, 0),
        ("applied_to_invoice", 2_000, -500),
        ("invoice_overpaid", -2_500, -2_500),
    ]
    assert site.client().v1.customers.retrieve(customer).balance == -500


def test_an_invoice_is_voided_given_up_or_paid_elsewhere(site: Site, customer: str) -> None:
    voided, given_up, elsewhere, in_part = (site.account.open_invoice(customer, amount=5_000) for _ in range(4))
    site.account.void_invoice(voided)
    assert seen(site, voided).status == "void" and told_of(site, voided)[-1] == "invoice.voided"
    site.account.mark_uncollectible(given_up)
    assert told_of(site, given_up)[-1] == "invoice.marked_uncollectible"
    site.account.pay_invoice(given_up)
    found = seen(site, given_up)
    assert found.status == "paid" and found.status_transitions.marked_uncollectible_at is not None
    site.account.pay_out_of_band(elsewhere)
    found = seen(site, elsewhere)
    assert owed(found) == ("paid", 5_000, 5_000, 0) and found["amount_paid_off_stripe"] == 5_000
    assert found.payments is not None and found.payments.data == [] and told_of(site, elsewhere)[-1] == "invoice.paid"
    old = stripe.StripeClient(KEY, base_addresses={"api": site.url}, stripe_version=OLD)
    assert old.v1.invoices.retrieve(elsewhere)["paid_out_of_band"]
    site.account.pay_invoice(in_part, 1_000)
    with pytest.raises(ValueError, match="credit it instead"):
        site.account.void_invoice(in_part)
    with pytest.raises(ValueError, match="is void"):
        site.account.pay_invoice(voided)


def test_a_bank_payment_of_an_invoice_counts_when_it_succeeds(site: Site, customer: str) -> None:
    invoice = site.account.open_invoice(customer, amount=5_000)
    paid = site.account.pay_invoice(invoice, unpaid=True)
    assert seen(site, invoice).status == "open"
    site.account.settle(paid.charge, succeeded=False)
    assert told_of(site, invoice)[-1] == "invoice.payment_failed"
    again = site.account.pay_invoice(invoice, unpaid=True)
    site.account.settle(again.charge)
    assert owed(seen(site, invoice)) == ("paid", 5_000, 5_000, 0)


def test_a_credit_note_before_payment_lowers_what_is_owed(site: Site, customer: str) -> None:
    invoice = site.account.open_invoice(customer, lines=LINES)
    line = seen(site, invoice).lines.data[0]
    note = site.account.credit_note(invoice, lines=[{"line": line.id, "amount": 2_000, "tax": 160, "quantity": 1}])
    found = noted(site, note)
    assert (found.type, found.pre_payment_amount, found.post_payment_amount) == ("pre_payment", 2_160, 0)
    assert (found.subtotal, found.total, found.total_taxes and found.total_taxes[0].amount) == (2_000, 2_160, 160)
    (credited,) = site.client().v1.credit_notes.line_items.list(note).data
    assert (credited.invoice_line_item, credited.type, credited.amount) == (line.id, "invoice_line_item", 2_000)
    assert owed(seen(site, invoice)) == ("open", TOTAL - 2_160, 0, TOTAL - 2_160)
    site.account.void_credit_note(note)
    assert noted(site, note).status == "void" and owed(seen(site, invoice)) == ("open", TOTAL, 0, TOTAL)
    assert told_of(site, note) == ["credit_note.created", "credit_note.voided"]
    site.account.credit_note(invoice)
    assert seen(site, invoice).status == "paid"


def test_a_credit_note_after_payment_is_shared_out_in_three(site: Site, customer: str) -> None:
    invoice = site.account.open_invoice(customer, amount=10_000)
    paid = site.account.pay_invoice(invoice)
    note = site.account.credit_note(
        invoice, 6_000, refund_amount=3_000, credit_amount=2_000, out_of_band_amount=1_000, reason="order_change"
    )
    found = noted(site, note)
    assert (found.type, found.post_payment_amount, found.out_of_band_amount) == ("post_payment", 6_000, 1_000)
    refund, credit = found.refunds[0].refund, found.customer_balance_transaction
    assert isinstance(refund, stripe.Refund) and (refund.charge, refund.amount) == (paid.charge, 3_000)
    assert isinstance(credit, stripe.CustomerBalanceTransaction)
    assert (credit.amount, credit.credit_note, credit.type) == (-2_000, note, "credit_note")
    after = seen(site, invoice)
    assert owed(after) == ("paid", 10_000, 10_000, 0) and after.post_payment_credit_notes_amount == 6_000
    linked = site.account.refund(paid.charge, 4_000)
    site.account.credit_note(invoice, 4_000, refunds=[{"refund": linked, "amount_refunded": 4_000}])
    with pytest.raises(ValueError, match="only 0 of invoice"):
        site.account.credit_note(invoice, 1)


def test_a_credit_note_of_an_invoice_paid_in_part_is_mixed(site: Site, customer: str) -> None:
    invoice = site.account.open_invoice(customer, lines=LINES)
    site.account.pay_invoice(invoice, 8_000)
    note = site.account.credit_note(invoice, credit_amount=8_000)
    found = noted(site, note)
    assert (found.type, found.pre_payment_amount, found.post_payment_amount) == ("mixed", TOTAL - 8_000, 8_000)
    assert [line.amount for line in found.lines.data] == [6_000, 4_000]
    assert owed(seen(site, invoice)) == ("paid", 8_000, 8_000, 0)
    assert [each.id for each in site.client().v1.credit_notes.list({"invoice": invoice}).data] == [note]


def test_an_older_version_shows_one_refund(site: Site, customer: str) -> None:
    invoice = site.account.open_invoice(customer, lines=LINES)
    site.account.pay_invoice(invoice)
    note = site.account.credit_note(invoice)
    old = stripe.StripeClient(KEY, base_addresses={"api": site.url}, stripe_version=OLD)
    found: Any = old.v1.credit_notes.retrieve(note)
    assert found["refund"].startswith("re_") and "refunds" not in found
    assert [each["amount"] for each in found["tax_amounts"]] == [800]
    assert [tax["amount"] for line in found["lines"]["data"] for tax in line["tax_amounts"]] == [480, 320]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": 10_001}, "only 10000 of invoice"),
        ({"amount": 5_000, "refund_amount": 1, "credit_amount": 1}, "must add up to 5000"),
        ({"lines": [{"line": "il_none", "amount": 1}]}, "il_none"),
        ({"amount": 5_000, "reason": "mood"}, "mood"),
    ],
)
def test_a_credit_note_that_does_not_add_up_changes_nothing(
    site: Site, customer: str, given: dict[str, Any], says: str
) -> None:
    invoice = site.account.open_invoice(customer, amount=10_000)
    site.account.pay_invoice(invoice)
    with pytest.raises(ValueError, match=says):
        site.account.credit_note(invoice, **given)
    assert site.client().v1.credit_notes.list().data == [] and site.client().v1.refunds.list().data == []


def test_a_customer_can_be_given_credit_by_hand(site: Site, customer: str) -> None:
    site.account.adjust_customer_balance(customer, -700, description="goodwill")
    assert credits_of(site, customer) == [("adjustment", -700, -700)]
    with pytest.raises(ValueError, match="is in usd"):
        site.account.adjust_customer_balance(customer, -700, "eur")
