"""A pretend Stripe account: answers the API, lets payments happen, delivers webhooks, and keeps books for a checker."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from simulators.faults import Fault, Faults
from simulators.stripe import api as calls
from simulators.stripe import control, payments, planting
from simulators.stripe import delivery as sending
from simulators.stripe.delivery import Delivery, Endpoint, Post
from simulators.stripe.events import EventLog
from simulators.stripe.keys import Keys
from simulators.stripe.parties import delete_customer, new_customer, new_price, new_product
from simulators.stripe.payments import Paid, Terms, buyer_of, make_payment
from simulators.stripe.payouts import roll_daily
from simulators.stripe.pricing import basket, listed_price, unlisted_price
from simulators.stripe.reading import Reading
from simulators.stripe.receivables import Receivables
from simulators.stripe.refunds import refund
from simulators.stripe.state import ACCOUNT, CURRENT, Books, Traits
from simulators.stripe.treasury import Treasury
from simulators.stripe.versions import check_version, shown
from simulators.stripe.writing import Writing
from simulators.wire import Request, Response
from simulators.world import World

FAULTS = calls.KINDS | sending.KINDS | {"slow"}
ROLL_SECONDS = 86_400.0


class StripeAccount(Treasury, Receivables):
    """One account. Safe to use from several threads.

    ``key`` may do what ``permissions`` say, e.g. ``{"rak_charge_read"}`` (None: everything). ``webhook_secret`` makes
    an endpoint for all events with that secret; otherwise endpoints come by the API or ``add_endpoint``. Calls
    without a Stripe-Version header and endpoints without a version of their own get ``api_version``. ``traits`` are
    the fields of ``state.Traits``.
    """

    def __init__(
        self,
        world: World,
        *,
        key: str = "rk_test_simulated0000000000000000000000001",
        permissions: frozenset[str] | None = None,
        webhook_secret: str | None = None,
        webhook_url: str = "http://localhost/webhooks/stripe",
        api_version: str = CURRENT,
        account_id: str = ACCOUNT,
        livemode: bool = False,
        **traits: Any,
    ) -> None:
        self.key = key
        kept = Traits(account_id=account_id, api_version=check_version(api_version), livemode=livemode, **traits)
        self._lock = threading.RLock()
        self._books = Books(world, kept)
        self.faults = Faults(world.dice(f"stripe/{account_id}/faults"), FAULTS)
        self._keys = Keys(account_id)
        self._keys.add(key, permissions)
        self._log = EventLog(self._books, self.faults)
        self._delivery = Delivery(self._books, self._log, self.faults, self._lock)
        self._books.tell = self._delivery.tell
        reading = Reading(self._books, self._log, self._delivery)
        self._writing = Writing(self._books, reading, self._delivery)
        self._api = calls.Api(self._books, self._log, self._keys, self.faults, reading, self._writing)
        if kept.payout_schedule == "daily":
            roll_daily(self._books)
        if webhook_secret:
            self.add_endpoint(webhook_url, secret=webhook_secret)

    def respond(self, request: Request) -> Response:
        """Answer one request: the API, or ``/_sim`` for what only a simulator can do."""
        if request.path.startswith("/_sim"):
            return control.answer(self, request)
        with self._open():
            return self._api.answer(request)

    @contextmanager
    def _open(self) -> Iterator[Books]:
        with self._lock:
            self._books.tick()
            yield self._books

    # What happens in the account.

    def add_customer(
        self,
        name: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        address: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        shipping: Mapping[str, Any] | None = None,
    ) -> str:
        """A new customer's id."""
        with self._open() as books:
            given = {"name": name, "email": email, "phone": phone, "address": address, "shipping": shipping}
            return str(new_customer(books, metadata=metadata, **given)["id"])

    def delete_customer(self, customer: str) -> None:
        """Delete a customer; only its tombstone can still be read."""
        with self._open() as books:
            delete_customer(books, customer)

    def add_product(self, name: str, metadata: Mapping[str, Any] | None = None, description: str | None = None) -> str:
        """A new product's id; ``metadata`` may carry ``p21_item_id`` and ``sku``."""
        with self._open() as books:
            row = new_product(books, name=name, metadata=metadata, description=description)
            books.emit("product.created", row)
            return str(row["id"])

    def add_price(
        self,
        product: str,
        unit_amount: int,
        currency: str = "usd",
        metadata: Mapping[str, Any] | None = None,
        recurring: Mapping[str, Any] | None = None,
    ) -> str:
        """A new price's id; ``unit_amount`` is in minor units."""
        with self._open() as books:
            of = books.need(product, "product")
            row = new_price(books, of, currency, unit_amount, metadata=metadata, recurring=recurring)
            books.emit("price.created", row)
            return str(row["id"])

    def pay(
        self,
        customer: str | None = None,
        currency: str = "usd",
        amount: int | None = None,
        lines: Sequence[Mapping[str, Any]] = (),
        *,
        via: str = "intent",
        metadata: Mapping[str, Any] | None = None,
        payment_metadata: Mapping[str, Any] | None = None,
        shipping: Mapping[str, Any] | None = None,
        tax: int = 0,
        discount: int = 0,
        shipping_cost: int | Mapping[str, int] = 0,
        receipt_email: str | None = None,
        billing_name: str | None = None,
        billing_address: Mapping[str, Any] | None = None,
        captured: bool = True,
        unpaid: bool = False,
        description: str | None = None,
        client_reference_id: str | None = None,
        subscription: str | None = None,
        fees: Sequence[Mapping[str, Any]] | None = None,
    ) -> Paid:
        """Let a payment happen, and everything Stripe makes and tells of for it.

        ``via``: checkout, invoice, intent or charge. All amounts are minor units; ``lines`` are
        ``{price | sku, description, quantity, unit_amount, discount, tax, metadata}``, see ``pricing.basket``.
        ``metadata`` goes on the session or invoice and, unless ``payment_metadata`` says otherwise, on the intent and
        the charge. ``captured`` False only authorises (then ``capture``); ``unpaid`` is a delayed method whose money
        is still to come (then ``settle``). ``fees`` are ``{"type", "amount"}`` in the settlement currency instead of the
        usual one. ValueError when it makes no sense or Stripe would refuse the amount.
        """
        with self._open() as books:
            buyer = buyer_of(books, customer, receipt_email, billing_name, billing_address)
            price_of = listed_price if via in ("checkout", "invoice") else unlisted_price
            bought = basket(
                books,
                currency,
                amount,
                lines,
                tax=tax,
                discount=discount,
                shipping_cost=shipping_cost,
                price_of=price_of,
            )
            terms = Terms(
                via=via,
                metadata=metadata or {},
                payment_metadata=(metadata or {}) if payment_metadata is None else payment_metadata,
                shipping=payments.shipping(shipping),
                captured=captured,
                unpaid=unpaid,
                description=description,
                client_reference_id=client_reference_id,
                subscription=subscription,
                fees=fees,
            )
            return make_payment(books, bought, buyer, terms)

    def settle(self, charge: str, succeeded: bool = True) -> None:
        """Let a delayed payment succeed or fail."""
        with self._open() as books:
            payments.settle_async(books, books.need(charge, "charge"), succeeded)

    def capture(self, charge: str, amount: int | None = None) -> None:
        """Capture an authorised charge, all of it unless ``amount`` says less."""
        with self._open() as books:
            row = books.need(charge, "charge")
            payments.capture(books, row, row["amount"] if amount is None else amount)

    def refund(
        self,
        charge: str,
        amount: int | None = None,
        reason: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        *,
        status: str = "succeeded",
        fee_returned: bool = False,
    ) -> str:
        """Refund a charge, what is left of it unless ``amount`` says less; the refund's id.

        ``status`` pending or requires_action leaves its end to ``move_refund``; ``fee_returned`` gives back the fee.
        """
        with self._open() as books:
            row = books.need(charge, "charge")
            left = row["amount"] - row["amount_refunded"] if amount is None else amount
            made = refund(books, row, left, reason, metadata, status=status, fee_returned=fee_returned)
            return str(made["id"])

    def edit(self, object_id: str, **fields: Any) -> None:
        """Change fields or metadata of an object by hand, as a person does in the dashboard."""
        with self._open() as books:
            self._writing.change(books.need(object_id), fields)

    def emit(self, event_type: str, object_id: str) -> None:
        """Let an event happen for an object, of any type, known or not."""
        with self._open() as books:
            books.emit(event_type, books.need(object_id))

    # Keys and endpoints.

    def add_key(self, key: str, permissions: Sequence[str] | None = None) -> None:
        """Let another key in, or change what one may do (None: everything)."""
        with self._open():
            self._keys.add(key, None if permissions is None else frozenset(permissions))

    def expire_key(self, key: str) -> None:
        """Let a key in no more."""
        with self._open():
            self._keys.expire(key)

    def add_endpoint(
        self,
        url: str,
        enabled_events: Sequence[str] = ("*",),
        api_version: str | None = None,
        secret: str = "",
        thin: bool = False,
    ) -> tuple[str, str]:
        """A new endpoint's id and secret; ``thin`` gets thin events instead of snapshots."""
        with self._open():
            given = {"url": url, "enabled_events": list(enabled_events), "api_version": api_version}
            endpoint = self._writing.new_endpoint(given, secret, thin=thin)
            return endpoint.row["id"], endpoint.secrets[0][0]

    def roll_secret(self, endpoint_id: str, keep_seconds: float = ROLL_SECONDS) -> str:
        """A new secret for an endpoint; the old one signs too for ``keep_seconds``."""
        with self._open() as books:
            endpoint, secret = self._delivery.endpoints[endpoint_id], books.ids.new("secret")
            dies = books.now() + keep_seconds
            old = [(each, dies if end is None else min(end, dies)) for each, end in endpoint.secrets]
            endpoint.secrets = [(secret, None), *old]
            return secret

    def resend(self, event_id: str, endpoint_id: str) -> None:
        """Send an event again, as a person can from the dashboard."""
        with self._open() as books:
            self._delivery.resend(self._delivery.endpoints[endpoint_id], books.need(event_id, "event")["_event"])

    def endpoints(self) -> list[Endpoint]:
        """All endpoints there are."""
        with self._lock:
            return list(self._delivery.endpoints.values())

    def forget_events(self, types: Sequence[str] = (), since: float | None = None, until: float | None = None) -> int:
        """Lose events for good, by type (``payout.*``) and time in seconds since 1970; how many.

        They are listed no more and delivered no more. Faults of the kind never_generated keep new ones from coming.
        """
        with self._open():
            return planting.forget_events(self._log, self._delivery, types, since, until)

    # Time and the wire.

    def now(self) -> float:
        """The account's time, in seconds since 1970."""
        return self._books.now()

    def pump(self, post: Post, endpoint_id: str = "") -> int:
        """Let happen what is due and post every due delivery (to one endpoint or all); the number of posts."""
        return self._delivery.pump(post, endpoint_id)

    def next_due(self) -> float | None:
        """When something next happens by itself or a delivery is due, in seconds since 1970; None: never."""
        with self._lock:
            due = [at for at in (self._books.next_due(), self._delivery.next_due()) if at is not None]
            return min(due, default=None)

    def has_told_all(self) -> bool:
        """Whether nothing is due any more, by itself or to an endpoint, and no delivery is under way."""
        with self._lock:
            return self.next_due() is None and not self._delivery.under_way

    def plan(self, *faults: Fault) -> None:
        """Plan faults; ``FAULTS`` names the kinds."""
        self.faults.plan(*faults)

    # What a checker may see.

    def events(self) -> list[dict[str, Any]]:
        """Every event ever generated: id, type, object, created, states by endpoint, acknowledged."""
        with self._open():
            return [
                {
                    "id": event.id,
                    "type": event.type,
                    "object": event.subject["id"],
                    "created": event.created,
                    "states": dict(event.states),
                    "acknowledged": event.acknowledged,
                }
                for event in self._log.all()
            ]

    def seen(self, object_id: str) -> dict[str, Any]:
        """One object, as the current API version shows it."""
        with self._open() as books:
            return dict(shown(books, books.need(object_id), CURRENT))

    def books(self) -> dict[str, Any]:
        """Everything, for a checker: account, objects by id, events, deliveries, writes, endpoints, faults."""
        with self._open() as books:
            rows = [row for kind, table in books.tables.items() if kind != "event" for row in table.rows]
            return {
                "account": books.traits.account_id,
                "objects": {row["id"]: shown(books, row, CURRENT) for row in rows},
                "metadata": {row["id"]: dict(row["metadata"]) for row in rows if row.get("metadata")},
                "events": self.events(),
                "deliveries": [asdict(attempt) for attempt in self._delivery.attempts],
                "writes": [asdict(seen) for seen in self._api.idempotency.seen.values()],
                "faults_struck": dict(self.faults.struck),
            }
