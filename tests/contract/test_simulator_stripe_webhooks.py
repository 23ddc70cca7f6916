"""The pretend Stripe account's webhooks: signed, repeated, lost, forged, given up."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import stripe

from simulators.faults import Fault
from simulators.server import Serving
from simulators.stripe import CURRENT, OLD, Delivering, StripeAccount
from simulators.wire import Request, Response
from simulators.world import VirtualClock, World

SECRET, KEY = "whsec_contract", "rk_test_contract"
DAY = 86_400


class Inbox:
    """Receives posts and answers what it is told to."""

    def __init__(self, answer: Callable[[int], int] = lambda _count: 200) -> None:
        self.answer = answer
        self.received: list[tuple[bytes, dict[str, str]]] = []

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        self.received.append((body, headers))
        return self.answer(len(self.received))

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.received]

    @property
    def ids(self) -> list[str]:
        return [json.loads(body)["id"] for body, _ in self.received]


def make(**traits: Any) -> tuple[StripeAccount, VirtualClock]:
    clock = VirtualClock()
    return StripeAccount(World(11, clock), key=KEY, webhook_secret=SECRET, noise=False, **traits), clock


def verify(body: bytes, headers: dict[str, str], secret: str = SECRET, age: int = 0) -> stripe.Event:
    # The clock is virtual: the age of the stamp is checked elsewhere.
    return stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret, tolerance=age)


def test_a_checkout_is_told_in_stripe_s_order_and_signed() -> None:
    account, clock = make()
    inbox = Inbox()
    paid = account.pay(None, "usd", 4_200, via="checkout")
    account.pump(inbox)
    clock.advance(3)
    account.pump(inbox)
    assert inbox.types == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]
    events = [verify(*each) for each in inbox.received]
    assert events[0].data.object["balance_transaction"] is None
    assert events[3].data.object["balance_transaction"].startswith("txn_")
    assert events[2].data.object["id"] == paid.session and events[2].api_version == CURRENT
    assert all(event["acknowledged"] for event in account.events())


def test_an_invoice_and_a_delayed_payment_tell_their_events() -> None:
    account, _ = make()
    customer = account.add_customer("Ada", "ada@example.com")
    inbox = Inbox()
    account.pay(customer, "usd", 4_200, via="invoice")
    account.settle(account.pay(customer, "usd", 4_200, via="checkout", unpaid=True).charge, False)
    account.pump(inbox)
    assert inbox.types[1:] == [
        "invoice.created", "invoice.finalized", "charge.succeeded",
        "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded",
        "charge.pending", "payment_intent.processing",
        "checkout.session.completed", "charge.failed", "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]  # fmt: skip


def test_an_endpoint_gets_its_own_version_and_only_its_types() -> None:
    account, _ = make()
    old, _secret = account.add_endpoint("http://old.example/", ["invoice.paid"], OLD)
    inbox = Inbox()
    paid = account.pay(account.add_customer("A"), "usd", 900, via="invoice")
    account.pump(inbox, old)
    (body, _headers) = inbox.received[0]
    event = json.loads(body)
    assert len(inbox.received) == 1 and event["api_version"] == OLD
    assert event["data"]["object"]["charge"] == paid.charge


def test_failures_are_retried_with_growing_pauses_and_fresh_signatures_for_three_days() -> None:
    account, clock = make()
    account.add_customer("A")
    inbox = Inbox(lambda _count: 500)
    times: list[float] = []
    start = clock.now()
    while (due := account.next_due()) is not None:
        clock.advance(max(0.0, due - clock.now()))
        times += [clock.now() - start] * account.pump(inbox)
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert len(times) > 10 and times[-1] <= 3 * DAY and gaps[:8] == sorted(gaps[:8])
    assert len({headers["Stripe-Signature"] for _, headers in inbox.received}) == len(times)
    assert len(set(inbox.ids)) == 1
    assert account.events()[0]["states"].popitem()[1] == "failed"


def test_a_redirect_or_no_answer_is_a_failure_and_a_later_2xx_ends_it() -> None:
    account, clock = make()
    account.add_customer("A")

    def post(_body: bytes, _headers: dict[str, str]) -> int:
        raise ConnectionRefusedError("nobody there")

    assert account.pump(post) == 1
    clock.advance(100)
    assert account.pump(Inbox(lambda _count: 302)) == 1
    assert _listed(account, delivery_success=False) == 1
    clock.advance(1_000)
    assert account.pump(Inbox(lambda _count: 204)) == 1
    assert account.next_due() is None and _listed(account, delivery_success=False) == 0
    assert [each["status"] for each in account.books()["deliveries"]] == [0, 302, 204]


def test_what_is_on_its_way_is_not_told_yet() -> None:
    account, _clock = make()
    account.add_customer("A")
    on_the_way: list[tuple[float | None, bool]] = []

    def post(_body: bytes, _headers: dict[str, str]) -> int:
        on_the_way.append((account.next_due(), account.has_told_all()))
        return 200

    assert not account.has_told_all()
    account.pump(post)
    assert on_the_way == [(None, False)]
    assert account.has_told_all()


def _listed(account: StripeAccount, **filters: Any) -> int:
    with Serving(account) as serving:
        client = stripe.StripeClient(KEY, base_addresses={"api": serving.url})
        wanted: Any = {"limit": 100, **filters}
        return len(client.v1.events.list(wanted).data)


def test_nine_days_of_failures_switch_the_endpoint_off_but_events_stay_listed() -> None:
    account, clock = make()
    inbox = Inbox(lambda _count: 500)
    for _day in range(11):
        account.add_customer("A")
        account.pump(inbox)
        clock.advance(DAY)
    assert account.endpoints()[0].row["status"] == "disabled"
    sent = len(inbox.received)
    account.add_customer("B")
    assert account.pump(inbox) == 0 and len(inbox.received) == sent
    assert _listed(account) == 12
    clock.advance(31 * DAY)
    assert _listed(account) == 0 and len(account.events()) == 12


def test_a_roll_signs_with_both_secrets_until_the_old_one_dies() -> None:
    account, clock = make()
    new = account.roll_secret(account.endpoints()[0].row["id"])
    inbox = Inbox()
    account.add_customer("A")
    account.pump(inbox)
    verify(*inbox.received[0], SECRET)
    verify(*inbox.received[0], new)
    clock.advance(DAY + 1)
    account.add_customer("B")
    account.pump(inbox)
    verify(*inbox.received[1], new)
    with pytest.raises(stripe.SignatureVerificationError):
        verify(*inbox.received[1], SECRET)


@pytest.mark.parametrize("how", ["signature", "body", "stale", "unsigned"])
def test_a_forgery_does_not_verify(how: str) -> None:
    account, _ = make()
    account.plan(Fault("forge", "charge.", times=1, detail={"how": how}))
    inbox = Inbox()
    account.pay(None, "usd", 900, via="charge")
    account.pump(inbox)
    forged = [at for at, each in enumerate(account.books()["deliveries"]) if each["forged"]]
    assert len(forged) == 1 and len(inbox.received) == 2
    body, headers = inbox.received[forged[0]]
    if how == "stale":
        stamp = int(headers["Stripe-Signature"].split(",")[0].removeprefix("t="))
        assert stamp == account.events()[-1]["created"] - 3600
    else:
        with pytest.raises((stripe.SignatureVerificationError, KeyError)):
            verify(body, headers)


def test_events_can_come_twice_late_twinned_or_never() -> None:
    account, clock = make()
    account.plan(
        Fault("duplicate", "charge.succeeded", times=1, seconds=2),
        Fault("reorder", "payment_intent.succeeded", times=1, seconds=60),
        Fault("drop", "checkout.session.completed", times=1),
        Fault("twin", "customer.created", times=1),
        Fault("never_generated", "charge.updated", times=1),
    )
    inbox = Inbox()
    account.add_customer("A")
    account.pay(None, "usd", 900, via="checkout")
    for _ in range(70):
        account.pump(inbox)
        clock.advance(1)
    assert sorted(inbox.types) == sorted(
        ["customer.created"] * 2 + ["charge.succeeded"] * 2 + ["payment_intent.succeeded"]
    )  # fmt: skip
    assert len(set(inbox.ids)) == len(inbox.ids) - 1 and inbox.types[-1] == "payment_intent.succeeded"
    kinds = {event["type"]: event for event in account.events()}
    assert "charge.updated" not in kinds and not kinds["checkout.session.completed"]["acknowledged"]


def test_thin_events_point_at_the_object_and_at_the_snapshot() -> None:
    account, _ = make()
    thin, secret = account.add_endpoint("http://thin.example/", thin=True)
    inbox = Inbox()
    paid = account.pay(None, "usd", 900, via="charge")
    account.pump(inbox, thin)
    body, headers = next(each for each in inbox.received if b"charge.succeeded" in each[0])
    with Serving(account) as serving:
        client = stripe.StripeClient(KEY, base_addresses={"api": serving.url})
        stamp = headers["Stripe-Signature"]
        note: Any = client.parse_event_notification(body, stamp, secret, tolerance=0)
        assert note.type == "v1.charge.succeeded" and note.related_object.id == paid.charge
        event: Any = client.v2.core.events.retrieve(note.id)
        assert client.v1.events.retrieve(event.snapshot_event).data.object["id"] == paid.charge


def test_tieout_s_own_endpoint_is_registered_listed_and_changed() -> None:
    account, _ = make()
    with Serving(account) as serving:
        hooks = stripe.StripeClient(KEY, base_addresses={"api": serving.url}).v1.webhook_endpoints
        made = hooks.create(
            {"url": "http://x.example/", "enabled_events": ["charge.succeeded"], "api_version": CURRENT}  # type: ignore[typeddict-item]
        )
        assert made.secret is not None and made.secret.startswith("whsec_")
        seen = hooks.retrieve(made.id)
        assert "secret" not in seen and seen.status == "enabled" and seen.api_version == CURRENT
        assert len(hooks.list().data) == 2
        assert hooks.update(made.id, {"disabled": True}).status == "disabled"
        assert hooks.update(made.id, {"disabled": False}).status == "enabled"
        hooks.delete(made.id)
        assert len(hooks.list().data) == 1
        with pytest.raises(stripe.InvalidRequestError) as refused:
            hooks.create({"url": "http://x.example/"})  # type: ignore[typeddict-item]
        assert refused.value.param == "enabled_events"


def test_events_list_newest_first_ignoring_the_version_asked_for() -> None:
    account, _ = make()
    account.pay(account.add_customer("A"), "usd", 900, via="invoice")
    with Serving(account) as serving:
        client = stripe.StripeClient(KEY, base_addresses={"api": serving.url}, stripe_version=OLD)
        listed = client.v1.events.list({"types": ["invoice.*", "charge.succeeded"], "limit": 100}).data
    assert [event.type for event in listed] == [
        "invoice.payment_succeeded", "invoice.paid", "charge.succeeded", "invoice.finalized", "invoice.created",
    ]  # fmt: skip
    assert all(event.api_version == CURRENT for event in listed)


def test_events_reach_a_real_server_from_a_thread() -> None:
    arrived, done = list[Request](), threading.Event()

    class Receiver:
        def respond(self, request: Request) -> Response:
            arrived.append(request)
            done.set()
            return Response(200)

    account = StripeAccount(World(2), webhook_secret=SECRET, noise=False)
    with Serving(Receiver()) as serving, Delivering(account, serving.url + "/hooks"):
        account.add_customer("A")
        assert done.wait(5)
    assert verify(arrived[0].body, {"Stripe-Signature": arrived[0].headers["stripe-signature"]}, age=300)
    assert arrived[0].path == "/hooks"
