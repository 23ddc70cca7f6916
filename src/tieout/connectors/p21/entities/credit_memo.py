"""The credit memo: by amount through the memo window, or as a return of goods through the RMA window (P21 facts §7.4)."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity, field

LINE = (
    field("item_id", length=40),
    field("quantity", "number", decimals=9),
    field("unit_of_measure", length=8),
    field("description", length=40, over="tell"),
    field("amount", "number", required=True, decimals=4),
    field("account", length=32),
)
ENTITY = entity(
    "credit_memo",
    "Credit memo",
    "credit_memo_no",
    (
        field("customer_id", length=12, required=True),
        field("invoice_no", length=10),
        field("order_no", length=8),
        field("date", "date", required=True),
        field("currency", length=3, required=True),
        field("reason", length=255),
        field("kind"),
        field("lines", "list", fields=LINE),
        field("tax", "number", decimals=4),
        field("total", "number", required=True, decimals=4),
    ),
    natural_key="invoice_hdr.external_reference_no",
    written="the memo window of the Transaction API, or its RMA window when goods come back",
    read="OData invoice_hdr, invoice_line; oe_hdr for returns",
    notes={
        "kind": "money (also when empty) or return",
        "invoice_no": "the invoice that is credited; what is still open of it is settled",
        "lines": "amounts are positive and without tax",
        "tax": "the tax given back, as Stripe has it",
        "total": "lines and tax together",
    },
)
