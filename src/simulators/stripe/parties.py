"""Customers, products and prices of the pretend account, and the account itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.state import Books
from simulators.stripe.tables import Row

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def address_of(given: Mapping[str, Any] | None) -> Row:
    """An address with all six of Stripe's fields."""
    return {name: (given or {}).get(name) or None for name in ADDRESS}


def account(books: Books) -> Row:
    """What ``GET /v1/account`` shows."""
    traits = books.traits
    return {
        "id": traits.account_id,
        "object": "account",
        "business_profile": {"mcc": "5085", "name": traits.business_name, "support_email": None, "url": None},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": traits.country,
        "created": 1_600_000_000,
        "default_currency": traits.settlement,
        "details_submitted": True,
        "email": "accounts@pretend-supply.example",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "dashboard": {"display_name": traits.business_name, "timezone": "Etc/UTC"},
            "payouts": {"debit_negative_balances": True, "schedule": {"delay_days": 2, "interval": "daily"}},
        },
        "type": "standard",
    }


def new_customer(books: Books, **given: Any) -> Row:
    """Keep a customer: name, email, phone, description, address, shipping, metadata; tells customer.created."""
    row = books.blank(
        "customer",
        address=address_of(given.get("address")) if given.get("address") else None,
        balance=0,
        currency=None,
        default_source=None,
        delinquent=False,
        description=given.get("description"),
        discount=None,
        email=given.get("email"),
        invoice_prefix=books.ids.new("invoice_prefix").upper(),
        invoice_settings={"custom_fields": None, "default_payment_method": None, "footer": None},
        metadata=given.get("metadata"),
        name=given.get("name"),
        next_invoice_sequence=1,
        phone=given.get("phone"),
        preferred_locales=[],
        shipping=shipping_of(given.get("shipping")),
        tax_exempt="none",
        test_clock=None,
    )
    books.emit("customer.created", books.put(row))
    return row


def shipping_of(given: Mapping[str, Any] | None) -> Row | None:
    """Where goods go: address, name, phone; None when nothing is given."""
    if not given:
        return None
    address = given.get("address") or {name: given[name] for name in ADDRESS if name in given}
    return {
        "address": address_of(address),
        "carrier": given.get("carrier"),
        "name": given.get("name"),
        "phone": given.get("phone"),
        "tracking_number": given.get("tracking_number"),
    }


def delete_customer(books: Books, customer_id: str) -> None:
    """Leave only the tombstone of a customer; tells customer.deleted."""
    row = books.need(customer_id, "customer")
    books.emit("customer.deleted", row)
    row["_deleted"], row["email"] = True, None
    books.tables["customer"].reindex(row)


def new_product(books: Books, **given: Any) -> Row:
    """Keep a product: name, description, metadata."""
    row = books.blank(
        "product",
        active=True,
        default_price=None,
        description=given.get("description"),
        images=[],
        marketing_features=[],
        metadata=given.get("metadata"),
        name=given["name"],
        package_dimensions=None,
        shippable=None,
        statement_descriptor=None,
        tax_code=None,
        type="good",
        unit_label=None,
        updated=int(books.now()),
        url=None,
    )
    return books.put(row)


def new_price(books: Books, product: Row, currency: str, unit_amount: int, **given: Any) -> Row:
    """Keep a price of a product, in minor units; ``recurring`` is ``{"interval": "month"}`` or None."""
    recurring = given.get("recurring")
    row = books.blank(
        "price",
        active=True,
        billing_scheme="per_unit",
        currency=currency,
        custom_unit_amount=None,
        lookup_key=given.get("lookup_key"),
        metadata=given.get("metadata"),
        nickname=None,
        product=product["id"],
        recurring={"interval_count": 1, "meter": None, "usage_type": "licensed", **recurring} if recurring else None,
        tax_behavior="exclusive",
        tiers_mode=None,
        transform_quantity=None,
        type="recurring" if recurring else "one_time",
        unit_amount=unit_amount,
        unit_amount_decimal=str(unit_amount),
    )
    product["default_price"] = product["default_price"] or row["id"]
    return books.put(row)
