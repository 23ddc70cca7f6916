"""Cash receipts: through the receipts window, or found where they were taken with the order (P21 facts §7.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.comparing import amount
from tieout.connectors.p21.customers import require_payable
from tieout.connectors.p21.documents import day, number, text, whole
from tieout.connectors.p21.filters import eq
from tieout.connectors.p21.needed import RECEIPT as NEEDED
from tieout.connectors.p21.needed import needed
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.order_records import RETURN, OrderRecords, void
from tieout.connectors.p21.settings import P21Settings
from tieout.connectors.p21.transaction_api import TRANSACTION, Element, Expected, classify, transaction_set
from tieout.connectors.p21.window_use import Use, renamed
from tieout.connectors.p21.writers import RecordWriter, is_deleted, live
from tieout.domain.writing import Document, Found, Rejected, Sent
from tieout.kernel.failures import Failed, Fix

PAYMENT = ("payment_number", "payment_amount", "payment_date", "check_number", "payment_type_id", "delete_flag")
RECEIPT = ("receipt_number", "payment_number", "company_id", "remitter_id", "reverse_payment_flag", "delete_flag")
RECEIPTS = Use(
    "receipt_window",
    ("customer_id", "date", "amount", "reference", "payment_number"),
    ("invoice_no", "amount"),
    ("cash", "receipt", "payment", "remit"),
    "payment_number",
    "No service here speaks of cash, receipts or payments; set receipts_by to order or off.",
)


class PaymentReader(RecordWriter):
    """Finds payments by their check number and compares them, however they came into P21."""

    entity = "cash_receipt"

    @property
    def column(self) -> str:
        """The column of ar_payment_details that carries the reference."""
        return self.p21.settings.reference_fields.receipt

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """All payments with that check number, deleted ones too."""
        return self.p21.odata.rows("table/ar_payment_details", eq(self.column, reference), PAYMENT, "payment_number")

    def by_key(self, key: str) -> Row | None:
        """The payment of that number."""
        if not key.isdecimal():
            return None
        return self.p21.odata.first(
            "table/ar_payment_details", eq("payment_number", int(key)), PAYMENT, "payment_number"
        )

    def found(self, row: Row, document: Document) -> Found:
        """The payment with its receipt, its order and the invoices it was applied to."""
        key = text_of(row.get("payment_number"))
        receipts = self._receipts(key)
        void = is_deleted(row) or (bool(receipts) and all(taken_back(one) for one in receipts))
        return Found(key, tuple(self._differing(row, receipts, document)), {"payment_number": key}, void)

    def standing(self, reference: str) -> str:
        """The number of a payment with that reference that was not taken back, or an empty text."""
        for row in self.by_reference(reference, {}):
            key = text_of(row.get("payment_number"))
            receipts = self._receipts(key)
            if not is_deleted(row) and not (receipts and all(map(taken_back, receipts))):
                return key
        return ""

    def _differing(self, row: Row, receipts: Sequence[Row], document: Document) -> Iterator[str]:
        yield from live(row, "payment_number", "payment")
        kept, meant = decimal_of(row.get("payment_amount"), "payment_amount"), number(document, "amount")
        if kept != meant:
            yield f"its amount is {amount(kept)} instead of {amount(meant)}"
        for receipt in receipts:
            yield from self._receipt_differing(receipt, document)
        if not receipts and text(document, "order_no"):
            yield from self._order_differing(text_of(row.get("payment_number")), text(document, "order_no"))

    def _receipts(self, payment_number: str) -> list[Row]:
        where = eq("payment_number", int(payment_number))
        return self.p21.odata.rows("table/ar_receipts", where, RECEIPT, "receipt_number")

    def _receipt_differing(self, receipt: Row, document: Document) -> Iterator[str]:
        if taken_back(receipt):
            yield "it was reversed or deleted in P21"
            return
        payer, meant = text_of(receipt.get("remitter_id")), text(document, "customer_id")
        if payer != meant:
            yield f"it stands on customer {payer}, not {meant}"
        invoice_no = text(document, "invoice_no")
        if invoice_no and invoice_no not in self._applied(text_of(receipt.get("receipt_number"))):
            yield f"it was not applied to invoice {invoice_no}"

    def _applied(self, receipt_number: str) -> set[str]:
        where = eq("receipt_number", int(receipt_number))
        rows = self.p21.odata.rows("table/ar_receipts_detail", where, ("receipt_number", "invoice_no"), "invoice_no")
        return {text_of(row.get("invoice_no")) for row in rows}

    def _order_differing(self, payment_number: str, order_no: str) -> Iterator[str]:
        where, columns = eq("payment_number", int(payment_number)), ("remittance_number", "order_no", "payment_number")
        rows = self.p21.odata.rows("table/remittances", where, columns, "remittance_number")
        orders = {text_of(row.get("order_no")) for row in rows}
        if rows and order_no not in orders and not all(map(self._is_void, orders)):
            yield f"it was taken with order {', '.join(sorted(orders))}, not {order_no}"

    def _is_void(self, order_no: str) -> bool:
        """A payment that stands with an order which was cancelled, or is gone, is the one of the order that replaces it."""
        return _order_is_void(OrderRecords(self.p21.odata, self.p21.settings.company_id).by_number(order_no))


def _order_is_void(order: Row | None) -> bool:
    return order is None or bool(void(order))


def taken_back(receipt: Row) -> bool:
    """Whether a receipt was reversed or deleted."""
    return text_of(receipt.get("reverse_payment_flag")) == "Y" or is_deleted(receipt)


class WindowReceiptWriter(PaymentReader):
    """Through the site's receipts window, as it was configured and checked."""

    def require_settings(self, document: Document) -> None:
        """Payment type and bank are of the connection, unless the document says them."""
        for name in NEEDED:
            needed(self.p21.settings, document, "cash receipt", name)

    def path(self) -> str:
        """On the UI server."""
        return self.p21.session.ui_path() + TRANSACTION

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """One transaction set with one receipt."""
        settings = self.p21.settings
        require_payable(self.p21, whole(document, "customer_id"), text(document, "currency"))
        window = settings.receipt_window
        header = renamed(_header(settings, reference, document), window.field_map)
        elements = [Element(window.header_element, [header])]
        if text(document, "invoice_no"):
            line = {"invoice_no": text(document, "invoice_no"), "amount": format(number(document, "amount"), "f")}
            elements.append(Element(window.line_element, [renamed(line, window.line_field_map)], "List"))
        return transaction_set(window.service, elements, window.use_code_values)

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when it passed and the payment's number came back."""
        field = self.p21.settings.receipt_window.field_map["payment_number"]
        return classify(reply, document, Expected(self.entity, field, {"payment_number": field}))


class RefundWriter(WindowReceiptWriter):
    """Money paid back: a negative payment that settles a credit memo, or the credit that P21 makes of a return."""

    entity = "refund_payment"

    def found(self, row: Row, document: Document) -> Found:
        """Compared as the negative payment it is; of a return that is credited in parts it may settle any of them."""
        credits = self._credits(text(document, "credit_memo_no"))
        return super().found(row, _negative(document, credits[0] if len(credits) == 1 else ""))

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """Failed(Fix) for an amount that is not positive."""
        if number(document, "amount") <= 0:
            sentence = "amount must be greater than zero: it is what the customer gets back. Correct it in the workflow, then replay."
            raise Failed(Fix("p21.document.amount", sentence, field="amount", value=text(document, "amount")))
        memo = text(document, "credit_memo_no")
        credits = self._credits(memo)
        if len(credits) != 1:
            raise Failed(_return_open(memo, credits, reference))
        return super().body(reference, _negative(document, credits[0]))

    def _credits(self, memo: str) -> list[str]:
        """The credits that a memo stands for: itself, or what P21 has made of a return by now."""
        if not memo.startswith(RETURN):
            return [memo]
        records = OrderRecords(self.p21.odata, self.p21.settings.company_id)
        return [text_of(row.get("invoice_no")) for row in records.credits(memo.removeprefix(RETURN))]


def _negative(document: Document, credit: str) -> Document:
    return {**document, "amount": format(-number(document, "amount"), "f"), "invoice_no": credit}


def _return_open(memo: str, credits: Sequence[str], reference: str) -> Fix:
    why = f"in {len(credits)} parts ({', '.join(credits)})" if credits else "when its goods are received"
    act = f"Enter the payment in P21 with check number {reference}" if credits else "Receive them in P21"
    sentence = f"P21 credits {memo} {why}. {act}, then replay."
    return Fix("p21.return_open", sentence, field="credit_memo_no", value=memo)


class OrderReceiptWriter(PaymentReader):
    """The payment travelled with the order: it is looked up, never sent."""

    def send(self, reference: str, document: Document) -> Sent:
        """Always rejected: a payment that is not with its order must be entered there by a person."""
        return Rejected(not_with_order(reference, text(document, "order_no") or text(document, "invoice_no")))


def not_with_order(reference: str, number_: str) -> Fix:
    """The payment that should have come with the order is not there."""
    where = f"order {number_}" if number_ else "the order"
    sentence = (
        f"The payment should have come with {where}, but P21 has none with check number {reference}. Enter it in P21 with "
        "that check number (or set receipts_by to window), then replay."
    )
    return Fix("p21.receipt_not_with_order", sentence, field="reference", value=reference)


def _header(settings: P21Settings, reference: str, document: Document) -> dict[str, str]:
    return {
        "customer_id": text(document, "customer_id"),
        "date": day(document, "date"),
        "amount": format(number(document, "amount"), "f"),
        "payment_type_id": needed(settings, document, "cash receipt", "payment_type_id"),
        "bank_no": needed(settings, document, "cash receipt", "bank_no"),
        "deposit_number": text(document, "deposit_number"),
        "reference": reference,
        "description": text(document, "description"),
        "order_no": "" if text(document, "invoice_no") else text(document, "order_no"),
    }
