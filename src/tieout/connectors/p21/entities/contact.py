"""The contact of a customer: it carries the e-mail address by which the customer is found."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity
from tieout.connectors.p21.entities._party import NOTES, PARTY

ENTITY = entity(
    "contact",
    "Contact",
    "contact_id",
    PARTY,
    natural_key="contacts.url",
    written="POST /api/entity/contacts/",
    read="OData contacts",
    notes=NOTES,
)
