"""What Tieout asks of a Prophet 21, whichever dialect it speaks (M16). Amounts here are decimal texts: "12.50"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tieout.connectors._connector import Capability, Probe
from tieout.domain.writing import Writer


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A P21 customer as far as matching and orders need it. ``emails`` are those of its contacts and addresses."""

    customer_id: str
    name: str
    emails: tuple[str, ...] = ()
    currency: str = ""
    terms: str = ""
    credit_status: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A P21 item: what can stand on an order line."""

    item_id: str
    description: str
    unit_of_measure: str
    other_charge: bool = False
    active: bool = True


class Prophet21(Protocol):
    """One company of one Prophet 21. Reads raise Failed; writes go through a Writer and never raise."""

    def probe(self) -> Probe:
        """Harmless calls that say what works, what was found and which capability is off."""
        ...

    def capability(self, entity: str) -> Capability:
        """Whether records of that entity can be written here, and if not, why."""
        ...

    def customer(self, customer_id: str) -> CustomerRecord | None:
        """The customer with that number, or None."""
        ...

    def customers_by_email(self, email: str) -> tuple[CustomerRecord, ...]:
        """Every customer that one of whose contacts or addresses has exactly that e-mail address (any case)."""
        ...

    def item(self, item_id: str) -> ItemRecord | None:
        """The item with that id, or None."""
        ...

    def parts(self, entity: str) -> tuple[str, ...]:
        """The records that must be written, in order, to create one ``entity``: each has a reference of its own.

        The middleware creates a customer as ("address", "contact", "customer"), the gateway as ("customer",). The key
        of a written part is put into the document of the later ones as ``address_id`` and ``contact_id``.
        """
        ...

    def writer(self, entity: str) -> Writer:
        """The writer for one part. Failed when the capability is off."""
        ...
