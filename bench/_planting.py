"""Chooses where a world is wrong, with dice: no payout has two defects, so that each must be found by itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from bench._planted import Defect, Planted, Seen
from bench._statement_world import BEGAN, CURRENCIES, DAY_SECONDS, StatementWorld, currency_of, payout_id
from tieout.domain.ledger.balance_change import BalanceChange, Origin

EACH = 3
TURN = "UPDATE entry_lines SET amount = -amount, value = -value WHERE entry = :entry"
MORE = (
    "UPDATE entry_lines SET amount = amount + (place = 0) * 77 - (place = 1) * 77,"
    " value = value + (place = 0) * 77 - (place = 1) * 77 WHERE entry = :entry AND place < 2"
)
FX_OFF = "UPDATE entry_lines SET value = value + (place = 0) - (place = 1) WHERE entry = :entry AND place < 2"
ELSEWHERE = "UPDATE entries SET currency = CASE currency WHEN 'usd' THEN 'cad' ELSE 'usd' END WHERE seq = :entry"


@dataclass(slots=True)
class Dice:
    """Payouts and rows that are still free."""

    world: StatementWorld
    luck: random.Random
    free: list[int]

    def payout(self, fits: Callable[[int], bool] = lambda _: True) -> int:
        """A group with a payout in which nothing is wrong yet."""
        number = next(one for one in self.free if fits(one))
        self.free.remove(number)
        return number

    def charge(self, fits: Callable[[int], bool] = lambda _: True) -> tuple[int, BalanceChange]:
        """A charge of such a group that its customer paid in the currency of the balance."""
        number = self.payout(fits)
        rows = [
            one for one in self.world.group(number) if one.category == "charge" and one.origin.currency == one.currency
        ]
        return number, self.luck.choice(rows)


def plant(world: StatementWorld, seed: int, each: int = EACH) -> Planted:
    """So many defects of each kind."""
    luck = random.Random(seed)
    free = luck.sample(range(world.payouts_count), world.payouts_count)
    dice, found = Dice(world, luck, free), Planted()
    for turn in range(each):
        for kind in KINDS:
            found = kind(dice, found, turn)
    return found


def _with(planted: Planted, kind: str, wanted: Seen, *also: Seen, **changes: object) -> Planted:
    defect = Defect(kind, wanted, frozenset(also))
    return replace(planted, defects=(*planted.defects, defect), **changes)  # type: ignore[arg-type]


def _missing(dice: Dice, planted: Planted, _turn: int) -> Planted:
    """Stripe lists it only after everything around it was read."""
    _, one = dice.charge()
    return _with(planted, "row missing", (one.id, "row"), late=planted.late | {one.id})


def _doubled(dice: Dice, planted: Planted, _turn: int) -> Planted:
    """The same movement under two ids."""
    number, one = dice.charge()
    twin = replace(one, id=f"{one.id}x")
    also = (one.currency, "balance.stripe"), (one.origin.payment, "p21.amount")
    return _with(planted, "row doubled", (payout_id(number), "payout.lines"), *also, twins=(*planted.twins, twin))


def _wrong_amount(dice: Dice, planted: Planted, turn: int) -> Planted:
    number, one = dice.charge()
    if turn % 2 == 0:
        also = (payout_id(number), "payout.cleared")
        edits = (*planted.edits, (one.id, MORE))
        return _with(planted, "wrong amount", (one.id, "posting.amount"), also, edits=edits)
    shown = replace(one, amount=one.amount + 77, net=one.net + 77)
    return _altered(planted, "wrong amount", "row.amount", "posting.amount", number, shown)


def _wrong_currency(dice: Dice, planted: Planted, turn: int) -> Planted:
    number, one = dice.charge()
    if turn % 2 == 0:
        edits = (*planted.edits, (one.id, ELSEWHERE))
        return _with(planted, "wrong currency", (one.id, "posting.currency"), edits=edits)
    shown = replace(one, currency="cad")
    return _altered(planted, "wrong currency", "row.currency", "posting.currency", number, shown)


def _wrong_sign(dice: Dice, planted: Planted, turn: int) -> Planted:
    number, one = dice.charge()
    if turn % 2 == 0:
        also = (payout_id(number), "payout.cleared")
        return _with(planted, "wrong sign", (one.id, "posting.sign"), also, edits=(*planted.edits, (one.id, TURN)))
    fees = tuple(replace(part, amount=-part.amount) for part in one.fees)
    shown = replace(one, amount=-one.amount, fee=-one.fee, net=-one.net, fees=fees)
    return _altered(planted, "wrong sign", "row.sign", "posting.sign", number, shown)


def _altered(planted: Planted, kind: str, code: str, posting: str, number: int, shown: BalanceChange) -> Planted:
    """Stripe shows a row otherwise than it did: what was posted for it no longer fits, nor do the lines of its payout."""
    payout = payout_id(number)
    also = (shown.id, posting), (shown.id, "payout.currency"), (payout, "payout.lines"), (payout, "payout.cleared")
    return _with(planted, kind, (shown.id, code), *also, altered={**planted.altered, shown.id: shown})


def _short(dice: Dice, planted: Planted, _turn: int) -> Planted:
    payout = payout_id(dice.payout())
    return _with(planted, "payout short", (payout, "payout.lines"), short={**planted.short, payout: 250})


def _stray(dice: Dice, planted: Planted, _turn: int) -> Planted:
    """It was listed once, was posted, and is listed no more."""
    _, one = dice.charge()
    stray = replace(one, id=f"{one.id}s", origin=replace(one.origin, payment=f"{one.origin.payment}s"))
    also = (one.currency, "balance.stripe")
    return _with(planted, "posting without row", (stray.id, "posting"), also, strays=(*planted.strays, stray))


def _document(dice: Dice, planted: Planted, turn: int) -> Planted:
    number = dice.payout()
    _, subject, key = dice.luck.choice([link for link in dice.world.links(number) if link[0] == "cash_receipt"])
    if turn % 2 == 0:
        voided = planted.voided | {key[1:]}
        return _with(planted, "P21 document voided or edited", (subject, "p21.void"), voided=voided)
    edited = {**planted.edited, key[1:]: Decimal(1)}
    return _with(planted, "P21 document voided or edited", (subject, "p21.amount"), edited=edited)


def _bank_short(dice: Dice, planted: Planted, _turn: int) -> Planted:
    payout = payout_id(dice.payout())
    return _with(planted, "bank short", (payout, "bank.amount"), bank_short={**planted.bank_short, payout: 15})


def _closed(_dice: Dice, planted: Planted, turn: int) -> Planted:
    moment, currency = BEGAN - 2 * DAY_SECONDS, CURRENCIES[turn % len(CURRENCIES)]
    late = BalanceChange(
        f"txn_closed_{turn:05d}", "stripe_fee", "fee", -900, 0, -900, currency, moment, moment, origin=Origin()
    )
    return _with(planted, "period closed", (late.id, "period.closed"), closed=(*planted.closed, late))


def _unknown(dice: Dice, planted: Planted, _turn: int) -> Planted:
    number = dice.payout()
    one = dice.luck.choice(
        [one for one in dice.world.group(number) if one.category == "topup"] or _odd(dice.world, number)
    )
    return _with(planted, "unknown type", (one.id, "row.unknown"), unknown=planted.unknown | {one.id})


def _odd(world: StatementWorld, number: int) -> list[BalanceChange]:
    """Rows that no document in P21 stands for."""
    return [one for one in world.group(number) if one.category in ("fee", "tax", "network_cost", "transfer", "dispute")]


def _fx_off(dice: Dice, planted: Planted, _turn: int) -> Planted:
    _, one = dice.charge(lambda number: currency_of(number) != "usd")
    return _with(planted, "FX off by one unit", (one.id, "posting.fx"), edits=(*planted.edits, (one.id, FX_OFF)))


KINDS = (
    _missing, _doubled, _wrong_amount, _wrong_currency, _wrong_sign, _short, _stray, _document, _bank_short, _closed,
    _unknown, _fx_off,
)  # fmt: skip
