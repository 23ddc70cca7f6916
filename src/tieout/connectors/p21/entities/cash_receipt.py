"""The cash receipt: through the receipts window, or found where it was taken with the order."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity, field

ENTITY = entity(
    "cash_receipt",
    "Cash receipt",
    "payment_number",
    (
        field("customer_id", length=12, required=True),
        field("order_no", length=8),
        field("invoice_no", length=10),
        field("amount", "number", required=True, decimals=4),
        field("currency", length=3, required=True),
        field("date", "date", required=True),
        field("payment_type_id", length=10),
        field("bank_no", length=10),
        field("deposit_number", length=40),
        field("description", length=60),
    ),
    natural_key="ar_payment_details.check_number",
    written="the receipts window of the Transaction API",
    read="OData ar_payment_details, ar_receipts, remittances",
    notes={
        "payment_type_id": "empty: the connection's payment type",
        "bank_no": "empty: the connection's bank; use the Stripe clearing bank",
        "deposit_number": "groups the receipts of one deposit, such as a payout",
    },
)
