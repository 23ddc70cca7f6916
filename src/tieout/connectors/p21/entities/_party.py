"""The fields a customer shares with its address and its contact: one document makes all three."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import TargetField, field

PARTY: tuple[TargetField, ...] = (
    field("name", length=255, required=True, over="alert"),
    field("first_name", length=15, over="tell"),
    field("last_name", length=24, over="tell"),
    field("email", length=255),
    field("phone", length=20, over="alert"),
    field("address1", length=50, onto="address2"),
    field("address2", length=50, onto="address3"),
    field("address3", length=50, over="alert"),
    field("city", length=50, over="alert"),
    field("state", length=50, over="alert"),
    field("postal_code", length=10, over="alert"),
    field("country", length=50, over="alert"),
    field("currency", length=3, required=True),
    field("terms", length=2),
    field("salesrep", length=16),
    field("taxable", length=1),
    field("stripe_customer_id", length=255),
    field("address_id", length=19),
    field("contact_id", length=16),
)
NOTES = {
    "name": "its address carries as many whole words as fit into 50 characters",
    "currency": "lower-case ISO code; must be mapped in the connection's currencies",
    "terms": "empty: the connection's terms",
    "salesrep": "empty: the connection's sales representative",
    "taxable": "Y or N; empty: Y",
    "address_id": "filled in when the address has been written",
    "contact_id": "filled in when the contact has been written",
}
