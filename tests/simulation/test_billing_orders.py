"""The events of one invoice and its credit notes in any order: the books come to what a bookkeeper writes down by hand (B12)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from tests.simulation.billing import BAD_DEBT, OTHER_BANK, Billing
from tests.simulation.world import collect

STORIES = 24
ACCOUNTS = ("accounts_receivable", "customer_credits", "other_bank", "bad_debt")


@dataclass
class Bookkeeper:
    """What happened, written down step by step: debits above 0, in cents."""

    books: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*ACCOUNTS, "sold"), 0))

    def move(self, to: str, off: str, amount: int) -> None:
        self.books[to] += amount
        self.books[off] -= amount

    def granted(self, credit: int) -> None:
        self.move("sold", "customer_credits", credit)

    def billed(self, total: int, from_balance: int) -> None:
        self.move("accounts_receivable", "sold", total)
        self.move("customer_credits", "accounts_receivable", from_balance)

    def paid(self, amount: int, written_off: int, too_much: int) -> None:
        """``written_off`` of it had been given up, ``too_much`` of it was not owed; the rest was asked for."""
        self.books["accounts_receivable"] -= amount - written_off - too_much
        self.books["bad_debt"] -= written_off
        self.books["customer_credits"] -= too_much

    def credited(self, refund: int, balance: int, outside: int, lowered: int) -> None:
        self.books["sold"] += refund + balance + outside + lowered
        self.books["accounts_receivable"] -= lowered
        self.books["customer_credits"] -= balance
        self.books["other_bank"] -= outside


class Story:
    """One invoice with what happens to it, played in Stripe and written down by hand."""

    def __init__(self, world: Billing, dice: random.Random) -> None:
        self.world, self.dice, self.hand = world, dice, Bookkeeper()
        self.waiting: list[tuple[bytes, Mapping[str, str]]] = []
        self.account = world.stripe_account

    def play(self) -> None:
        """A balance, an invoice, and up to five steps that Stripe allows; events come now, later, or in another order."""
        if given := self.dice.choice([0, 0, -700, 900, -6_000]):
            self.account.adjust_customer_balance(self.world.customer, given)
            self.hand.granted(-given)
        self.tell_some()
        amounts = self.dice.choice(
            [(5_000,), (-2_400, 6_000), (3_000, 2_000), (-6_000, 3_600), (30,), (1_001, 2_002, -333)]
        )
        lines = [{"description": f"Line {i}", "unit_amount": each} for i, each in enumerate(amounts)]
        self.invoice = self.account.open_invoice(self.world.customer, lines=lines)
        found = self.row
        self.hand.billed(sum(amounts), found["ending_balance"] - found["starting_balance"])
        for _ in range(self.dice.randint(0, 5)):
            self.tell_some()
            self.step()
        self.tell_all()

    @property
    def row(self) -> Mapping[str, Any]:
        return self.account.books()["objects"][self.invoice]

    def step(self) -> None:
        status, left = str(self.row["status"]), self.row["amount_remaining"]
        steps = {"open": [self.pay, self.pay, self.lower, self.give_up, self.void, self.outside]}
        steps |= {"uncollectible": [self.pay, self.void, self.outside], "paid": [self.note]}
        if status in steps and (left or status == "paid"):
            self.dice.choice(steps[status])()

    def pay(self) -> None:
        left, lost = self.row["amount_remaining"], self.row["status"] == "uncollectible"
        amount = self.dice.choice([left, max(50, left // 3), left + 700])
        self.account.pay_invoice(self.invoice, amount)
        owed = min(left, amount)
        self.hand.paid(amount, owed if lost else 0, amount - owed)

    def outside(self) -> None:
        left, lost = self.row["amount_remaining"], self.row["status"] == "uncollectible"
        self.account.pay_out_of_band(self.invoice)
        self.hand.move("other_bank", "bad_debt" if lost else "accounts_receivable", left)

    def give_up(self) -> None:
        self.hand.move("bad_debt", "accounts_receivable", self.row["amount_remaining"])
        self.account.mark_uncollectible(self.invoice)

    def void(self) -> None:
        """What was written off stays bad debt: then nothing is left to take back."""
        found = self.row
        if found["amount_paid"] or found["pre_payment_credit_notes_amount"]:
            return
        from_balance = found["ending_balance"] - found["starting_balance"]
        self.hand.move("accounts_receivable", "customer_credits", from_balance)
        left = found["total"] - (found["amount_remaining"] if found["status"] == "uncollectible" else 0)
        self.hand.move("sold", "accounts_receivable", left)
        self.account.void_invoice(self.invoice)

    def lower(self) -> None:
        amount = max(1, self.row["amount_remaining"] // 4)
        self.account.credit_note(self.invoice, amount)
        self.hand.credited(0, 0, 0, amount)

    def note(self) -> None:
        found = self.row
        left = found["total"] - found["pre_payment_credit_notes_amount"] - found["post_payment_credit_notes_amount"]
        amount = min(left, self.dice.choice([60, 1_500, left]))
        if amount < 3:
            return
        by_hand = found["ending_balance"] > found["starting_balance"]  # a credit that a person has yet to apply in P21
        refund = 0 if by_hand else min(amount // 3, self.charged())
        outside = (amount - refund) // 2
        balance = amount - refund - outside
        parts: dict[str, Any] = {"refund_amount": refund, "credit_amount": balance, "out_of_band_amount": outside}
        self.account.credit_note(self.invoice, amount, **parts)
        self.hand.credited(refund, balance, outside, 0)

    def charged(self) -> int:
        """What of its first charge can still be refunded."""
        objects = self.account.books()["objects"].values()
        charges = [one for one in objects if one["object"] == "charge" and one["paid"]]
        return min((one["amount_captured"] - one["amount_refunded"] for one in charges), default=0)

    def tell_some(self) -> None:
        self.collect()
        self.dice.shuffle(self.waiting)
        keep = self.dice.randint(0, len(self.waiting))
        told, self.waiting = self.waiting[keep:], self.waiting[:keep]
        self.tell(told)

    def tell_all(self) -> None:
        self.collect()
        self.dice.shuffle(self.waiting)
        self.tell(self.waiting)
        self.world.rest()

    def collect(self) -> None:
        while (due := self.account.next_due()) is not None:
            self.world.clock.advance(max(0.0, due - self.world.clock.now()))
            self.account.pump(partial(collect, self.waiting))

    def tell(self, deliveries: list[tuple[bytes, Mapping[str, str]]]) -> None:
        for one in deliveries:
            assert self.world.receive(*one) == 200
            self.world.run(self.world.clock.now() + 0.5)


@pytest.mark.parametrize("seed", range(STORIES))
def test_the_events_of_an_invoice_come_in_any_order_and_the_books_are_as_a_bookkeeper_writes_them(seed: int) -> None:
    world = Billing(seed)
    world.publish(bad_debt_account=BAD_DEBT, outside_bank=OTHER_BANK)
    story = Story(world, random.Random(f"billing {seed}"))
    story.play()
    assert world.parked() == []
    kept = world.stands(*ACCOUNTS, "revenue", "returns_and_allowances")
    sold = kept.pop("revenue") + kept.pop("returns_and_allowances")
    assert {**kept, "sold": sold} == story.hand.books


@pytest.mark.parametrize("first", ["credit_note.created", "refund.created"])
def test_a_credit_note_in_three_parts_is_booked_whichever_of_its_events_comes_first(first: str) -> None:
    world = Billing()
    invoice = world.invoice(6_000)
    world.stripe_account.pay_invoice(invoice)
    world.rest()
    deliveries: list[tuple[bytes, Mapping[str, str]]] = []
    parts: dict[str, Any] = {"refund_amount": 2_500, "credit_amount": 1_500, "out_of_band_amount": 2_000}
    world.stripe_account.credit_note(invoice, 6_000, **parts)
    while (due := world.stripe_account.next_due()) is not None:
        world.clock.advance(max(0.0, due - world.clock.now()))
        world.stripe_account.pump(partial(collect, deliveries))
    for body, headers in sorted(deliveries, key=lambda one: first.encode() not in one[0]):
        assert world.receive(body, headers) == 200
        world.run(world.clock.now() + 1)
    world.rest()
    expected = {"accounts_receivable": 0, "customer_credits": -1_500, "other_bank": -2_000}
    assert world.stands(*expected) == expected
    assert len(world.p21("credit_memos")) == 1
    assert "20.00 USD are to be paid back outside Stripe, against P21 credit memo" in world.told()
    assert world.parked() == []
