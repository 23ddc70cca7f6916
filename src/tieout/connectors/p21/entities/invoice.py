"""The direct invoice: an order that P21 invoices at once."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity
from tieout.connectors.p21.entities._order_fields import NOTES, ORDER

ENTITY = entity(
    "invoice",
    "Invoice",
    "invoice_no",
    ORDER,
    natural_key="oe_hdr.web_reference_no",
    written="POST /api/sales/orders/ with CreateInvoice",
    read="OData invoice_hdr by order number",
    notes=NOTES,
)
