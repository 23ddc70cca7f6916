"""What saving a window does to the books (P21 facts §4.8 to §4.10, §7.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simulators.p21 import invoices, parties, receipts
from simulators.p21.entered import Entered, Typed
from simulators.p21.invoices import AmountLine
from simulators.p21.receipts import Application, PaymentDraft
from simulators.p21.refusals import Refused
from simulators.p21.saving_orders import save_order, save_return
from simulators.p21.state import State
from simulators.p21.values import moment, number, whole

Generated = dict[str, str]
_PAYMENT_TEXTS = ("check_number", "payment_desc", "deposit_number", "cc_authorized_number", "payment_account_id")
_ADDRESS = ("address1", "address2", "city", "state", "postal_code", "country")


def save(meaning: str, state: State, typed: Sequence[Entered]) -> Generated:
    """Save a window; returns the keys P21 made, by column. Refused when a rule says no, and nothing is written."""
    with state.atomic():
        return _SAVES[meaning](state, typed)


def form(typed: Sequence[Entered], place: int = 0) -> Typed:
    """All that was typed into the first (or given) form, later edits last."""
    forms = [one for one in typed if one.element.kind == "Form"]
    return {name: value for row in (forms[place].rows if len(forms) > place else ()) for name, value in row.items()}


def _customer(state: State, typed: Sequence[Entered]) -> Generated:
    header = form(typed)
    if not header.get("salesrep_id"):
        raise Refused("Salesrep ID is required for a new ship to.")
    ship_to = form(typed, 1)
    if not ship_to.get("default_branch"):
        raise Refused("'Default Branch' is a required column.")
    address = {
        f"{side}_{name}": header[f"mail_{name}"]
        for side in ("mail", "phys")
        for name in _ADDRESS
        if f"mail_{name}" in header
    }
    extra: dict[str, Any] = {name: header[name] for name in ("central_phone_number", "email_address") if name in header}
    wanted = ("customer_name", "salesrep_id", "legacy_id", "class_1id", "taxable_flag")
    values = {"terms_id": header.get("terms_id", "1"), **{name: header[name] for name in wanted if name in header}}
    row = parties.add_customer(
        state, values, {**address, **extra}, ship_to={"default_branch": ship_to["default_branch"]}
    )
    return {"customer_id": str(row["customer_id"])}


def _shipping(state: State, typed: Sequence[Entered]) -> Generated:
    raise Refused("Pick Ticket No is not valid.", code="unknown_pick_ticket", synthetic=True)


def _cash_receipt(state: State, typed: Sequence[Entered]) -> Generated:
    header = form(typed)
    parties.require_company(state, header.get("company_id"))
    if not header.get("customer_id"):
        raise Refused("Customer ID is required", code="required", field="customer_id")
    applied = [
        Application(row.get("invoice_no", ""), number(row.get("payment_amount"), "payment_amount"),
                    number(row.get("terms_amount", "0"), "terms_amount"),
                    number(row.get("allowed_amount", "0"), "allowed_amount"))
        for row in _lines(typed)
    ]  # fmt: skip
    amount = number(header.get("payment_amount"), "payment_amount")
    if header.get("invoice_no") and not applied:
        applied = [Application(header["invoice_no"], amount)]
    payment, receipt = receipts.receive(
        state, whole(header["customer_id"], "customer_id"), payment_draft(state, header, "date_received"), applied,
        header.get("order_no") or None,
    )  # fmt: skip
    return {"payment_number": str(payment["payment_number"]), "receipt_number": str(receipt["receipt_number"])}


def payment_draft(state: State, header: Typed, dated: str) -> PaymentDraft:
    """The payment typed into a form; its date defaults to today, its bank to the one of the payment type."""
    bank = header.get("bank_no")
    return PaymentDraft(
        amount=number(header.get("payment_amount"), "payment_amount"),
        date=moment(header[dated], dated) if header.get(dated) else state.today(),
        payment_type_id=whole(header.get("payment_type_id") or "1", "payment_type_id"),
        bank_no=whole(bank, "bank_no") if bank else None,
        details={name: header[name] for name in _PAYMENT_TEXTS if header.get(name)},
    )


def _invoice(state: State, typed: Sequence[Entered]) -> Generated:
    return _document(state, typed, 1, "invoice_date")


def _credit_memo(state: State, typed: Sequence[Entered]) -> Generated:
    return _document(state, typed, -1, "memo_date")


def _document(state: State, typed: Sequence[Entered], sign: int, dated: str) -> Generated:
    header = form(typed)
    if not header.get("customer_id"):
        raise Refused("Customer ID is required", code="required", field="customer_id")
    names = ("po_no", "invoice_desc", "external_reference_no", "order_no", "invoice_reference_no")
    values: dict[str, Any] = {name: header[name] for name in names if header.get(name)}
    if header.get(dated):
        values["invoice_date"] = moment(header[dated], dated)
    if header.get("net_due_date"):
        values["net_due_date"] = moment(header["net_due_date"], "net_due_date")
    made = invoices.enter(state, whole(header["customer_id"], "customer_id"), values, [
        AmountLine(number(row.get("amount"), "amount"), row.get("description", ""), row.get("account_no", ""),
                   row.get("item_id"), number(row.get("quantity") or "1", "quantity")) for row in _lines(typed)
    ], sign, tax=number(header.get("tax_amount") or "0", "tax_amount"),
        freight=number(header.get("freight") or "0", "freight"))  # fmt: skip
    return {"invoice_no": made["invoice_no"]}


def _lines(typed: Sequence[Entered]) -> list[Typed]:
    return [row for one in typed if one.element.kind == "List" for row in one.rows]


_SAVES: dict[str, Callable[[State, Sequence[Entered]], Generated]] = {
    "order": lambda state, typed: save_order(state, typed, payment_draft),
    "rma": save_return,
    "customer": _customer,
    "shipping": _shipping,
    "cash_receipt": _cash_receipt,
    "invoice": _invoice,
    "credit_memo": _credit_memo,
}
