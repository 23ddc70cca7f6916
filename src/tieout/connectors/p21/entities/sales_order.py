"""The sales order: through REST or through the order window, as the connection says."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity
from tieout.connectors.p21.entities._order_fields import NOTES, ORDER

ENTITY = entity(
    "sales_order",
    "Sales order",
    "order_no",
    ORDER,
    natural_key="oe_hdr.web_reference_no",
    written="POST /api/sales/orders/ or the Order window",
    read="OData oe_hdr and p21_view_oe_line",
    notes=NOTES,
)
