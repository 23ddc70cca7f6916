"""Keeps which lines of the bank are which payouts of one ledger, and posts what the bank has received (C2 #23, #25; C3 I5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieout.domain.ledger.account import BANK, TRANSIT
from tieout.domain.ledger.entry import Entry, pair
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.valuing import NoRate
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.failures import Fix
from tieout.nodes._ports import Ports
from tieout.operations.ask_for_period import stand_or_ask
from tieout.operations.keep_deposits import keep_deposits
from tieout.queries.bank_leg import Left
from tieout.store import journal
from tieout.store.payouts import DepositRow

ACTOR = "tieout"


@dataclass(slots=True)
class Keeper:
    """Keeps matches of one ledger. ``left`` says of each payout and top-up how it left Stripe."""

    ports: Ports
    connection: str
    book: Book
    left: Mapping[str, Left]

    def keep(
        self, found: Sequence[DepositRow], lines: Mapping[str, BankLine], actor: str = ACTOR, why: str = ""
    ) -> Fix | None:
        """Keep and post together what belongs together; answers why it must wait, and then nothing is kept.

        ``lines`` are those that ``found`` names; a person who decided is the ``actor``, and says ``why``.
        """
        try:
            worth = self._worth(found, lines)
        except NoRate as missing:  # the row by which it left Stripe waits for the same rate, and asks for it
            return Fix("bank.rate", f"{missing}. Enter it with: tieout ledger rates", field="rate")
        entries = []
        for name in dict.fromkeys(one.line for one in found):
            entry = self._entry(lines[name], [one for one in found if one.line == name], worth, why)
            stands = stand_or_ask(self.ports.books, self.connection, entry, self.book, self.ports.clock())
            if stands is None:
                sentence = f"The period of {entry.day} is closed. What to do about it is listed by: tieout exceptions"
                return Fix("bank.period", sentence, field="day", value=entry.day)
            entries.append(stands)
        if not keep_deposits(self.ports.books, self.connection, found, entries, actor, self.ports.clock()):
            return Fix("bank.taken", "The line was matched with another payout just now. List them: tieout bank lines")
        return None

    def _worth(self, found: Sequence[DepositRow], lines: Mapping[str, BankLine]) -> Mapping[DepositRow, int]:
        """The value of each in the ledger's currency: what is in transit is relieved at what it stands at; raises NoRate."""
        with self.ports.books.reading() as db:
            posted = journal.by_source(db, self.connection, [self.left[one.payout].row for one in found])
        entries = {kept.entry.source: kept.entry for kept in posted}
        worth = {}
        for one in found:
            left = self.left[one.payout]
            rates = self.book.as_for(entries.get(left.row)).rates
            worth[one] = rates.value(one.amount, lines[one.line].currency, day_of(left.at, self.book.zone))
        return worth

    def _entry(self, line: BankLine, parts: Sequence[DepositRow], worth: Mapping[DepositRow, int], why: str) -> Entry:
        """The bank's day dates it (C4)."""
        legs = tuple(
            pair(f"bank{place}", BANK, TRANSIT, part.amount, worth[part]) for place, part in enumerate(parts, 1)
        )
        memo = f"Bank {line.account}: {', '.join(part.payout for part in parts)}"
        return Entry(
            source=f"bank:{line.id}",
            kind="bank",
            day=line.day,
            booked=line.day,
            currency=line.currency,
            ledger_currency=self.book.policy.ledger_currency,
            legs=legs,
            subject=parts[0].payout,
            memo=f"{memo}; {why}" if why else memo,
            labels=(("category", "bank"),),
        )
