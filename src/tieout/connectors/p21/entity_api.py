"""Creates a customer the way the middleware wants it: address, contact, customer, each with its own reference.

P21 facts §2.2: the address's number becomes the customer's number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21.answers import json_of, said, text_of, whole_of
from tieout.connectors.p21.documents import text
from tieout.connectors.p21.filters import eq
from tieout.connectors.p21.needed import CUSTOMER as NEEDED
from tieout.connectors.p21.needed import needed
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.sending import unsuccessful
from tieout.connectors.p21.writers import RecordWriter, is_deleted, live
from tieout.domain.mapping.run_over import words_within
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, Sent

LABEL_CHARACTERS_MAX = 50
MEMBERS = {
    "url": "Url",
    "legacy_id": "LegacyId",
    **{f"class_{place}id": f"Class{place}id" for place in range(1, 6)},
}
TITLE = "new P21 customer"


class PartyWriter(RecordWriter):
    """What the three parts share."""

    family, table, number_column, number_member = "", "", "", ""
    columns: tuple[str, ...] = ()

    def path(self) -> str:
        """The collection, with its slash."""
        return f"/api/entity/{self.family}/"

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """All rows that carry the reference, deleted ones too."""
        where = eq(self.column, reference)
        return self.p21.odata.rows(f"table/{self.table}", where, self._select(), self.number_column)

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when the assigned number came back."""
        if reply.status not in (200, 201):
            return unsuccessful(self.entity, document, reply)
        try:
            body = json_of(reply)
        except ValueError:
            return Indeterminate(said(reply))
        key = text_of(body.get(self.number_member)) if isinstance(body, dict) else ""
        return Confirmed(key, {f"{self.entity}_id": key}) if key else Indeterminate(said(reply))

    def found(self, row: Row, document: Document) -> Found:
        """The row compared by what identifies the party."""
        key = text_of(row.get(self.number_column))
        differing = (*live(row, self.number_column, self.entity), *self.differing(row, document))
        return Found(key, differing, {f"{self.entity}_id": key}, void=is_deleted(row))

    def differing(self, row: Row, document: Document) -> Iterator[str]:
        """Where the row is not what was meant, in words."""
        yield from ()

    def _select(self) -> tuple[str, ...]:
        return (self.number_column, self.column, "delete_flag", *self.columns)

    def _reference(self, reference: str) -> dict[str, str]:
        return {MEMBERS[self.column]: reference}


class AddressWriter(PartyWriter):
    """The address: mailing and physical alike."""

    entity, family, table = "address", "addresses", "address"
    number_column, number_member, columns = "id", "AddressId", ("name", "email_address")

    @property
    def column(self) -> str:
        """The column that carries the reference."""
        return self.p21.settings.reference_fields.address

    def by_key(self, key: str) -> Row | None:
        """The address of that number."""
        number = whole_of(key)
        found = self.p21.odata
        return None if number is None else found.first("table/address", eq("id", number), self._select(), "id")

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """The address object."""
        return {**address_members(document), **self._reference(reference)}

    def differing(self, row: Row, document: Document) -> Iterator[str]:
        """Name and e-mail."""
        yield from _unlike(row, "name", "name", label_name(document))
        yield from _unlike(row, "email_address", "e-mail address", text(document, "email"))


class ContactWriter(PartyWriter):
    """The contact: the person at the address."""

    entity, family, table = "contact", "contacts", "contacts"
    number_column, number_member, columns = "id", "Id", ("address_id", "email_address")

    @property
    def column(self) -> str:
        """The column that carries the reference."""
        return self.p21.settings.reference_fields.contact

    def by_key(self, key: str) -> Row | None:
        """The contact of that number."""
        return self.p21.odata.first("table/contacts", eq("id", key), self._select(), "id")

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """The contact object; P21 wants a last name, so a company's name stands in."""
        given = {
            "AddressId": _number(document, "address_id"),
            "FirstName": text(document, "first_name"),
            "LastName": text(document, "last_name") or text(document, "name")[:24].strip(),
            "DirectPhone": text(document, "phone"),
            "EmailAddress": text(document, "email"),
        }
        return {
            **{name: value for name, value in given.items() if value not in ("", None)},
            **self._reference(reference),
        }

    def differing(self, row: Row, document: Document) -> Iterator[str]:
        """E-mail and address."""
        yield from _unlike(row, "email_address", "e-mail address", text(document, "email"))
        yield from _unlike(row, "address_id", "address number", text(document, "address_id"))


class CustomerWriter(PartyWriter):
    """The customer with its default ship-to."""

    entity, family, table = "customer", "customers", "customer"
    number_column, number_member = "customer_id", "CustomerId"
    columns = ("company_id", "customer_name", "currency_id")

    @property
    def column(self) -> str:
        """The column that carries the reference."""
        return self.p21.settings.reference_fields.customer

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """All customers of the company that carry the reference."""
        where = eq(self.column, reference) & eq("company_id", self.p21.settings.company_id)
        return self.p21.odata.rows("table/customer", where, self._select(), "customer_id")

    def by_key(self, key: str) -> Row | None:
        """The customer of that number."""
        number = whole_of(key)
        if number is None:
            return None
        where = eq("customer_id", number) & eq("company_id", self.p21.settings.company_id)
        return self.p21.odata.first("table/customer", where, self._select(), "customer_id")

    def require_settings(self, document: Document) -> None:
        """What every new customer has and the document need not say."""
        for name in NEEDED:
            needed(self.p21.settings, document, TITLE, name)

    def body(self, reference: str, document: Document) -> Mapping[str, Any]:
        """The customer graph, adopting the address and the contact written before."""
        settings = self.p21.settings
        salesrep = needed(settings, document, TITLE, "salesrep")
        terms = needed(settings, document, TITLE, "terms")
        address = {"AddressId": _number(document, "address_id"), **address_members(document)}
        return {
            "CompanyId": settings.company_id,
            "CustomerName": text(document, "name"),
            "SalesrepId": salesrep,
            "TermsId": terms,
            "CodRequiredFlag": "N",
            "Taxable": text(document, "taxable") or "Y",
            "CurrencyId": settings.currency_id(text(document, "currency")),
            "CustomerAddress": {name: value for name, value in address.items() if value is not None},
            **self._contacts(document),
            "CustomerSalesreps": {"list": [_salesrep(settings.company_id, salesrep)]},
            "CustomerShipTos": {"list": [self._ship_to(document, salesrep, terms)]},
            **self._reference(reference),
        }

    def differing(self, row: Row, document: Document) -> Iterator[str]:
        """Name, currency and number."""
        settings = self.p21.settings
        yield from _unlike(row, "customer_name", "name", text(document, "name"))
        kept = text_of(row.get("currency_id"))
        if kept != str(settings.currency_id(text(document, "currency"))):
            shown = settings.currency_code(kept) or kept
            yield f"it is kept in currency {shown.upper()} instead of {text(document, 'currency').upper()}"

    def _contacts(self, document: Document) -> dict[str, Any]:
        contact = text(document, "contact_id")
        if not contact:
            return {}
        return {"CustomerContacts": {"list": [{"CompanyId": self.p21.settings.company_id, "ContactId": contact}]}}

    def _ship_to(self, document: Document, salesrep: str, terms: str) -> dict[str, Any]:
        settings = self.p21.settings
        return {
            "CompanyId": settings.company_id,
            "ShipToName": label_name(document),
            "DefaultBranch": needed(settings, document, TITLE, "branch"),
            "TermsId": terms,
            "InvoiceType": "IN",
            "DefaultSourceLocationId": settings.source_location,
            "PackingBasis": "Partial",
            "PickTicketType": "PT",
            "AcceptPartialOrders": "Y",
            "SalesrepId": salesrep,
        }


def address_members(document: Document) -> dict[str, str]:
    """The members of an address object; mailing and physical address are the same."""
    shared = {
        "Address1": text(document, "address1"),
        "Address2": text(document, "address2"),
        "Address3": text(document, "address3"),
        "City": text(document, "city"),
        "State": text(document, "state"),
        "PostalCode": text(document, "postal_code"),
        "Country": text(document, "country"),
    }
    given = {
        "Name": label_name(document),
        **{f"{side}{name}": value for side in ("Mail", "Phys") for name, value in shared.items()},
        "CentralPhoneNumber": text(document, "phone"),
        "EmailAddress": text(document, "email"),
    }
    return {name: value for name, value in given.items() if value}


def label_name(document: Document) -> str:
    """The customer's name as far as an address can carry it."""
    return words_within(text(document, "name"), LABEL_CHARACTERS_MAX)


def _salesrep(company: str, salesrep: str) -> dict[str, Any]:
    return {"CompanyId": company, "SalesrepId": salesrep, "PrimarySalesrep": "Y", "CommissionPercentage": 100}


def _number(document: Document, name: str) -> int | None:
    return whole_of(text(document, name))


def _unlike(row: Row, column: str, title: str, wanted: str) -> Iterator[str]:
    kept = text_of(row.get(column))
    if " ".join(kept.split()).casefold() != " ".join(wanted.split()).casefold():
        yield f"its {title} is {kept!r} instead of {wanted!r}"
