"""Direct invoices: an order that P21 is asked to invoice at once, found again through the order (P21 facts §3.3)."""

from __future__ import annotations

from dataclasses import replace

from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.comparing import differences, shown_of_tax
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.orders import RestOrderWriter
from tieout.domain.writing import Confirmed, Document, Found, Sent
from tieout.kernel.failures import Failed

INVOICED = "P21 has invoiced it: hold its goods before they ship."
IGNORED = (
    "order {order_no} was written, but P21 made no invoice of it (CreateInvoice was ignored, mostly because the tax "
    "jurisdiction of the ship-to cannot be resolved): ship and invoice the order in P21"
)


class InvoiceWriter(RestOrderWriter):
    """Its key is the invoice number; the order's number is shown too."""

    entity = "invoice"
    create_invoice = True

    @property
    def column(self) -> str:
        """The column of oe_hdr that carries the reference."""
        return self.p21.settings.reference_fields.invoice

    def enters_approved(self, document: Document) -> bool:
        """What is invoiced at once cannot be held first: whatever can be checked is checked before it is sent."""
        return self.p21.settings.wants_approved(document.get("approved"))

    def by_key(self, key: str) -> Row | None:
        """The order of that number: P21's answer names the order, not the invoice."""
        return self.records.by_number(key)

    def found(self, row: Row, document: Document) -> Found:
        """The invoice of the order, compared by its own tax and total."""
        order_no = text_of(row.get("order_no"))
        seen, invoices = self.records.seen(row), self.records.invoices(order_no)
        if seen.void:
            return Found(f"of order {order_no}", differences(document, seen), {"order_no": order_no}, void=True)
        if not invoices:
            return Found(f"of order {order_no}", (IGNORED.format(order_no=order_no),), {"order_no": order_no})
        if len(invoices) > 1:
            numbers = ", ".join(text_of(one.get("invoice_no")) for one in invoices)
            return Found(f"of order {order_no}", (f"P21 made several invoices of it: {numbers}",))
        return self._compared(document, invoices[0], order_no, row)

    def _reference_kept(self, sent: Confirmed, reference: str, document: Document) -> Sent:
        kept = super()._reference_kept(sent, reference, document)
        if not isinstance(kept, Confirmed) or kept.proven:
            return kept
        try:
            invoices = self.records.invoices(sent.key)
        except Failed:
            return sent
        if len(invoices) != 1:
            return Confirmed(f"of order {sent.key}", sent.shown)
        number = text_of(invoices[0].get("invoice_no"))
        return Confirmed(number, {"invoice_no": number, "order_no": sent.key})

    def _compared(self, document: Document, invoice: Row, order_no: str, order: Row) -> Found:
        seen = replace(
            self.records.seen(order),
            customer_id=text_of(invoice.get("customer_id")),
            tax=decimal_of(invoice.get("tax_amount"), "tax_amount"),
            total=decimal_of(invoice.get("total_amount"), "total_amount"),
        )
        number = text_of(invoice.get("invoice_no"))
        shown = {"invoice_no": number, "order_no": order_no, **shown_of_tax(document, seen)}
        return Found(number, differences(document, seen), shown, note=INVOICED)
