"""Payments: taken with an order, or received on invoices; and their reversal (P21 facts §7.2, §12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from simulators.p21 import invoices, ledger
from simulators.p21.ledger import GlLine
from simulators.p21.parties import customer
from simulators.p21.refusals import Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import money

_FROM_RECEIPT, _FROM_ORDER = 1, 2


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment: ``details`` are further columns of ar_payment_details, such as check_number and payment_desc."""

    amount: Decimal
    date: str
    payment_type_id: int | None = None
    bank_no: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Application:
    """How much of a receipt goes to which invoice."""

    invoice_no: str
    amount: Decimal
    terms: Decimal = Decimal(0)
    allowed: Decimal = Decimal(0)


def pay_order(state: State, order: Row, draft: PaymentDraft, invoice: Row | None = None) -> Row:
    """A payment taken with an order: ar_payment_details and remittances; it pays ``invoice`` if there is one already."""
    if draft.amount <= 0:
        raise Refused(
            "Payment Amount must be greater than zero.", code="bad_amount", field="PaymentAmount", synthetic=True
        )
    with state.atomic():
        payment = _payment(state, draft, order["currency_line_uid"], _FROM_ORDER)
        state.insert("remittances", {
            "remittance_number": state.next("remittance"), "order_no": order["order_no"],
            "company_id": state.company, "payment_number": payment["payment_number"],
        })  # fmt: skip
        credit = ledger.DEPOSITS if invoice is None else ledger.RECEIVABLE
        if invoice is not None:
            _apply(state, invoice, Application(invoice["invoice_no"], payment["payment_amount"]), draft.date)
        _post(state, payment, _account(state, draft), credit)
    return payment


def receive(
    state: State,
    customer_id: int,
    draft: PaymentDraft,
    applied: Sequence[Application] = (),
    order_no: str | None = None,
) -> tuple[Row, Row]:
    """A cash receipt; returns its payment and receipt rows.

    What no invoice takes becomes a prepaid invoice or is refused, as the company is set. A negative payment pays money
    back: all of it must settle open credits.
    """
    with state.atomic():
        payer = customer(state, customer_id)
        payment = _payment(state, draft, payer["currency_id"], _FROM_RECEIPT)
        receipt = state.insert("ar_receipts", {
            "receipt_number": state.next("receipt"), "payment_number": payment["payment_number"],
            "company_id": state.company, "remitter_id": payer["customer_id"], "date_received": draft.date,
            "bank_no": draft.bank_no, "gl_bank_account_no": _account(state, draft),
            "ar_account_no": ledger.RECEIVABLE,
        })  # fmt: skip
        rest = payment["payment_amount"]
        for one in applied:
            rest -= _settle(state, receipt, payer, one, draft.date)
        if draft.amount < 0 and rest:
            raise Refused("A negative payment must be applied to open credits.", code="not_applied", synthetic=True)
        if draft.amount > 0 > rest:
            raise Refused("The applied amounts exceed the payment amount.", code="over_applied", synthetic=True)
        _keep_rest(state, payer, payment, rest, order_no)
        _post(state, payment, receipt["gl_bank_account_no"], ledger.RECEIVABLE)
    return payment, receipt


def reverse(state: State, payment_number: int) -> Row:
    """Undo a receipt: its invoices open again, the ledger gets the mirrored entry."""
    receipt = state["ar_receipts"].one(payment_number=payment_number)
    if receipt is None or receipt["reverse_payment_flag"] == "Y":
        raise Refused(f"Payment {payment_number} cannot be reversed.", code="not_reversible", synthetic=True)
    payment = state["ar_payment_details"].where(payment_number=payment_number)[0]
    with state.atomic():
        state.change("ar_receipts", receipt, {"reverse_payment_flag": "Y"})
        for detail in state["ar_receipts_detail"].where(receipt_number=receipt["receipt_number"]):
            invoice = state["invoice_hdr"].where(invoice_no=detail["invoice_no"])[0]
            undone = Application(
                detail["invoice_no"], -detail["payment_amount"], -detail["terms_amount"], -detail["allowed_amount"]
            )
            _apply(state, invoice, undone, receipt["date_received"])
        amount, bank = payment["payment_amount"], receipt["gl_bank_account_no"]
        ledger.post(state, [GlLine(ledger.RECEIVABLE, amount), GlLine(bank, -amount)], journal="CR",
                    source=str(payment_number), date=state.today())  # fmt: skip
    return receipt


def _payment(state: State, draft: PaymentDraft, currency_id: object, source: int) -> Row:
    if draft.amount == 0:
        raise Refused("Payment Amount must not be zero.", code="bad_amount", field="PaymentAmount", synthetic=True)
    if state["payment_types"].one(payment_type_id=draft.payment_type_id) is None:
        raise Refused(
            f"Payment Type ID {draft.payment_type_id} is not valid.", code="unknown_payment_type", field="PaymentType",
            synthetic=True,
        )  # fmt: skip
    return state.insert("ar_payment_details", {
        "deposit_number": f"{draft.date[:10]}-{draft.bank_no or 1}", **draft.details,
        "payment_number": state.next("payment"), "payment_type_id": draft.payment_type_id,
        "payment_date": draft.date, "payment_amount": money(draft.amount, currency_id), "period": int(draft.date[5:7]),
        "year_for_period": int(draft.date[:4]), "currency_line_uid": currency_id, "source_type_cd": source,
    })  # fmt: skip


def _account(state: State, draft: PaymentDraft) -> str:
    if draft.bank_no is not None:
        bank = state["bank_accounts"].one(bank_no=draft.bank_no, company_no=state.company)
        if bank is None:
            raise Refused(
                f"Bank No {draft.bank_no} is not valid.", code="unknown_bank", field="bank_no", synthetic=True
            )
        return str(bank["gl_account_no"])
    return str(state["payment_types"].where(payment_type_id=draft.payment_type_id)[0]["account_number"])


def _settle(state: State, receipt: Row, payer: Row, one: Application, date: str) -> Decimal:
    invoice = state["invoice_hdr"].one(invoice_no=one.invoice_no)
    if invoice is None or invoice["customer_id_number"] != payer["customer_id"]:
        raise Refused(
            f"Invoice {one.invoice_no} is not an invoice of customer {payer['customer_id']}.", code="unknown_invoice",
            field="invoice_no", synthetic=True,
        )  # fmt: skip
    open_amount = invoices.balance(invoice) - one.terms - one.allowed
    strict = one.amount < 0 or state.options.overpayment == "refuse"
    if strict and abs(one.amount) > max(open_amount * (1 if one.amount > 0 else -1), Decimal(0)):
        raise Refused(
            f"The payment exceeds the balance of invoice {one.invoice_no}.", code="over_payment", synthetic=True
        )
    paid = (
        money(one.amount, payer["currency_id"])
        if one.amount < 0
        else min(money(one.amount, payer["currency_id"]), max(open_amount, Decimal(0)))
    )
    state.insert("ar_receipts_detail", {
        "receipt_number": receipt["receipt_number"], "invoice_no": one.invoice_no, "customer_id": payer["customer_id"],
        "company_id": state.company, "payment_amount": paid, "terms_amount": one.terms, "allowed_amount": one.allowed,
    })  # fmt: skip
    _apply(state, invoice, Application(one.invoice_no, paid, one.terms, one.allowed), date)
    return paid


def _apply(state: State, invoice: Row, one: Application, date: str) -> None:
    state.change("invoice_hdr", invoice, {
        "amount_paid": invoice["amount_paid"] + one.amount, "terms_taken": invoice["terms_taken"] + one.terms,
        "allowed": invoice["allowed"] + one.allowed,
    })  # fmt: skip
    invoices.settle(state, invoice, date)


def _keep_rest(state: State, payer: Row, payment: Row, rest: Decimal, order_no: str | None) -> None:
    if order_no:
        order = state["oe_hdr"].one(order_no=order_no)
        if order is None or order["customer_id"] != payer["customer_id"]:
            raise Refused(f"Order {order_no} is not an order of this customer.", code="unknown_order", synthetic=True)
        state.insert("remittances", {
            "remittance_number": state.next("remittance"), "order_no": order_no, "company_id": state.company,
            "payment_number": payment["payment_number"],
        })  # fmt: skip
    if rest and state.options.overpayment == "refuse" and not order_no:
        raise Refused("The payment amount is not fully applied.", code="not_applied", synthetic=True)
    if rest:
        invoices.add(state, payer, {
            "total_amount": -rest, "invoice_desc": f"Prepayment {payment['payment_number']}", "order_no": order_no,
            "invoice_date": payment["payment_date"], "invoice_class": "PREPAID",
        })  # fmt: skip


def _post(state: State, payment: Row, debit: str, credit: str) -> None:
    amount, number = payment["payment_amount"], str(payment["payment_number"])
    ledger.post(state, [GlLine(debit, amount, f"Payment {number}"), GlLine(credit, -amount)], journal="CR",
                source=number, date=payment["payment_date"], currency_id=payment["currency_line_uid"])  # fmt: skip
