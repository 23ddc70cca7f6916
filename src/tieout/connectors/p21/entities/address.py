"""The address of a customer: its number becomes the customer's number."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity
from tieout.connectors.p21.entities._party import NOTES, PARTY

ENTITY = entity(
    "address",
    "Address",
    "address_id",
    PARTY,
    natural_key="address.url",
    written="POST /api/entity/addresses/",
    read="OData address",
    notes=NOTES,
)
