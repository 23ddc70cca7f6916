"""The books, day by day: whatever happens to the money, every cent is posted once and every payout is proven."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.simulation.books import DAY, LEDGER, PLAIN, Books, sell_some
from tests.simulation.world import Luck, Shape
from tieout.domain.ledger.account import (
    BANK,
    DISPUTE_LOSSES,
    DISPUTES_RECEIVABLE,
    RECEIVABLE,
    REFUNDS_PAYABLE,
    RETURNS,
    SALES_TAX,
    SUSPENSE,
    TRANSIT,
)
from tieout.domain.ledger.posting import Posted, post
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.failures import Failed
from tieout.operations.decision import Decision
from tieout.operations.keep_ledger import keep_rates
from tieout.operations.keep_statement import keep_statement
from tieout.operations.resolve_exception import accept, reverse
from tieout.processes.look_at_payouts import look_at_payouts
from tieout.queries.proof import standing
from tieout.store import balance, bank, exceptions, journal, ledgers

EVENING = ("periods", "import", "disputes", "refunds", "documents", "journals", "payouts", "prove")


def a_day(world: Books, dice: random.Random, charges: list[str]) -> None:
    """Sales, and some of everything else that can happen to money."""
    charges += sell_some(world, dice, dice.randint(1, 4))
    for _ in range(dice.randint(1, 4)):
        with suppress(ValueError):  # nothing to pay out, or nothing left to refund
            something(world, dice, dice.choice(charges))


def something(world: Books, dice: random.Random, charge: str) -> None:
    """Anything that can happen to money besides a sale."""
    account = world.stripe_account
    acts: dict[str, Callable[[], object]] = {
        "refund": lambda: account.refund(charge, dice.randint(100, 900), status=dice.choice(("succeeded", "pending"))),
        "dispute": lambda: account.move_dispute(account.dispute(charge), dice.choice(("won", "lost", "under_review"))),
        "fee": lambda: account.add_row(type="stripe_fee", amount=-dice.randint(1, 900)),
        "tax": lambda: account.add_row(type="tax_fee", amount=-dice.randint(1, 90)),
        "network": lambda: account.add_row(type="network_cost", amount=-dice.randint(1, 90)),
        "reserve": lambda: account.add_row(type="reserve_hold", amount=-dice.randint(100, 900)),
        "release": lambda: account.add_row(type="reserve_release", amount=dice.randint(100, 900)),
        "unknown": lambda: account.add_row(type="moonbeam", category="moonbeams", amount=dice.choice((-37, 37))),
        "nothing": lambda: account.add_row(type="adjustment", category="other_adjustment", amount=0),
        "top_up": lambda: account.top_up(dice.randint(1_000, 9_000)),
        "payout": account.pay_out,
    }  # fmt: skip
    acts[dice.choice(sorted(acts))]()


GATEWAY = Shape(p21_settings={"dialect": "gateway", "receipts_by": "order"})


@pytest.mark.parametrize(("seed", "shape"), [(0, PLAIN), (1, PLAIN), (2, PLAIN), (3, GATEWAY), (4, GATEWAY)])
def test_after_every_day_the_books_agree_with_stripe(seed: int, shape: Shape) -> None:
    world, dice, charges = Books(seed, shape=shape), random.Random(f"days {seed}"), list[str]()
    for _ in range(8):
        a_day(world, dice, charges)
        world.pass_days(1, chores=EVENING)
        world.bank_tells()
        world.identities()
    world.everything()
    world.identities()
    assert "broken" not in world.verdicts().values(), world.open_codes()
    assert set(world.open_codes()) <= {"row.unknown"}
    world.p21_agrees()


def test_an_automatic_payout_ties_out_once_the_bank_shows_it() -> None:
    world = Books(1)
    sell_some(world, random.Random(1), 5)
    world.pass_days(3)
    payout = world.stripe_account.pay_out()
    world.pass_days(2, chores=EVENING)
    assert world.verdicts() == {payout: "waiting"}
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {payout: "tied_out"}
    sums = world.balances()
    assert (TRANSIT, "usd") not in sums
    assert sums[BANK, "usd"][0] == sum(one["amount"] for one in world.stripe_account.bank_deposits())


def test_a_payout_that_fails_after_it_was_paid_is_opened_again() -> None:
    world = Books(2)
    sell_some(world, random.Random(2), 4)
    world.pass_days(3)
    payout = world.stripe_account.pay_out()
    world.pass_days(3, chores=EVENING)
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {payout: "tied_out"}
    world.stripe_account.move_payout(payout, "failed", "account_closed", reached_bank=True)
    world.run(world.clock.now() + DAY)
    world.do(*EVENING)
    assert world.verdicts() == {payout: "waiting"}, "the bank had it: it must show that it went back"
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {payout: "tied_out"}
    assert (TRANSIT, "usd") not in world.balances() and (BANK, "usd") not in world.balances()
    world.identities()


def test_a_payout_that_had_failed_before_it_was_first_seen_went_both_ways() -> None:
    world = Books(21)
    sell_some(world, random.Random(21), 2)
    world.pass_days(3, chores=())
    payout = world.stripe_account.pay_out()
    world.pass_days(3, chores=())
    world.stripe_account.move_payout(payout, "failed", "account_closed", reached_bank=True)
    world.pass_days(1, chores=())
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {payout: "tied_out"}
    with world.books.reading() as db:
        assert bank.unmatched(db) == []
    assert (BANK, "usd") not in world.balances()


def test_a_foreign_payout_that_comes_back_at_another_rate_leaves_fx_and_nothing_in_transit() -> None:
    world = Books(24, shape=Shape(stripe_options={"settlements": ("usd", "eur")}))
    world.stripe_account.pay(via="charge", amount=9_000, currency="eur")
    world.pass_days(3, chores=EVENING)
    payout = world.stripe_account.pay_out("eur")
    world.pass_days(1, chores=EVENING)
    tomorrow = (date.fromisoformat(world.today()) + timedelta(days=1)).isoformat()
    keep_rates(world.books, "usd", [("eur", tomorrow, Decimal("1.2000"))])
    world.run(world.clock.now() + DAY)
    world.stripe_account.move_payout(payout, "failed", "account_closed")
    world.do(*EVENING)
    assert (TRANSIT, "eur") not in world.balances()
    assert world.balances()["fx_gain_loss", "eur"][0] == 0
    world.identities()


def test_a_top_up_leaves_the_bank_and_is_in_transit_no_more() -> None:
    world = Books(22)
    world.stripe_account.top_up(9_000)
    world.pass_days(1, chores=EVENING)
    assert world.balances()[TRANSIT, "usd"] == (-9_000, -9_000)
    line = BankLine("out", "operating", world.today(), -9_000, "usd", "", "STRIPE TOPUP")
    keep_statement(world.books, [line], "statement", world.clock.now())
    world.do("payouts", "prove")
    assert (TRANSIT, "usd") not in world.balances()
    assert world.balances()[BANK, "usd"] == (-9_000, -9_000)
    world.identities()


def test_a_negative_payout_is_a_debit_of_the_bank() -> None:
    world = Books(3)
    charges = sell_some(world, random.Random(3), 2)
    world.pass_days(3)
    first = world.stripe_account.pay_out()
    world.pass_days(1)
    world.stripe_account.refund(charges[0], 500)
    world.pass_days(3)
    debit = world.stripe_account.pay_out()
    world.pass_days(4, chores=EVENING)
    world.bank_tells()
    world.everything()
    assert world.verdicts() == {first: "tied_out", debit: "tied_out"}
    world.identities()


def test_money_in_many_currencies_stays_apart_and_differences_are_fx() -> None:
    world = Books(4, shape=Shape(stripe_options={"settlements": ("usd", "eur", "jpy", "kwd")}))
    account = world.stripe_account
    for currency, amount in (("usd", 5_000), ("eur", 7_000), ("jpy", 9_000), ("kwd", 12_340), ("gbp", 4_000)):
        account.pay(via="charge", amount=amount, currency=currency)
    world.pass_days(3)
    account.convert(1_000, "eur", "usd")
    for currency in ("usd", "eur", "jpy", "kwd"):
        account.pay_out(currency)
    world.pass_days(3, chores=EVENING)
    world.bank_tells()
    world.everything()
    world.identities()
    currencies = {currency for _, currency in world.balances()}
    assert currencies == {"usd", "eur", "jpy", "kwd"}
    assert ("fx_gain_loss", "usd") in world.balances()


def test_a_kind_that_nobody_has_named_goes_into_suspense_and_the_rest_goes_on() -> None:
    world = Books(5)
    sell_some(world, random.Random(5), 2)
    world.stripe_account.add_row(type="moonbeam", category="moonbeams", amount=-37)
    world.pass_days(3)
    world.stripe_account.pay_out()
    world.pass_days(2, chores=EVENING)
    world.bank_tells()
    world.everything()
    assert set(world.verdicts().values()) == {"tied_out"}
    assert world.open_codes() == ["row.unknown"]
    assert world.balances()[SUSPENSE, "usd"] == (37, 37)


def test_a_refund_that_fails_is_owed_to_the_customer_again() -> None:
    world = Books(6)
    charges = sell_some(world, random.Random(6), 1)
    refund = world.stripe_account.refund(charges[0], 700)
    world.pass_days(1, chores=EVENING)
    world.stripe_account.move_refund(refund, "failed")
    world.pass_days(1, chores=EVENING)
    assert world.balances()[REFUNDS_PAYABLE, "usd"] == (-700, -700)
    world.identities()


def test_a_refund_is_a_credit_memo_and_its_cash_side_and_nothing_is_owed_after() -> None:
    world = Books(11)
    charges = sell_some(world, random.Random(11), 1)
    before = world.balances()
    world.pass_days(1, chores=EVENING)
    sold = world.balances()[RECEIVABLE, "usd"][0]
    assert not before
    world.stripe_account.refund(charges[0], 700)
    world.pass_days(1, chores=EVENING)
    sums = world.balances()
    assert sums[RETURNS, "usd"][0] + sums.get((SALES_TAX, "usd"), (0, 0))[0] == 700
    assert sums[RECEIVABLE, "usd"][0] == sold, "the memo credits what its cash side debits"


@pytest.mark.parametrize("shape", [PLAIN, GATEWAY])
def test_a_refund_that_repeats_one_that_failed_pays_what_was_owed_since(shape: Shape) -> None:
    world = Books(12, shape=shape)
    charge = sell_some(world, random.Random(12), 1)[0]
    world.pass_days(1, chores=EVENING)
    sold = world.balances()[RECEIVABLE, "usd"][0]
    failing = world.stripe_account.refund(charge, 700)
    world.pass_days(1, chores=EVENING)
    world.stripe_account.move_refund(failing, "failed")
    world.pass_days(1, chores=EVENING)
    world.stripe_account.refund(charge, 1_000)
    world.pass_days(1, chores=EVENING)
    world.everything()
    sums = world.balances()
    assert (REFUNDS_PAYABLE, "usd") not in sums, "it was paid"
    assert sums[RECEIVABLE, "usd"][0] == sold
    assert sums[RETURNS, "usd"][0] + sums.get((SALES_TAX, "usd"), (0, 0))[0] == 1_000, "revenue is taken back once"
    world.identities()
    world.p21_agrees()


@pytest.mark.parametrize("shape", [PLAIN, GATEWAY])
def test_a_refund_that_failed_before_anything_was_credited_leaves_nothing_behind(shape: Shape) -> None:
    world = Books(23, shape=shape)
    charge = sell_some(world, random.Random(23), 1)[0]
    world.pass_days(1, chores=EVENING)
    before = world.balances()[RECEIVABLE, "usd"]
    refund = world.stripe_account.refund(charge, 700)
    world.stripe_account.move_refund(refund, "failed")
    world.pass_days(1, chores=EVENING)
    world.everything()
    sums = world.balances()
    assert (REFUNDS_PAYABLE, "usd") not in sums
    assert (RETURNS, "usd") not in sums
    assert sums[RECEIVABLE, "usd"] == before
    world.identities()
    world.p21_agrees()
    assert "break.p21.missing" not in world.open_codes()


def test_a_dispute_is_owed_until_it_is_decided_and_lost_in_part() -> None:
    world = Books(7)
    charges = sell_some(world, random.Random(7), 1)
    dispute = world.stripe_account.dispute(charges[0], 2_000)
    world.pass_days(1, chores=EVENING)
    assert world.balances()[DISPUTES_RECEIVABLE, "usd"][0] == 2_000
    world.stripe_account.move_dispute(dispute, "lost", amount=800)
    world.pass_days(1, chores=EVENING)
    sums = world.balances()
    assert (DISPUTES_RECEIVABLE, "usd") not in sums
    assert sums[DISPUTE_LOSSES, "usd"][0] == 1_200


def test_a_dispute_is_lost_on_the_day_stripe_closed_it_however_late_anybody_looks() -> None:
    world = Books(7)
    charges = sell_some(world, random.Random(7), 1)
    dispute = world.stripe_account.dispute(charges[0], 2_000)
    world.pass_days(2, chores=EVENING)
    lost = world.today()
    world.stripe_account.move_dispute(dispute, "lost")
    world.pass_days(20, chores=())
    world.stripe_account.emit("charge.dispute.updated", dispute)
    world.run(world.clock.now() + 60)
    world.do("import", "disputes")
    with world.books.reading() as db:
        (outcome,) = journal.by_source(db, LEDGER, [f"{dispute}:1"])
    assert (outcome.entry.day, outcome.entry.booked) == (lost, lost) < (world.today(), world.today())


def test_a_rate_stays_once_something_was_made_from_it_in_whatever_currency() -> None:
    world = Books(9, shape=Shape(stripe_options={"settlements": ("usd",)}))
    day = world.today()
    world.stripe_account.pay(via="charge", amount=9_000, currency="eur")
    world.pass_days(2, chores=EVENING)
    later = (date.fromisoformat(world.today()) + timedelta(days=5)).isoformat()
    for rate in ("1.5000", "1.0900"):
        keep_rates(world.books, "usd", [("eur", later, Decimal(rate))])
    with pytest.raises(Failed, match=f"were made stays: eur on {day} is"):
        keep_rates(world.books, "usd", [("eur", day, Decimal("1.5000"))])
    world.do("audit")
    assert world.open_codes() == []


@pytest.mark.parametrize("policy", ["next_open", "reject"])
def test_a_closed_period_takes_nothing(policy: str) -> None:
    world = Books(8, policy={"closed_period": policy})
    month = int(world.today()[5:7])
    world.stripe_account.pay(via="charge", amount=5_000, currency="usd")
    world.run(world.clock.now() + 60)
    changed = world.p21_tenant.edit(
        "periods", {"period_closed": "Y"}, period=month, year_for_period=int(world.today()[:4])
    )
    assert changed == 1
    world.do("periods", "import")
    if policy == "reject":
        assert world.open_codes() == ["period.closed"]
        assert not world.balances()
        world.p21_tenant.edit("periods", {"period_closed": "N"}, period=month, year_for_period=int(world.today()[:4]))
        world.do("periods", "import")
    assert world.open_codes() == []
    world.identities()


def test_a_ledger_that_begins_later_opens_with_what_there_was() -> None:
    world = Books(19, policy={"starts": (date.fromisoformat(Books(19).today()) + timedelta(days=2)).isoformat()})
    world.stripe_account.pay(via="charge", amount=5_000, currency="usd")
    world.pass_days(3, chores=())
    world.stripe_account.pay(via="charge", amount=7_000, currency="usd")
    world.run(world.clock.now() + 60)
    world.do("import", "prove", "import")
    stands = sum(
        one["net"] for one in world.stripe_account.books()["objects"].values() if one["object"] == "balance_transaction"
    )
    (proof,) = standing(world.books, LEDGER).proofs({"usd": stands})
    assert (proof.off, proof.rows, proof.opening) == (0, 1, 5_000 - 175)
    assert world.open_codes() == []


def test_a_break_that_a_person_accepted_stays_closed_until_it_is_another() -> None:
    world = Books(13)
    sell_some(world, random.Random(13), 1)
    world.pass_days(3)
    payout = world.stripe_account.pay_out()
    world.pass_days(2, chores=EVENING)
    world.bank_tells()
    world.everything()
    receipt = int(world.p21_tenant.books()["payments"][0]["key"])
    world.p21_tenant.edit("ar_payment_details", {"delete_flag": "Y"}, payment_number=receipt)
    look_at_payouts(world.ports, LEDGER, all_again=True)
    assert world.verdicts() == {payout: "broken"}
    with world.books.reading() as db:
        (found,) = exceptions.opened(db, LEDGER)
    accept(world.books, found.id, Decision("Kim", "entered again by hand as 4711", world.clock.now()))
    assert world.verdicts() == {payout: "accepted"}, "the verdict follows at once"
    look_at_payouts(world.ports, LEDGER, all_again=True)
    assert world.verdicts() == {payout: "accepted"}
    assert world.open_codes() == []


def test_a_rate_that_is_known_later_changes_no_entry_that_stands() -> None:
    world = Books(14, shape=Shape(stripe_options={"settlements": ("usd", "eur")}))
    world.stripe_account.pay(via="charge", amount=7_000, currency="eur")
    world.run(world.clock.now() + 2 * DAY)
    world.do("import")
    late = datetime.fromisoformat(world.opened) + timedelta(days=1)
    keep_rates(world.books, "usd", [("eur", late.date().isoformat(), Decimal("1.2500"))])
    world.stripe_account.add_row(type="stripe_fee", amount=-100, currency="eur")
    world.do("import")
    assert world.do("audit")["audit"].breaks == []
    world.identities()


def test_what_stripe_holds_in_another_balance_is_kept_apart() -> None:
    world = Books(15)
    world.stripe_account.add_row(
        type="issuing_transaction", category="issuing_transaction", amount=-900, balance_type="issuing"
    )
    world.stripe_account.add_row(type="topup", category="topup", amount=2_000, balance_type="moonshine")
    world.pass_days(1)
    assert not world.do("audit")["audit"].breaks
    assert ("stripe_clearing", "usd") not in world.balances()
    assert world.open_codes() == ["row.unknown"], "a balance that nobody has named"
    world.identities()


def test_an_entry_behind_our_back_is_found() -> None:
    world = Books(16)
    sell_some(world, random.Random(16), 1)
    world.pass_days(1)
    with world.books.transaction() as db:
        change = balance.numbered(db, LEDGER, [next(iter(journal.walk(db, LEDGER))).entry.source])[0]
        outcome = post(replace(change, id="txn_of_nobody"), ledgers.book(db, LEDGER))
        assert isinstance(outcome, Posted)
        journal.add(db, LEDGER, [outcome.entry], "somebody", world.clock.now())
    world.do("audit", "prove")
    assert {"break.stray", "break.balance.ledger"} <= set(world.open_codes())
    undo(world, "break.stray")


def test_a_row_that_stripe_lists_no_more_is_reversed_by_two_people() -> None:
    world = Books(17)
    gone = world.stripe_account.add_row(type="stripe_fee", amount=-640)
    world.stripe_account.add_row(type="topup", category="topup", amount=9_000)
    world.pass_days(1)
    world.stripe_account.remove_row(gone)
    world.do("audit", "prove")
    assert {"break.posting", "break.balance.stripe"} <= set(world.open_codes())
    undo(world, "break.posting")


def undo(world: Books, code: str) -> None:
    """Two people reverse the entry; after it all agrees again."""
    with world.books.reading() as db:
        (found,) = exceptions.opened(db, LEDGER, code=code)
    reverse(world.books, found.id, Decision("Kim", "Stripe has no such row", world.clock.now(), "Bo"))
    world.do("audit", "prove")
    assert world.open_codes() == []


def test_events_that_never_came_change_nothing_in_the_end() -> None:
    def play(lost: bool) -> Books:
        world, dice = Books(9), random.Random(9)
        charges: list[str] = []
        for day in range(6):
            charges += sell_some(world, dice, 2)
            world.stripe_account.refund(charges[day], 300)
            if lost:
                world.stripe_account.forget_events()
            world.pass_days(1)
        world.stripe_account.pay_out()
        world.pass_days(3, chores=EVENING)
        world.everything()
        return world

    told, silent = play(lost=False), play(lost=True)
    assert silent.balances() == told.balances()
    assert amounts_in_p21(silent) == amounts_in_p21(told)
    silent.identities()


def amounts_in_p21(world: Books) -> dict[str, list[str]]:
    books = world.p21_tenant.books()
    return {kind: sorted(str(row.get("amount")) for row in rows) for kind, rows in books.items() if kind != "journals"}


@pytest.mark.parametrize("seed", range(3))
def test_crashes_anywhere_lose_and_double_nothing(seed: int) -> None:
    world, dice, charges = Books(seed, Luck(crash=0.02)), random.Random(f"crash {seed}"), list[str]()
    for _ in range(4):
        a_day(world, dice, charges)
        world.pass_days(1, chores=EVENING)
    world.everything()
    world.identities()
    assert world.crashes > 5
    assert world.verdict().clean
