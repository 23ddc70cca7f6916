"""The fields a customer shares with its address and its contact: one document makes all three."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import TargetField, field

PARTY: tuple[TargetField, ...] = (
    field("name", length=50, required=True),
    field("first_name", length=15),
    field("last_name", length=24),
    field("email", length=255),
    field("phone", length=20),
    field("address1", length=50),
    field("address2", length=50),
    field("city", length=50),
    field("state", length=50),
    field("postal_code", length=10),
    field("country", length=50),
    field("currency", length=3, required=True),
    field("terms", length=2),
    field("salesrep", length=16),
    field("taxable", length=1),
    field("stripe_customer_id", length=255),
    field("address_id", length=19),
    field("contact_id", length=16),
)
NOTES = {
    "name": "P21 keeps 50 characters of the name on the address",
    "currency": "lower-case ISO code; must be mapped in the connection's currencies",
    "terms": "empty: the connection's terms",
    "salesrep": "empty: the connection's sales representative",
    "taxable": "Y or N; empty: Y",
    "address_id": "filled in when the address has been written",
    "contact_id": "filled in when the contact has been written",
}
