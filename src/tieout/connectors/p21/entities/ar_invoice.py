"""The invoice by amount: no order stands behind it (P21 facts §7.3)."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity, field
from tieout.connectors.p21.entities.credit_memo import LINE

ENTITY = entity(
    "ar_invoice",
    "Invoice by amount",
    "invoice_no",
    (
        field("customer_id", length=12, required=True),
        field("date", "date", required=True),
        field("due_date", "date"),
        field("currency", length=3, required=True),
        field("po_no", length=255, over="alert"),
        field("description", length=255, over="tell"),
        field("lines", "list", required=True, fields=LINE),
        field("tax", "number", decimals=4),
        field("freight", "number", decimals=4),
        field("total", "number", required=True, decimals=4),
    ),
    natural_key="invoice_hdr.external_reference_no",
    written="the invoice window of the Transaction API",
    read="OData invoice_hdr, invoice_line",
    notes={
        "due_date": "empty: as the customer's terms say",
        "lines": "amounts are positive and without tax; an empty account is P21's own choice",
        "total": "lines, tax and freight together",
    },
)
