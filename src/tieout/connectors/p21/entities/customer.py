"""The customer: in the middleware written after its address and its contact, in the gateway at once."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity
from tieout.connectors.p21.entities._party import NOTES, PARTY

ENTITY = entity(
    "customer",
    "Customer",
    "customer_id",
    PARTY,
    natural_key="customer.legacy_id",
    written="POST /api/entity/customers/",
    read="OData customer",
    notes=NOTES,
)
