"""One Stripe account as Tieout uses it, over Stripe's own library (B1, B6; reliability B1 to B11; security §6.1).

Reads raise Failed (Retry, Fix or Defect), never an error of the library; writes go through a Writer and never raise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import httpx2

from tieout.connectors._connector import Finding, Probe
from tieout.connectors._wire import Rate, Wire
from tieout.connectors.stripe import endpoints, probe
from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._http import WireClient
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe._past import past_event, past_events
from tieout.connectors.stripe.balance import (
    Page,
    first_created,
    invoice_of,
    read_balance,
    read_change,
    read_page,
    read_payout_page,
)
from tieout.connectors.stripe.billing import read_credit_note, read_customer_credit, read_invoice
from tieout.connectors.stripe.disputes import read_dispute
from tieout.connectors.stripe.events import event_types, folder_of
from tieout.connectors.stripe.metadata import MetadataWriter
from tieout.connectors.stripe.orders import read_order, with_what_stands_beside
from tieout.connectors.stripe.payments import read_customer, read_payment
from tieout.connectors.stripe.payouts import read_payout, read_payouts
from tieout.connectors.stripe.probe import Account
from tieout.connectors.stripe.refunds import read_refund
from tieout.connectors.stripe.rereading import stated_again
from tieout.connectors.stripe.settings import API_BASE, StripeSettings, checked_keys
from tieout.connectors.stripe.webhook import ReceivedEvent, Unreadable
from tieout.domain.billing import CreditNote, CustomerCredit, StripeInvoice
from tieout.domain.facts import Fact
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.reconciliation.statement import Payout
from tieout.domain.sale import Order, Party, Payment
from tieout.domain.taken_back import Dispute, Refund
from tieout.domain.writing import Writer
from tieout.kernel.clock import Clock

SANDBOX_CALLS_PER_SECOND = 20
ENDPOINT_SHARE = 4


class Stripe:
    """One account in one mode.

    ``secrets``: ``restricted_key``, and ``write_key`` when metadata is written with a key of its own. Failed(Fix) for
    keys that are missing, too powerful (``sk_live_``) or of the other mode. ``transport`` replaces the sockets.
    """

    def __init__(
        self,
        settings: StripeSettings,
        secrets: Mapping[str, str],
        *,
        transport: httpx2.BaseTransport | None = None,
        clock: Clock = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        keys = checked_keys(settings, secrets)
        pace = _pace(settings)
        wire = Wire(settings.api_base, rate=Rate(pace, pause=pause), transport=transport)
        self._http = WireClient(wire, max(pace / ENDPOINT_SHARE, min(pace, SANDBOX_CALLS_PER_SECOND)), pause)
        self.settings, self._clock = settings, clock
        self._reading = Calls(keys.read, self._http, settings.api_base)
        self._writing = Calls(keys.write, self._http, settings.api_base)

    def payment(self, subject_id: str) -> Payment:
        """The payment as it is now, by payment intent or charge, with the metadata of its session or invoice.

        Failed(Fix) when there is none.
        """
        return with_what_stands_beside(self._reading, read_payment(self._reading, subject_id))

    def order(self, payment: Payment) -> Order | None:
        """What the payment was for, from Checkout, an invoice or metadata; None when nothing tells the lines."""
        return read_order(self._reading, payment)

    def refund(self, refund_id: str) -> Refund:
        """The refund as it is now. Failed(Fix) when there is none."""
        return read_refund(self._reading, refund_id)

    def dispute(self, dispute_id: str) -> Dispute:
        """The dispute as it is now, with the balance rows it has made so far."""
        return read_dispute(self._reading, dispute_id)

    def invoice(self, invoice_id: str) -> StripeInvoice:
        """The invoice as it is now, with its lines and certain payments."""
        return read_invoice(self._reading, invoice_id)

    def credit_note(self, note_id: str) -> CreditNote:
        """The credit note as it is now, with its lines."""
        return read_credit_note(self._reading, note_id)

    def customer_credit(self, customer_id: str) -> CustomerCredit:
        """The customer's balance as it is now, with what was changed of it by hand."""
        return read_customer_credit(self._reading, customer_id)

    def customer(self, customer_id: str) -> Party | None:
        """The customer, deleted or not; None when there never was one."""
        return read_customer(self._reading, customer_id)

    def event_object(self, event_type: str, object_id: str) -> StripeObject | None:
        """The object a thin event points at, as it is now; None when it is gone or Tieout reads no such objects (B5)."""
        folder = folder_of(event_type)
        return self._reading.find(object_path(folder, object_id)) if folder else None

    def account(self) -> Account:
        """The account and mode of the key."""
        return probe.read_account(self._reading)

    def events(self, since: int, types: Sequence[str] = ()) -> Iterator[ReceivedEvent | Unreadable]:
        """Past events, oldest first, from ``since`` (epoch seconds, 30 days back at most) until a minute ago."""
        return past_events(self._reading, since, int(self._clock()), tuple(types))

    def event(self, event_id: str) -> ReceivedEvent | Unreadable | None:
        """One past event by its id, or None when Stripe does not list it any more."""
        return past_event(self._reading, event_id)

    def balance(self) -> Mapping[str, tuple[int, int]]:
        """What the balance stands at: by currency, minor units available and pending."""
        return read_balance(self._reading)

    def balance_page(self, since: int, until: int, after: str = "") -> Page:
        """Rows of the balance created in a time (epoch seconds), newest first, a hundred at most."""
        return read_page(self._reading, since, until, after)

    def balance_change(self, change: str) -> BalanceChange | None:
        """One row of the balance, or None."""
        return read_change(self._reading, change)

    def balance_began(self) -> int | None:
        """When the oldest row was created (epoch seconds), or None when there is none."""
        return next(first_created(self._reading), None)

    def invoice_of(self, payment: str) -> str:
        """The Stripe invoice a payment was for, or an empty text."""
        return invoice_of(self._reading, payment)

    def payout(self, payout: str) -> Payout | None:
        """The payout as it is now, or None."""
        return read_payout(self._reading, payout)

    def payouts(self, since: int, until: int) -> Iterator[Payout]:
        """The payouts created in a time (epoch seconds), newest first."""
        return read_payouts(self._reading, since, until)

    def payout_page(self, payout: str, after: str = "") -> Page:
        """The rows of an automatic payout, its own among them, a hundred at most."""
        return read_payout_page(self._reading, payout, after)

    def stated_again(self, since: int, until: int) -> Iterator[Fact]:
        """What objects created in a time (epoch seconds) state as they are now, whether or not an event told of it."""
        return stated_again(self._reading, since, until)

    def metadata_writer(self) -> Writer:
        """Sets metadata: ``{"object": "charge", "id": "ch_…", "metadata": {…}}``."""
        return MetadataWriter(self._reading, self._writing)

    def probe(self) -> Probe:
        """Harmless calls that say whether account, mode and permissions are right."""
        return probe.probe(self.settings, self._reading, self._writing)

    def create_endpoint(self, url: str, types: Sequence[str] = ()) -> tuple[str, str]:
        """Register a webhook endpoint, by default for the events Tieout knows; answers its id and signing secret."""
        return endpoints.create_endpoint(self._reading, self._writing, url, types or event_types())

    def check_endpoint(self, url: str) -> tuple[Finding, ...]:
        """Whether the webhook endpoint is there, switched on, of our version and complete."""
        return endpoints.check_endpoint(self._reading, url, event_types())

    def close(self) -> None:
        """Give the sockets back."""
        self._http.close()


def _pace(settings: StripeSettings) -> int:
    """Stripe's own sandbox allows 25 calls a second in all, live mode 100 (B6)."""
    real = urlsplit(settings.api_base).hostname == urlsplit(API_BASE).hostname
    if real and not settings.livemode:
        return min(settings.calls_per_second, SANDBOX_CALLS_PER_SECOND)
    return settings.calls_per_second
