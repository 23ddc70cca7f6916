"""Customers with their addresses, contacts and ship-tos (P21 facts §2, §6.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.p21.refusals import NotFound, Refused
from simulators.p21.state import State
from simulators.p21.tables import Row

CUSTOMER_LINK = "Customer"
_LINKED = ("first_name", "last_name", "email_address", "delete_flag")


def customer(state: State, customer_id: object) -> Row:
    """The customer of this company; Refused when there is none."""
    found = state["customer"].one(customer_id=customer_id, company_id=state.company)
    if found is None or found["delete_flag"] == "Y":
        raise Refused(f"Customer ID {customer_id} is not valid.", code="unknown_customer", field="CustomerNumber")
    return found


def require_company(state: State, company: object) -> None:
    """Refused when it is not the company these books belong to."""
    if company not in (None, "", state.company):
        raise Refused(f'The company "{company}" could not be retrieved from the database.', field="CompanyId")


def add_address(state: State, values: Mapping[str, Any]) -> Row:
    """A new address; its number is assigned unless given."""
    if not values.get("name"):
        raise Refused("'Name' is a required column.", code="required", field="name")
    return state.insert("address", {**values, "id": values.get("id") or state.next("party")})


def add_contact(state: State, values: Mapping[str, Any]) -> Row:
    """A new contact; it is linked to the customer whose address it has."""
    address_id = values.get("address_id")
    if address_id is not None and state["address"].one(id=address_id) is None:
        raise Refused(f"Address ID {address_id} is not valid.", code="unknown_address", field="address_id")
    row = state.insert("contacts", {"company_id": state.company, **values, "id": str(state.next("contact"))})
    owner = None if address_id is None else state["customer"].one(customer_id=address_id)
    if owner is not None:
        link(state, row, owner)
    return row


def change_contact(state: State, row: Row, values: Mapping[str, Any]) -> None:
    """Change a contact and what the link view shows of it."""
    state.change("contacts", row, values)
    for linked in state["contact_links"].where(id=row["id"]):
        state.change("contact_links", linked, {name: row[name] for name in _LINKED})


def add_customer(
    state: State,
    values: Mapping[str, Any],
    address: Mapping[str, Any] | None,
    address_id: object = None,
    contact_ids: Sequence[object] = (),
    ship_to: Mapping[str, Any] | None = None,
) -> Row:
    """A new customer with its default ship-to; it takes the number of its address, as in P21.

    ``address_id`` adopts an address written before; else ``address`` makes one. Refused names what is missing.
    """  # fmt: skip
    require_company(state, values.get("company_id"))
    _require_terms(state, values.get("terms_id"))
    for name, label in (("customer_name", "Customer Name"), ("salesrep_id", "Salesrep ID"), ("terms_id", "Terms ID")):
        if not values.get(name):
            raise Refused(f"{label} is required.", code="required", field=name)
    place = _adopted(state, address_id) or add_address(state, {"name": values["customer_name"][:50], **(address or {})})
    made = {**values, "company_id": state.company, "customer_id": place["id"]}
    row = state.insert("customer", {"date_acct_opened": state.today(), **made})
    state.insert("ship_to", {
        "ship_to_id": place["id"], "company_id": state.company, "customer_id": place["id"], "default_branch": "01",
        "preferred_location_id": 10, "terms_id": row["terms_id"], "taxable_flag": row["taxable_flag"],
        "invoice_type": "IN", **(ship_to or {}),
    })  # fmt: skip
    for contact_id in contact_ids:
        contact = state["contacts"].one(id=str(contact_id))
        if contact is None:
            raise Refused(f"Contact ID {contact_id} is not valid.", code="unknown_contact", field="ContactId")
        link(state, contact, row)
    return row


def link(state: State, contact: Row, owner: Row) -> None:
    """Let the link view show the contact under that customer, once."""
    if state["contact_links"].one(id=contact["id"], link_id=owner["customer_id"]) is None:
        state.insert("contact_links", {
            "id": contact["id"], "link_type": CUSTOMER_LINK, "link_id": owner["customer_id"],
            "link_name": owner["customer_name"], "company_id": owner["company_id"],
            **{name: contact[name] for name in _LINKED},
        })  # fmt: skip


def _adopted(state: State, address_id: object) -> Row | None:
    if address_id is None:
        return None
    found = state["address"].one(id=address_id)
    if found is None:
        raise NotFound(str(address_id))
    if state["customer"].one(customer_id=address_id) is not None:
        raise Refused(f"Customer ID {address_id} already exists.", code="exists", field="CustomerId", synthetic=True)
    return found


def _require_terms(state: State, terms: object) -> None:
    if terms and state["terms"].one(terms_id=terms) is None:
        raise Refused(f"Terms ID {terms} is not valid.", code="unknown_terms", field="terms_id", synthetic=True)
