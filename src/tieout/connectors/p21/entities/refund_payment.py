"""The refund payment: money paid back to a customer, against a credit memo (P21 facts §7.2)."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity, field

ENTITY = entity(
    "refund_payment",
    "Refund payment",
    "payment_number",
    (
        field("customer_id", length=12, required=True),
        field("credit_memo_no", length=12, required=True),
        field("amount", "number", required=True, decimals=4),
        field("currency", length=3, required=True),
        field("date", "date", required=True),
        field("payment_type_id", length=10),
        field("bank_no", length=10),
        field("deposit_number", length=40),
        field("description", length=60),
    ),
    natural_key="ar_payment_details.check_number",
    written="the receipts window of the Transaction API, as a negative payment",
    read="OData ar_payment_details, ar_receipts",
    notes={
        "amount": "positive: what the customer gets back",
        "credit_memo_no": "the open credit memo that it settles, or the return (RMA number)",
    },
)
