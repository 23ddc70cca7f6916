"""What the API offers: every resource with its address, permission, filters and changeable fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.stripe.errors import unknown_path

_TEXTS = frozenset({"description", "receipt_email"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object at one address. ``filters``: query parameter to field; ``lines``: the name of its sub-list;
    ``ranges``: moments that can be asked for with gt, gte, lt, lte.
    """

    kind: str
    permission: str
    listed: bool = True
    filters: Mapping[str, str] = field(default_factory=dict)
    changes: frozenset[str] = frozenset()
    makes: bool = False
    deletes: bool = False
    lines: str = ""
    since_basil: bool = False
    special: bool = False
    ranges: tuple[str, ...] = ("created",)


RESOURCES: dict[str, Resource] = {
    "account": Resource("account", "connected_account", listed=False, special=True),
    "balance": Resource("balance", "balance", listed=False, special=True),
    "charges": Resource(
        "charge", "charge",
        filters={"payment_intent": "payment_intent", "customer": "customer"},
        changes=_TEXTS | {"metadata", "shipping", "customer", "fraud_details"},
    ),
    "payment_intents": Resource(
        "payment_intent", "payment_intent",
        filters={"customer": "customer"},
        changes=_TEXTS | {"metadata", "shipping"},
    ),
    "customers": Resource(
        "customer", "customer",
        filters={"email": "email"},
        changes=frozenset({"metadata", "shipping", "address", "name", "email", "phone", "description"}),
        makes=True, deletes=True, lines="balance_transactions",
    ),
    "checkout/sessions": Resource(
        "checkout.session", "checkout_session",
        filters={"payment_intent": "payment_intent", "customer": "customer", "status": "status"},
        changes=frozenset({"metadata"}), lines="line_items",
    ),
    "invoices": Resource(
        "invoice", "invoice",
        filters={"customer": "customer", "status": "status"},
        changes=frozenset({"metadata", "description"}), lines="lines",
    ),
    "invoice_payments": Resource(
        "invoice_payment", "invoice",
        filters={"invoice": "invoice", "status": "status"}, since_basil=True,
    ),
    "credit_notes": Resource(
        "credit_note", "credit_note",
        filters={"invoice": "invoice", "customer": "customer"}, changes=frozenset({"metadata", "memo"}), lines="lines",
    ),
    "products": Resource("product", "product", changes=frozenset({"metadata", "name", "description"})),
    "prices": Resource(
        "price", "plan", filters={"product": "product"}, changes=frozenset({"metadata"})
    ),
    "refunds": Resource(
        "refund", "charge",
        filters={"charge": "charge", "payment_intent": "payment_intent"}, changes=frozenset({"metadata"}),
    ),
    "balance_transactions": Resource(
        "balance_transaction", "balance",
        filters={"source": "source", "type": "type", "currency": "currency", "payout": "_payout"},
    ),
    "disputes": Resource(
        "dispute", "dispute",
        filters={"charge": "charge", "payment_intent": "payment_intent"}, changes=frozenset({"metadata"}),
    ),
    "payouts": Resource(
        "payout", "payout",
        filters={"status": "status", "destination": "destination"}, ranges=("created", "arrival_date"),
        changes=frozenset({"metadata"}),
    ),
    "topups": Resource("topup", "topup", filters={"status": "status"}, changes=frozenset({"metadata"})),
    "events": Resource("event", "event", special=True),
    "webhook_endpoints": Resource("webhook_endpoint", "webhook", makes=True, deletes=True, special=True),
}  # fmt: skip
_PARTS = {"bank_account": "payout", "customer_balance_transaction": "customer"}
PERMISSIONS = _PARTS | {each.kind: each.permission for each in RESOURCES.values()}


@dataclass(frozen=True, slots=True)
class Place:
    """What a path names: the resource, perhaps one object of it, perhaps that object's lines."""

    name: str
    resource: Resource
    object_id: str = ""
    lines: bool = False

    def operation(self, method: str) -> str:
        """The call's name as faults know it, e.g. ``charges.retrieve``."""
        if self.lines:
            verb = f"list_{self.resource.lines}"
        elif method == "GET":
            verb = "retrieve" if self.object_id or not self.resource.listed else "list"
        else:
            verb = "delete" if method == "DELETE" else "update" if self.object_id else "create"
        return f"{self.name.replace('/', '.')}.{verb}"


def locate(method: str, path: str) -> Place:
    """What ``path`` names; Refusal (404) when Stripe has no such address or it does not know the method."""
    parts = path.strip("/").split("/")
    words = 3 if parts[1:2] == ["checkout"] else 2
    name, rest = "/".join(parts[1:words]), parts[words:]
    resource = RESOURCES.get(name) if parts[0] == "v1" else None
    if resource is None or len(rest) > 2 or (rest[1:] and rest[1] != resource.lines):
        raise unknown_path(method, path)
    place = Place(name, resource, rest[0] if rest else "", bool(rest[1:]))
    if not _knows(place, method):
        raise unknown_path(method, path)
    return place


def _knows(place: Place, method: str) -> bool:
    resource = place.resource
    if method == "GET":
        return resource.listed or not place.object_id
    if place.lines:
        return False
    if method == "DELETE":
        return resource.deletes and bool(place.object_id)
    return method == "POST" and (bool(resource.changes) or resource.makes if place.object_id else resource.makes)
