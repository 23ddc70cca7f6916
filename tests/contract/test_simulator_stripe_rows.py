"""Every other row of the pretend account's balance, planted defects, and what always holds of a whole month."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
import stripe

from simulators.server import Serving
from simulators.stripe import CURRENT, StripeAccount
from simulators.wire import Request
from simulators.world import VirtualClock, World
from tests.contract.stripe_site import DAY, KEY, Site, money, serve

CURRENCIES = ("usd", "eur", "jpy", "gbp")


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve(settlements=("eur",))


def test_a_row_of_any_type_and_category_can_come(site: Site) -> None:
    add = site.account.add_row
    add(type="stripe_fee", amount=-640, description="Radar")
    add(type="tax_fee", amount=-128)
    add(type="reserve_hold", amount=-5_000)
    add(type="network_cost", amount=-77, fee_details=[{"type": "tax", "amount": 7}])
    add(type="moon_landing", amount=1, category="moon_category", currency="eur", source="moon_1")
    add(type="adjustment", amount=0)
    rows = site.rows()[::-1]
    assert [row.reporting_category for row in rows] == [
        *("fee", "tax", "risk_reserved_funds", "network_cost", "moon_category", "other_adjustment")
    ]
    assert [row.net for row in rows] == [-640, -128, -5_000, -84, 1, 0]
    assert money(site, "available") == {"usd": -5_852, "eur": 1}
    page = site.client().v1.balance_transactions.list({"expand": ["data.source"], "type": "moon_landing"})
    assert [row.source for row in page.data] == ["moon_1"]
    with pytest.raises(ValueError, match="add up to 7"):
        add(type="adjustment", amount=1, fee=8, fee_details=[{"type": "tax", "amount": 7}])


def test_another_kind_of_balance_stays_apart(site: Site) -> None:
    site.account.add_row(type="reserve_hold", amount=700, balance_type="risk_reserved")
    site.account.add_row(type="topup", amount=900, balance_type="refund_and_dispute_prefunding")
    assert money(site, "available") == {"usd": 0, "eur": 0}
    prefunding = site.client().v1.balance.retrieve().refund_and_dispute_prefunding
    assert prefunding is not None and [each.amount for each in prefunding.available] == [0, 900]
    with pytest.raises(ValueError, match="nothing to pay out"):
        site.account.pay_out()


def test_money_changes_from_one_currency_to_another_in_two_rows(site: Site) -> None:
    site.account.convert(10_000, "eur", "usd", received=10_800)
    got, gave = site.rows()
    assert [(row.currency, row.net, row.reporting_category) for row in (gave, got)] == [
        ("eur", -10_000, "currency_conversion"),
        ("usd", 10_800, "currency_conversion"),
    ]


def test_a_top_up_comes_from_the_bank_and_can_go_back(site: Site) -> None:
    topup = site.account.top_up(50_000)
    failed = site.account.top_up(100, status="pending")
    site.account.move_topup(failed, "failed")
    site.account.move_topup(topup, "reversed")
    assert [(row.type, row.net, row.source) for row in site.rows()] == [
        ("topup_reversal", -50_000, topup),
        ("topup", 50_000, topup),
    ]
    seen = site.client().v1.topups.retrieve(failed)
    assert (seen.status, seen.failure_code) == ("failed", "insufficient_funds")
    assert [name for name in site.told() if name.startswith("topup.")] == [
        *("topup.created", "topup.succeeded", "topup.created", "topup.failed", "topup.reversed")
    ]


def test_a_planted_defect_shows_where_it_was_planted_only(site: Site) -> None:
    rows = [site.account.add_row(type="adjustment", amount=amount) for amount in (1, 10, 100, 1_000)]
    payout = site.account.pay_out()
    site.account.hide_row(rows[0])
    site.account.remove_row(rows[1])
    site.account.alter_row(rows[2], net=99)
    site.account.alter_row(rows[3], payout=None)
    assert [row.id for row in site.rows(payout=payout)][1:] == [rows[2]]
    assert [row.id for row in site.rows()][1:] == [rows[3], rows[2]]
    client = site.client().v1.balance_transactions
    assert client.retrieve(rows[0]).net == 1 and client.retrieve(rows[2]).net == 99
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        client.retrieve(rows[1])
    assert money(site, "available")["usd"] == 1 + 99 + 1_000 - 1_111
    with pytest.raises(ValueError, match="has no field 'nett'"):
        site.account.alter_row(rows[2], nett=1)


def test_forgotten_events_are_neither_listed_nor_delivered(site: Site) -> None:
    posted: list[str] = []

    def post(body: bytes, _headers: dict[str, str]) -> int:
        posted.append(json.loads(body)["type"])
        return 200

    site.account.add_endpoint("http://localhost/hook")
    site.account.add_row(type="adjustment", amount=1_000)
    payout = site.account.pay_out()
    site.clock.advance(9 * DAY)
    site.client().v1.balance.retrieve()
    late = site.clock.now()
    assert site.account.forget_events(["payout.p*", "payout.updated"], until=late) == 2
    assert site.account.forget_events(since=late + 1) == 0
    site.account.pump(post)
    left = ["payout.created", "payout.reconciliation_completed"]
    assert posted == left and [event.type for event in site.client().v1.events.list().data] == left[::-1]
    assert site.client().v1.payouts.retrieve(payout).status == "paid"
    assert sum("forgotten" in event["states"].values() for event in site.account.events()) == 2


def test_an_available_balance_can_be_announced(site: Site) -> None:
    site.account.add_row(type="adjustment", amount=700)
    site.account.announce_balance()
    (event,) = site.client().v1.events.list({"type": "balance.available"}).data
    told = event.data.object
    assert told["object"] == "balance" and "id" not in told
    assert {each["currency"]: each["amount"] for each in told["available"]} == {"usd": 700, "eur": 0}


def test_everything_can_be_told_over_http(site: Site) -> None:
    def told(name: str, **given: object) -> object:
        request = Request.of("POST", f"/_sim/{name}", {}, json.dumps(given).encode())
        return json.loads(site.account.respond(request).body)["result"]

    row = told("add_row", type="adjustment", amount=12_345)
    payout = told("pay_out", currency="usd")
    told("move_payout", payout=payout, status="paid")
    assert [each.id for each in site.rows(payout=payout)][1:] == [row]
    bank = json.loads(site.account.respond(Request.of("GET", "/_sim/bank", {})).body)
    assert [(each["payout"], each["amount"]) for each in bank["deposits"]] == [(payout, 12_345)]
    assert told("forget_events", types=["payout.*"]) == 2


def lived_month(seed: int) -> StripeAccount:
    """An account after a month in which about everything happened, with payouts every midnight."""
    dice, clock = random.Random(seed), VirtualClock()
    account = StripeAccount(World(seed, clock), key=KEY, settlements=("eur", "jpy"), payout_schedule="daily")
    charges: list[str] = []
    for _ in range(30):
        for _ in range(dice.randrange(6)):
            amount, currency = dice.randrange(500, 90_000), dice.choice(CURRENCIES)
            charges.append(account.pay(None, currency, amount, unpaid=dice.random() < 0.2).charge)
        clock.advance(dice.randrange(3_600, DAY))
        happen(account, dice, charges)
        clock.advance(3_600)
    clock.advance(12 * DAY)
    return account


def happen(account: StripeAccount, dice: random.Random, charges: list[str]) -> None:
    """A few things that happen on one day; what makes no sense for a charge is refused, and nothing happens."""
    for charge in dice.sample(charges, min(4, len(charges))):
        with suppress(ValueError):
            once(account, dice, charge)


def once(account: StripeAccount, dice: random.Random, charge: str) -> None:
    what = dice.randrange(7)
    if what == 0:
        account.settle(charge, succeeded=dice.random() < 0.7)
    elif what == 1:
        account.bounce(charge)
    elif what == 2:
        refund = account.refund(charge, dice.randrange(1, 500), fee_returned=dice.random() < 0.3)
        if dice.random() < 0.5:
            account.move_refund(refund, "failed")
    elif what == 3:
        dispute = account.dispute(charge, dice.randrange(100, 500))
        account.move_dispute(dispute, "under_review", counter_fee=1_500)
        account.move_dispute(dispute, dice.choice(["won", "lost"]), amount=dice.randrange(100))
    elif what == 4:
        account.add_row(type="stripe_fee", amount=-dice.randrange(900), currency=dice.choice(CURRENCIES[:3]))
    elif what == 5:
        account.convert(dice.randrange(100, 5_000), "eur", "usd")
    else:
        account.top_up(dice.randrange(1, 9_000))


@pytest.mark.parametrize("seed", range(1, 7))
def test_whatever_happens_in_a_month_the_money_adds_up(seed: int) -> None:
    account = lived_month(seed)
    with Serving(account) as serving:
        client = stripe.StripeClient(KEY, base_addresses={"api": serving.url}, stripe_version=CURRENT).v1
        rows = list(client.balance_transactions.list({"limit": 100}).auto_paging_iter())
        payouts = list(client.payouts.list({"limit": 100}).auto_paging_iter())
        lines = {
            payout.id: list(client.balance_transactions.list({"payout": payout.id, "limit": 7}).auto_paging_iter())
            for payout in payouts
        }
        balance = client.balance.retrieve()
        first = min(row.created for row in rows) // DAY * DAY
        by_day = [
            row.id
            for day in range(first, int(max(row.created for row in rows)) + DAY, DAY)
            for row in client.balance_transactions.list(
                {"created": {"gte": day, "lt": day + DAY}, "limit": 100}
            ).auto_paging_iter()
        ]
    assert sorted(by_day) == sorted(row.id for row in rows)
    assert len(payouts) > 20 and len({row.reporting_category for row in rows}) > 8
    for row in rows:
        assert row.net == row.amount - row.fee and row.fee == sum(fee.amount for fee in row.fee_details)
    for payout in payouts:
        assert payout.amount == sum(row.net for row in lines[payout.id] if row.id != payout.balance_transaction)
        assert {row.currency for row in lines[payout.id]} == {payout.currency}
    listed = [row.id for each in lines.values() for row in each]
    assert len(listed) == len(set(listed)) and set(listed) <= {row.id for row in rows}
    for part in balance.available:
        assert part.amount == sum(
            row.net for row in rows if row.currency == part.currency and row.status == "available"
        )
    assert sum(each["amount"] for each in account.bank_deposits()) == sum(
        payout.amount for payout in payouts if payout.status == "paid"
    )
    assert lived_month(seed).books()["objects"] == account.books()["objects"]
