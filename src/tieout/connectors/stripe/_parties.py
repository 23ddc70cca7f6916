"""People and addresses in Stripe's objects."""

from __future__ import annotations

from tieout.connectors.stripe._object import StripeObject
from tieout.domain.sale import Address, Party


def address(found: StripeObject) -> Address:
    """Stripe's address object; empty when there is none."""
    return Address(
        line1=found.text("line1"),
        line2=found.text("line2"),
        city=found.text("city"),
        state=found.text("state"),
        postal_code=found.text("postal_code"),
        country=found.text("country"),
    )


def customer(found: StripeObject) -> Party:
    """A Customer, also a deleted one (which keeps only its id); an empty Party for a guest."""
    return Party(
        id=found.id,
        name=found.text("name", "business_name", "individual_name"),
        email=found.text("email"),
        phone=found.text("phone"),
        address=address(found.part("address")),
        metadata=found.texts("metadata"),
        deleted=found.flag("deleted"),
        tax_exempt=exemption(found.text("tax_exempt")),
    )


def contact(found: StripeObject, customer_id: str = "") -> Party:
    """``billing_details`` or ``customer_details``: who paid, as typed at the till."""
    return Party(
        id=customer_id,
        name=found.text("business_name", "name", "individual_name"),
        email=found.text("email"),
        phone=found.text("phone"),
        address=address(found.part("address")),
        tax_exempt=exemption(found.text("tax_exempt")),
    )


def exemption(told: str) -> str:
    """Why a buyer pays no tax; empty for everybody who does, and for words that Stripe may use one day."""
    return told if told in ("exempt", "reverse") else ""
