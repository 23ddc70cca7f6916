"""The fields of a sales order, which are those of a direct invoice too."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import TargetField, field

SHORTER = (
    "set ship_to_line1 and ship_to_line2 in the metadata of the payment to the address as P21 can hold it (or shorten it in the "
    "store), then replay"
)
LINE: tuple[TargetField, ...] = (
    field("item_id", length=40, required=True),
    field("quantity", "number", required=True, decimals=9),
    field("unit_of_measure", length=8),
    field("unit_price", "number", required=True, decimals=9),
    field("extended_price", "number", required=True, decimals=4),
    field("description", length=255, over="tell"),
    field("taxable", "bool"),
)
PAYMENT: tuple[TargetField, ...] = (
    field("reference", length=30),
    field("amount", "number", required=True, decimals=4),
    field("date", "date", required=True),
    field("payment_type_id", length=10),
    field("description", length=60),
)
ORDER: tuple[TargetField, ...] = (
    field("customer_id", length=12, required=True),
    field("ship_to_name", length=50, over="alert", onto="ship_to_address1"),
    field("ship_to_address1", length=50, onto="ship_to_address2", remedy=SHORTER),
    field("ship_to_address2", length=50, remedy=SHORTER),
    field("ship_to_city", length=50),
    field("ship_to_state", length=50),
    field("ship_to_postal_code", length=10),
    field("ship_to_country", length=50),
    field("ship_to_email", length=255),
    field("ship_to_phone", length=20, over="alert"),
    field("order_date", "date", required=True),
    field("requested_date", "date"),
    field(
        "po_no",
        length=50,
        remedy="set po_number in the metadata of the payment to what P21 and the buyer can both use, then replay",
    ),
    field("taker", length=30),
    field("terms", length=2),
    field("currency", length=3, required=True),
    field("job_name", length=40),
    field("note", length=255, over="alert"),
    field("approved", "bool"),
    field("lines", "list", required=True, fields=LINE),
    field("total", "number", required=True, decimals=4),
    field("tax", "number", decimals=4),
    field("tax_tolerance", "number", decimals=4),
    field("payment", "object", fields=PAYMENT),
)
NOTES = {
    "total": "what the customer paid; P21's own total must agree with it",
    "tax": "the tax that was charged; P21 computes its own, which must agree within tax_tolerance",
    "requested_date": "empty: the day after the order date",
    "note": "the delivery instructions of the order",
    "payment": "used where the connection takes receipts with the order",
}
