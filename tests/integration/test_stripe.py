"""The Stripe connector against the pretend Stripe over HTTP: payments, orders, metadata, permissions, events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from simulators.faults import Fault
from simulators.server import Serving
from simulators.stripe import OLD, StripeAccount
from simulators.world import VirtualClock, World
from tieout.connectors.stripe._permissions import READS
from tieout.connectors.stripe.client import Stripe
from tieout.connectors.stripe.events import state_of
from tieout.connectors.stripe.settings import API_VERSION, parse_settings
from tieout.connectors.stripe.webhook import ReceivedEvent, Verified, read_event, verify
from tieout.domain.facts import PAYMENT_SUCCEEDED, Fact
from tieout.domain.sale import Order, Payment, imbalance
from tieout.domain.writing import Confirmed, Document, Indeterminate, NotSent, Rejected
from tieout.kernel.failures import Failed, Retry

ADDRESS = {"line1": "1 Main St", "city": "Reno", "state": "NV", "postal_code": "89501", "country": "US"}
LINES = (
    {"sku": "BOLT-1", "description": "Bolt", "quantity": 3, "unit_amount": 1000, "tax": 240},
    {"sku": "NUT-9", "description": "Nut", "quantity": 10, "unit_amount": 55, "discount": 50},
)
REFERENCE = "TOABCDEFGHIJKLMNOPQR"


class Speaking(httpx2.BaseTransport):
    """The ordinary sockets, but asking in another API version, as if that were the pinned one."""

    def __init__(self, version: str) -> None:
        self._version, self._sockets = version, httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["stripe-version"] = self._version
        return self._sockets.handle_request(request)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def account(clock: VirtualClock) -> StripeAccount:
    return StripeAccount(World(7, clock), webhook_secret="whsec_integration")


@pytest.fixture
def url(account: StripeAccount) -> Iterator[str]:
    with Serving(account) as serving:
        yield serving.url


def connected(account: StripeAccount, url: str, version: str = API_VERSION, key: str = "") -> Stripe:
    settings = parse_settings({"api_base": url, "calls_per_second": 100_000})
    return Stripe(settings, {"restricted_key": key or account.key}, transport=Speaking(version), clock=time.time)


def bought(account: StripeAccount, via: str) -> Any:
    customer = account.add_customer("Acme", "ap@acme.test", address=ADDRESS, metadata={"p21_customer_id": "7"})
    return account.pay(
        customer,
        lines=LINES,
        via=via,
        shipping={"name": "Dock", "address": ADDRESS},
        shipping_cost=500,
        metadata={"ecommerceorderid": "17"},
        client_reference_id="WEB-17" if via == "checkout" else None,
    )


def read(account: StripeAccount, url: str, subject: str, version: str = API_VERSION) -> tuple[Payment, Order | None]:
    stripe = connected(account, url, version)
    payment = stripe.payment(subject)
    return payment, stripe.order(payment)


@pytest.mark.parametrize("via", ["checkout", "invoice"])
def test_payment_and_order_are_the_same_in_old_and_current_shapes(account: StripeAccount, url: str, via: str) -> None:
    paid = bought(account, via)
    now, before = (read(account, url, paid.payment_intent, version) for version in (API_VERSION, OLD))
    assert now == before
    payment, order = now
    assert order is not None
    assert (payment.amount, payment.charge_id, payment.customer.id) == (paid.amount, paid.charge, paid.customer)
    assert payment.customer.metadata == {"p21_customer_id": "7"}
    assert payment.invoice_id == paid.invoice
    assert (order.source, order.total, imbalance(order)) == (via, paid.amount, 0)
    assert [(line.sku, str(line.quantity), line.net, line.tax, line.discount) for line in order.lines] == [
        ("BOLT-1", "3", 3000, 240, 0),
        ("NUT-9", "10", 500, 0, 50),
    ]
    assert order.shipping == 500
    assert order.ship_to_name == "Dock"


def test_an_order_of_250_lines_is_read_whole(account: StripeAccount, url: str) -> None:
    lines = [{"sku": f"S-{number}", "quantity": 1, "unit_amount": 100} for number in range(250)]
    for via in ("checkout", "invoice"):
        paid = account.pay(account.add_customer("Acme"), lines=lines, via=via)
        _, order = read(account, url, paid.payment_intent)
        assert order is not None
        assert len({line.id for line in order.lines}) == 250
        assert imbalance(order) == 0


def test_an_intent_alone_tells_its_lines_only_by_metadata(account: StripeAccount, url: str) -> None:
    dumb = account.pay(amount=1250)
    assert read(account, url, dumb.payment_intent)[1] is None
    told = account.pay(amount=1250, metadata={"line_1_sku": "A", "line_1_quantity": "2", "line_1_amount": "625"})
    payment, order = read(account, url, told.payment_intent)
    assert order is not None
    assert imbalance(order) == 0
    assert payment.invoice_id == ""


def test_a_charge_without_intent_and_an_authorisation(account: StripeAccount, url: str) -> None:
    alone = account.pay(amount=900, via="charge")
    payment, _ = read(account, url, alone.charge)
    assert (payment.id, payment.holder, payment.amount) == (alone.charge, "charge", 900)
    held = account.pay(amount=900, captured=False)
    assert not connected(account, url).payment(held.payment_intent).captured
    account.capture(held.charge, 400)
    captured = connected(account, url).payment(held.payment_intent)
    assert (captured.captured, captured.amount) == (True, 400)


def test_a_deleted_customer_does_not_stop_a_payment_from_being_read(account: StripeAccount, url: str) -> None:
    paid = bought(account, "intent")
    account.delete_customer(paid.customer)
    payment = connected(account, url).payment(paid.payment_intent)
    assert payment.customer.deleted
    assert payment.customer.id == paid.customer


def document(paid: Any, **metadata: str) -> Document:
    return {"object": "payment_intent", "id": paid.payment_intent, "metadata": dict(metadata)}


def test_metadata_is_written_once_and_found_again(account: StripeAccount, url: str) -> None:
    paid, writer = bought(account, "intent"), connected(account, url).metadata_writer()
    wanted = document(paid, p21_order_no="1001")
    assert writer.look_up(REFERENCE, wanted) == ()
    assert writer.send(REFERENCE, wanted) == Confirmed(paid.payment_intent, proven=True)
    assert writer.send(REFERENCE, wanted) == Confirmed(paid.payment_intent, proven=True)
    (found,) = writer.look_up(REFERENCE, wanted)
    assert not found.differences
    (other,) = writer.look_up(REFERENCE, document(paid, p21_order_no="2002"))
    assert other.differences
    assert isinstance(writer.send(REFERENCE, document(paid, p21_order_no="2002")), Rejected), "same key, other content"
    assert account.books()["metadata"][paid.payment_intent]["p21_order_no"] == "1001"
    assert account.books()["metadata"][paid.payment_intent]["ecommerceorderid"] == "17"


@pytest.mark.parametrize("holder", ["charge", "customer", "checkout_session", "invoice"])
def test_metadata_of_every_kind_of_object(account: StripeAccount, url: str, holder: str) -> None:
    paid = bought(account, "invoice" if holder == "invoice" else "checkout")
    object_id = {
        "charge": paid.charge,
        "customer": paid.customer,
        "checkout_session": paid.session,
        "invoice": paid.invoice,
    }
    wanted: Document = {"object": holder, "id": object_id[holder], "metadata": {"p21_order_no": "1001"}}
    writer = connected(account, url).metadata_writer()
    assert isinstance(writer.send(REFERENCE, wanted), Confirmed)
    assert len(writer.look_up(REFERENCE, wanted)) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "written"),
    [
        ("rate_limit", NotSent, False),
        ("lock_timeout", NotSent, False),
        ("expired_key", NotSent, False),
        ("missing_permission", Rejected, False),
        ("server_error", Indeterminate, False),
        ("error_after_commit", Indeterminate, True),
        ("cut", Indeterminate, False),
        ("cut_after_commit", Indeterminate, True),
    ],
)
def test_what_is_known_after_each_fault_of_a_write(
    account: StripeAccount, url: str, fault: str, kind: type, written: bool
) -> None:
    paid, writer = bought(account, "intent"), connected(account, url).metadata_writer()
    wanted = document(paid, p21_order_no="1001")
    account.plan(Fault(fault, times=1))
    assert isinstance(writer.send(REFERENCE, wanted), kind)
    assert bool(writer.look_up(REFERENCE, wanted)) is written


@pytest.mark.parametrize(
    ("fault", "code", "outage"),
    [
        ("rate_limit", "stripe.rate", True),
        ("server_error", "stripe.trouble", False),
        ("cut", "stripe.broken", False),
        ("expired_key", "stripe.unauthorized", True),
        ("missing_permission", "stripe.permission", True),
    ],
)
def test_what_a_read_says_after_each_fault(
    account: StripeAccount, url: str, fault: str, code: str, outage: bool
) -> None:
    paid = bought(account, "intent")
    account.plan(Fault(fault, times=1))
    with pytest.raises(Failed) as caught:
        connected(account, url).payment(paid.payment_intent)
    failure = caught.value.failure
    assert isinstance(failure, Retry)
    assert (failure.code, failure.outage) == (code, outage)
    assert connected(account, url).payment(paid.payment_intent).amount == paid.amount


def test_stripe_that_is_not_there_is_an_outage(account: StripeAccount) -> None:
    with Serving(account) as serving:
        gone = serving.url
    with pytest.raises(Failed) as caught:
        connected(account, gone).payment("pi_1")
    assert isinstance(caught.value.failure, Retry)
    assert caught.value.failure.outage


ALL = frozenset(f"rak_{one.name}" for one in READS)


def test_the_published_permissions_are_enough(account: StripeAccount, url: str) -> None:
    account.add_key("rk_test_least0000000000", sorted(ALL))
    stripe = connected(account, url, key="rk_test_least0000000000")
    probe = stripe.probe()
    assert probe.works, [finding.failure for finding in probe.findings if finding.failure]
    paid = bought(account, "invoice")
    assert stripe.order(stripe.payment(paid.payment_intent)) is not None
    assert stripe.customer(paid.customer) is not None


def test_events_are_verified_read_and_state_one_payment(clock: VirtualClock, account: StripeAccount, url: str) -> None:
    posts: list[tuple[dict[str, str], bytes]] = []

    def post(body: bytes, headers: dict[str, str]) -> int:
        posts.append((headers, body))
        return 200

    account.add_endpoint("http://localhost/thin", secret="whsec_integration", thin=True)
    paid = bought(account, "checkout")
    for _ in range(5):
        clock.advance(5)
        account.pump(post)
    stripe, stated, events = connected(account, url), set(), []
    for headers, body in posts:
        lower = {name.lower(): value for name, value in headers.items()}
        assert isinstance(verify(body, lower["stripe-signature"], ["whsec_integration"], clock.now()), Verified)
        event = read_event(body)
        assert isinstance(event, ReceivedEvent)
        events.append(event)
        stated.add(state_of(event.type, event.body, lambda: stripe, thin=event.thin))
    assert {event.thin for event in events} == {False, True}
    facts = {one for one in stated if isinstance(one, Fact)}
    assert facts == {Fact(PAYMENT_SUCCEEDED, paid.payment_intent)}


def test_a_webhook_endpoint_is_registered_and_checked(account: StripeAccount, url: str) -> None:
    stripe, door = connected(account, url), "https://tieout.example/webhooks/stripe/main"
    endpoint_id, secret = stripe.create_endpoint(door)
    assert endpoint_id.startswith("we_")
    assert secret.startswith("whsec_")
    assert all(finding.failure is None for finding in stripe.check_endpoint(door))
    with pytest.raises(Failed):
        stripe.create_endpoint(door)


def test_past_events_are_caught_up_oldest_first_and_complete(
    clock: VirtualClock, account: StripeAccount, url: str
) -> None:
    since = int(clock.now())
    for _ in range(3):
        bought(account, "checkout")
        clock.advance(1800)
    clock.advance(3600)
    settings = parse_settings({"api_base": url, "calls_per_second": 100_000})
    stripe = Stripe(settings, {"restricted_key": account.key}, clock=clock.now)
    found = list(stripe.events(since))
    assert all(isinstance(event, ReceivedEvent) for event in found)
    stamps = [event.created for event in found if isinstance(event, ReceivedEvent)]
    assert stamps == sorted(stamps)
    settled = {one["id"] for one in account.events() if one["created"] <= clock.now() - 60}
    assert {event.id for event in found if isinstance(event, ReceivedEvent)} == settled
