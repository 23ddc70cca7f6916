"""Any sequence of balance transactions gives balanced books, in whatever order and however often it is read (C2, C3, C8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.ledger.rows import NOON
from tieout.domain.ledger.account import ACCOUNTS, CLEARING
from tieout.domain.ledger.balance_change import BalanceChange, FeePart, Origin
from tieout.domain.ledger.balances import Roll, off_balance, roll_forward
from tieout.domain.ledger.documents import DOCUMENTS, Document, document_entry
from tieout.domain.ledger.entry import CARRIERS, Leg, Line, Unbalanced
from tieout.domain.ledger.period import Calendar
from tieout.domain.ledger.policy import CHOICES, Policy
from tieout.domain.ledger.posting import Book, Posted, post
from tieout.domain.ledger.rules import catalogue
from tieout.domain.ledger.valuing import Rates
from tieout.kernel.money import CURRENCIES
from tieout.operations.keep_changes import keep_changes
from tieout.store import exceptions, journal, ledgers
from tieout.store.database import Database, open_memory
from tieout.store.journal import verify_chain
from tieout.store.tables import book_tables

CATEGORIES = sorted({name for rule in catalogue() for name in rule.categories} | {"", "quantum", "other_adjustment"})
TYPES = sorted({name for rule in catalogue() for name in rule.types} | {"adjustment", "obligation_inbound", "quantum"})
FEES = ("stripe_fee", "tax", "application_fee", "payment_method_passthrough_fee", "fee_of_tomorrow")
AMOUNTS = st.integers(-(10**10), 10**10) | st.sampled_from((0, 1, -1))
codes = st.sampled_from(sorted(CURRENCIES))
worths = st.decimals(Decimal("0.0001"), Decimal(2000), places=4)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A ledger in any currency, with any choices, and a rate for every currency."""
    home = draw(st.sampled_from(("usd", "jpy", "kwd", "eur")))
    chosen = {name: draw(st.sampled_from(allowed)) for name, allowed in CHOICES.items()}
    some = draw(st.lists(worths, min_size=5, max_size=5))
    known = {code: [("2026-10-30", some[place % 5])] for place, code in enumerate(sorted(CURRENCIES))}
    return Book(Policy.parse({"ledger_currency": home, **chosen}), Rates(home, known), Calendar())


@st.composite
def changes(draw: st.DrawFn, number: int = 1) -> BalanceChange:
    """A row of any kind: fees of any sign and number, amounts of nothing, another currency for the customer."""
    fees = tuple(draw(st.lists(st.builds(FeePart, st.sampled_from(FEES), AMOUNTS), max_size=3)))
    amount, fee = draw(AMOUNTS), sum(part.amount for part in fees)
    moment = NOON + draw(st.integers(0, 5)) * 86_400
    origin = Origin(
        amount=draw(st.integers(0, 10**10)),
        currency=draw(st.just("") | codes),
        created=draw(st.sampled_from((0, NOON - 86_400, moment))),
        invoice=draw(st.sampled_from(("", "in_1"))),
        payment=draw(st.sampled_from(("", "pi_1", "pi_2"))),
    )
    return BalanceChange(
        f"txn_{number}", draw(st.sampled_from(TYPES)), draw(st.sampled_from(CATEGORIES)), amount, fee, amount - fee,
        draw(codes), moment, moment + 2 * 86_400, f"src_{number}", fees=fees, origin=origin,
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[BalanceChange]:
    """Some rows, in three currencies at most, so that they meet on the same accounts."""
    few = draw(st.lists(codes, min_size=1, max_size=3))
    count = draw(st.integers(1, 12))
    return [replace(draw(changes(number)), currency=draw(st.sampled_from(few))) for number in range(count)]


def kept(rows: Sequence[Sequence[BalanceChange]], book: Book) -> Database:
    """Books in memory that were given these pages, one after the other."""
    database = open_memory(book_tables)
    with database.transaction() as db:
        ledgers.put_policy(db, "stripe", book.policy, 0.0)
    for page in rows:
        keep_changes(database, "stripe", page, book, 1.0)
    return database


def trial_balance(database: Database) -> tuple[Roll, ...]:
    with database.reading() as db:
        return roll_forward(journal.day_sums(db, "stripe"))


@given(changes(), books())
def test_every_row_has_a_balanced_entry_that_moves_clearing_by_its_net(change: BalanceChange, book: Book) -> None:
    posted = post(change, book)
    assert isinstance(posted, Posted)
    assert posted.entry.cleared == change.net
    for leg in posted.entry.legs:
        assert sum(line.amount for line in leg.lines) == 0
        assert sum(line.value for line in leg.lines) == 0
    fees = [leg.lines[0].amount for leg in posted.entry.legs if leg.name.startswith("fee")]
    assert fees == [part.amount for part in change.fees], "the parts of the fee are the whole fee"
    assert post(change, book) == posted, "the same whenever it is posted"


@settings(max_examples=60)
@given(histories(), books())
def test_the_books_balance_and_clearing_is_what_the_rows_come_to(rows: list[BalanceChange], book: Book) -> None:
    database = kept([rows], book)
    rolls = trial_balance(database)
    assert off_balance(rolls) == {}
    nets: Counter[str] = Counter()
    for row in rows:
        nets[row.currency] += row.net
    assert {roll.currency: roll.closing for roll in rolls if roll.account == CLEARING} == dict(nets)
    with database.reading() as db:
        assert verify_chain(db) is None
        assert {one.entry.source for one in journal.walk(db)} == {row.id for row in rows}
    database.close()


@settings(max_examples=40)
@given(histories(), books(), st.randoms(use_true_random=False))
def test_shuffled_doubled_and_dropped_then_read_again_gives_the_same_books(
    rows: list[BalanceChange], book: Book, dice: object
) -> None:
    in_order = kept([rows], book)
    twice = [*rows, *rows]
    dice.shuffle(twice)  # type: ignore[attr-defined]
    first = [row for place, row in enumerate(twice) if place % 10]  # a tenth is lost on the way
    pages = [first[place : place + 3] for place in range(0, len(first), 3)]
    again = kept([*pages, rows], book)
    assert trial_balance(again) == trial_balance(in_order)
    with in_order.reading() as one, again.reading() as other:
        opened = [{(each.code, each.about, each.amount) for each in exceptions.opened(db)} for db in (one, other)]
        entries = [{each.entry.source: each.entry for each in journal.walk(db)} for db in (one, other)]
    assert opened[0] == opened[1]
    assert entries[0] == entries[1]
    for database in (in_order, again):
        database.close()


@given(st.lists(st.tuples(st.sampled_from(sorted(ACCOUNTS)), AMOUNTS, AMOUNTS), max_size=5), st.sampled_from(CARRIERS))
def test_a_leg_that_does_not_balance_cannot_be_made(lines: list[tuple[str, int, int]], carrier: str) -> None:
    balanced = len(lines) > 1 and not sum(one[1] for one in lines) and not sum(one[2] for one in lines)
    if balanced:
        assert Leg("gross", tuple(Line(*one) for one in lines), carrier)
        return
    with pytest.raises(Unbalanced, match="leg gross: "):
        Leg("gross", tuple(Line(*one) for one in lines), carrier)


@given(st.sampled_from(sorted(DOCUMENTS)), st.lists(AMOUNTS, min_size=4, max_size=4), codes, books())
def test_a_document_whose_parts_add_up_has_a_balanced_entry(
    kind: str, amounts: list[int], currency: str, book: Book
) -> None:
    net, freight, tax, discount = amounts
    rule = DOCUMENTS[kind]
    named = {part for _, part in (*rule.debits, *rule.credits)}
    parts = {"net": net, "freight": freight, "tax": tax, "discount": discount}
    sold = sum(parts[name] for name in ("net", "freight", "tax") if name in named)
    parts["total"] = sold - (discount if "discount" in named else 0) if "net" in named else net
    document = Document(
        kind, "in_1", "in_1", "2026-11-02", currency, {name: parts[name] for name in parts if name in named}
    )
    entry = document_entry(document, book)
    for column in ("amount", "value"):
        assert sum(getattr(line, column) for line in entry.lines()) == 0
    assert {line.account for line in entry.lines()} == {account for account, _ in (*rule.debits, *rule.credits)}
