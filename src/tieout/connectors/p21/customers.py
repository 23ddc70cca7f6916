"""Finds customers by number and by e-mail, and says whether one may pay in a currency (P21 facts §2.4)."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.connectors.p21._face import CustomerRecord
from tieout.connectors.p21.answers import text_of, whole_of
from tieout.connectors.p21.documents import unmapped_currency
from tieout.connectors.p21.filters import Filter, any_of, eq
from tieout.connectors.p21.odata import OData, Row
from tieout.connectors.p21.settings import P21Settings
from tieout.connectors.p21.writers import Middleware
from tieout.kernel.failures import Failed, Fix

COLUMNS = (
    "customer_id",
    "company_id",
    "customer_name",
    "currency_id",
    "terms_id",
    "credit_status",
    "delete_flag",
)
DIGITS_MAX = 18


class Customers:
    """The customers of one company."""

    def __init__(self, odata: OData, settings: P21Settings) -> None:
        self._odata, self._settings = odata, settings

    def customer(self, customer_id: str) -> CustomerRecord | None:
        """The customer with that number, or None; a text that is no number is nobody's."""
        wanted = customer_id.strip()
        if not wanted.isascii() or not wanted.isdecimal() or len(wanted) > DIGITS_MAX:
            return None
        where = eq("customer_id", int(wanted)) & eq("company_id", self._settings.company_id)
        row = self._odata.first("table/customer", where, COLUMNS, "customer_id")
        return self._record(row, ()) if row else None

    def by_email(self, email: str) -> tuple[CustomerRecord, ...]:
        """Every active customer one of whose live contacts or addresses has exactly that e-mail, in any case."""
        wanted = email.strip()
        if not wanted or any(ord(c) < 32 for c in wanted):
            return ()
        numbers = {*self._of_contacts(wanted), *self._of_addresses(wanted)}
        company, live = eq("company_id", self._settings.company_id), eq("delete_flag", "N")
        rows = [
            row
            for where in any_of("customer_id", sorted(numbers), company & live)
            for row in self._odata.rows("table/customer", where, COLUMNS, "customer_id")
        ]
        return tuple(self._record(row, (wanted,)) for row in rows)

    def _of_contacts(self, email: str) -> set[int]:
        columns = ("id", "address_id", "email_address", "email_address2", "delete_flag")
        where = _any_case("email_address", email) | _any_case("email_address2", email)
        rows = self._odata.rows("table/contacts", where & eq("delete_flag", "N"), columns, "id")
        kept = [row for row in rows if _has(row, email, "email_address", "email_address2")]
        return _numbers(kept, "address_id") | self._linked(kept)

    def _linked(self, contacts: Iterable[Row]) -> set[int]:
        """The customers a contact is linked to besides the one whose address it has."""
        found: set[int] = set()
        company = eq("company_id", self._settings.company_id)
        for where in any_of("id", (text_of(row.get("id")) for row in contacts), company):
            try:
                rows = self._odata.rows("view/p21_view_contacts_x_links", where, ("id", "link_id"), "link_id")
            except Failed as error:
                if error.failure.code != "p21.not_offered":
                    raise
                return found
            found |= _numbers(rows, "link_id")
        return found

    def _of_addresses(self, email: str) -> set[int]:
        where = _any_case("email_address", email) & eq("delete_flag", "N")
        rows = self._odata.rows("table/address", where, ("id", "email_address"), "id")
        return _numbers([row for row in rows if _has(row, email, "email_address")], "id")

    def _record(self, row: Row, emails: tuple[str, ...]) -> CustomerRecord:
        return CustomerRecord(
            text_of(row.get("customer_id")),
            text_of(row.get("customer_name")),
            emails,
            self._settings.currency_code(text_of(row.get("currency_id"))),
            text_of(row.get("terms_id")),
            text_of(row.get("credit_status")),
            text_of(row.get("delete_flag")) != "Y",
        )


def require_payable(p21: Middleware, customer_id: int, currency: str) -> None:
    """Failed(Fix) when there is no such active customer, or P21 keeps it in another currency than the payment's."""
    settings = p21.settings
    where = eq("customer_id", customer_id) & eq("company_id", settings.company_id)
    row = p21.odata.first("table/customer", where, COLUMNS, "customer_id")
    if row is None or text_of(row.get("delete_flag")) == "Y":
        raise Failed(_no_customer(str(customer_id), settings.company_id, gone=row is not None))
    wanted = settings.currency_id(currency)
    if wanted is None:
        raise Failed(unmapped_currency(currency))
    kept = text_of(row.get("currency_id"))
    if kept != str(wanted):
        raise Failed(other_currency(str(customer_id), settings.currency_code(kept) or f"currency {kept}", currency))


def other_currency(customer_id: str, kept: str, currency: str) -> Fix:
    """The customer's currency is not the payment's."""
    sentence = (
        f"Customer {customer_id} is kept in {kept.upper()} in P21, but the payment is in {currency.upper()}. Set "
        "p21_customer_id in the metadata of the Stripe customer (of the payment, where it has none) to a P21 customer kept in "
        f"{currency.upper()}, then replay."
    )
    return Fix("p21.currency_mismatch", sentence, field="currency", value=currency)


def _no_customer(customer_id: str, company: str, gone: bool) -> Fix:
    state = "is deleted in P21" if gone else f"does not exist in P21 company {company}"
    sentence = f"Customer {customer_id} {state}. Correct the customer number or restore the customer, then replay."
    return Fix("p21.customer_missing", sentence, field="customer_id", value=customer_id)


def _any_case(column: str, email: str) -> Filter:
    spelled = dict.fromkeys((email, email.lower(), email.upper()))
    first, *others = (eq(column, one) for one in spelled)
    for other in others:
        first = Filter(f"{first.text} or {other.text}")
    return Filter(f"({first.text})")


def _has(row: Row, email: str, *columns: str) -> bool:
    return any(text_of(row.get(column)).casefold() == email.casefold() for column in columns)


def _numbers(rows: Iterable[Row], column: str) -> set[int]:
    texts = (text_of(row.get(column)) for row in rows)
    return {number for text in texts if (number := whole_of(text)) is not None}
