"""The sections of a close pack about what is open: payouts with their verdict, exceptions by age, each exception (C9)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tieout.domain.close import kinds
from tieout.domain.close.ages import OPEN_AGES, age_of_days, open_age
from tieout.domain.close.figures import Figures, OpenLine, PayoutLine
from tieout.domain.close.pack import CODE, MONEY, NUMBER, STATE, WORDS, Column, Rows, Section
from tieout.domain.close.span import days_between
from tieout.domain.close.words import counted, sums
from tieout.domain.ledger.period import day_of
from tieout.domain.reconciliation.verdict import ACCEPTED, BROKEN, TIED_OUT, WAITING
from tieout.kernel.money import Money

VERDICTS = {TIED_OUT: "tied out", WAITING: "waits", BROKEN: "broken", ACCEPTED: "accepted", "": "not looked at"}


def payouts(figures: Figures) -> Section:
    """Every payout that was made in the period."""
    columns = (
        Column("payout", CODE), Column("made"), Column("arrives"), Column("status"), Column("currency"),
        Column("gross", MONEY), Column("fees", MONEY), Column("amount", MONEY), Column("lines", NUMBER),
        Column("verdict", STATE), Column("why", WORDS),
    )  # fmt: skip
    rows: Rows = tuple(
        (
            one.payout.id, one.day, one.payout.arrival_day, one.payout.status, one.payout.currency.upper(),
            Money(one.payout.currency, one.gross) if one.lines else None,
            Money(one.payout.currency, one.fees) if one.lines else None,
            Money(one.payout.currency, one.payout.amount), one.lines, VERDICTS.get(one.verdict, one.verdict), one.why,
        )
        for one in figures.payouts
    )  # fmt: skip
    tied = sum(one.tied_out for one in figures.payouts)
    total = sums((one.payout.currency, one.payout.amount) for one in figures.payouts)
    foot = f"{counted(len(rows), 'payout')}, {tied} tied out, together {total}." if rows else ""
    return Section("payouts", "Payouts", columns, rows, "No payout was made in this period.", (), foot)


def exceptions_by_age(figures: Figures) -> Section:
    """What is open, by kind and currency: how many, what they come to, and how old they are."""
    columns = (
        Column("kind"), Column("currency"), Column("open", NUMBER), Column("amount", MONEY),
        *(Column(age, NUMBER) for age in OPEN_AGES),
    )  # fmt: skip
    table: dict[tuple[str, str], list[int]] = {}
    for kind, currency, amount, age in _aged(figures):
        total = table.setdefault((kind, currency), [0] * (2 + len(OPEN_AGES)))
        total[0] += 1
        total[1] += amount
        total[2 + age] += 1
    order = sorted(table.items(), key=lambda one: (kinds.KINDS.index(one[0][0].partition(":")[0]), one[0][1]))
    rows: Rows = tuple(
        (kind, currency.upper(), total[0], Money(currency, total[1]), *total[2:]) for (kind, currency), total in order
    )
    return Section("exceptions_by_age", "Open exceptions by age", columns, rows, "Nothing is open.")


def _aged(figures: Figures) -> list[tuple[str, str, int, int]]:
    """Kind, currency, amount and age of every exception, refund and dispute that is owed, and payout without bank line."""
    found = [(one.kind, one.currency, one.amount, one.age) for one in figures.open]
    today = day_of(int(figures.at), ZoneInfo(figures.zone))
    owed = [(kinds.REFUNDS, one.currency, one.now, one.day) for one in figures.refunds if one.now > 0]
    owed += [(f"{kinds.DISPUTES}: {one.stage}", one.currency, one.owed, one.day) for one in figures.disputes]
    found += [(kind, currency, much, age_of_days(days_between(day, today))) for kind, currency, much, day in owed]
    return found + [
        (kinds.NO_BANK, one.payout.currency, one.payout.amount, open_age(one.payout.created, figures.at))
        for one in figures.payouts
        if _without_bank(one)
    ]


def _without_bank(line: PayoutLine) -> bool:
    return line.verdict == WAITING and not line.banked and not line.payout.returned


def exceptions_listed(figures: Figures) -> Section:
    """Each exception that is open, and each that people resolved of the period."""
    columns = (
        Column("number", NUMBER), Column("kind"), Column("day"), Column("age"), Column("about", CODE), Column("currency"),
        Column("amount", MONEY), Column("what and what to do", WORDS), Column("resolved", WORDS),
    )  # fmt: skip
    rows: Rows = tuple(
        (
            one.number, one.kind, one.day, "" if one.resolution else OPEN_AGES[one.age], one.about, one.currency.upper(),
            Money(one.currency, one.amount), one.sentence, _resolved(one),
        )
        for one in (*figures.open, *figures.resolved)
    )  # fmt: skip
    of_period = counted(len(figures.of_period), "break")
    foot = f"{of_period} of {figures.period.name}; {len(rows) - len(figures.of_period)} of later days." if rows else ""
    empty = "Nothing is open, and nothing was resolved by hand."
    return Section("exceptions", "Exceptions", columns, rows, empty, (), foot)


def _resolved(line: OpenLine) -> str:
    return f"{line.resolution}: {line.reason} ({line.actor})" if line.resolution else ""
