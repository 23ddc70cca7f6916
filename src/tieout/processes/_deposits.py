"""Keeps which lines of the bank are which payouts of one ledger, and posts what the bank has received (C2 #23, #25; C3 I5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.domain.audit.act import PROGRAM, Actor
from tieout.domain.ledger.account import BANK, TRANSIT
from tieout.domain.ledger.entry import Entry, pair
from tieout.domain.ledger.period import day_of
from tieout.domain.ledger.valuing import NoRate
from tieout.domain.reconciliation.deposit import BankLine, bank_source
from tieout.kernel.failures import Fix
from tieout.nodes._ports import Ports
from tieout.operations.keep_deposits import keep_deposits
from tieout.queries.bank_leg import Sent
from tieout.store import bank, journal
from tieout.store.payouts import DepositRow

ACTOR = "tieout"
KIND = "bank"
TAKEN = "bank.taken"
Stand = Callable[[Entry], Entry | Fix]


@dataclass(slots=True)
class Keeper:
    """Keeps matches of one ledger. ``stand`` finds the day an entry may stand on, or says why it must wait."""

    ports: Ports
    connection: str
    sent: Sent
    stand: Stand

    def keep(
        self,
        found: Sequence[DepositRow],
        lines: Mapping[str, BankLine],
        actor: str = ACTOR,
        why: str = "",
        who: Actor = PROGRAM,
    ) -> Fix | None:
        """Keep and post together what belongs together; None when it is done, else why it must wait: nothing is kept.

        ``lines`` are those that ``found`` names; a person who decided is the ``actor`` (for the audit trail, ``who``), and says ``why``.
        """
        now = self.ports.clock()
        parts_of: dict[str, list[DepositRow]] = {}
        for one in found:
            parts = parts_of.setdefault(one.line, [])
            parts.append(replace(one, at=now, leg=f"bank{len(parts) + 1}"))
        found = [one for parts in parts_of.values() for one in parts]
        try:
            worth = self._worth(found, lines)
        except NoRate as missing:  # the row by which it left Stripe waits for the same rate, and asks for it
            return Fix("bank.rate", f"{missing}. Enter it with: tieout ledger rates", field="rate")
        wanted = [self._entry(lines[name], parts, worth, why) for name, parts in parts_of.items()]
        stands = [self.stand(entry) for entry in wanted]
        waits = next((stand for stand in stands if isinstance(stand, Fix)), None)
        if waits is not None:
            return waits
        entries = [stand for stand in stands if isinstance(stand, Entry)]
        before = {one.payout: self.sent.lines_of(one.payout) for one in found}
        if not keep_deposits(self.ports.books, self.connection, found, entries, before, actor, who):
            return Fix(TAKEN, "It was matched otherwise just now. Look again: tieout bank lines")
        return None

    def _worth(self, found: Sequence[DepositRow], lines: Mapping[str, BankLine]) -> Mapping[DepositRow, int]:
        """The value of each in the ledger's currency: what is in transit is relieved at what it stands at; raises NoRate."""
        rows = {one.payout: self.sent.row_of(one.payout) for one in found}
        with self.ports.books.reading() as db:
            posted = journal.by_source(db, self.connection, [row.id for row in rows.values()])
        entries = {kept.entry.source: kept.entry for kept in posted}
        book = self.sent.book
        worth = {}
        for one in found:
            row = rows[one.payout]
            rates = book.as_for(entries.get(row.id)).rates
            worth[one] = rates.value(one.amount, lines[one.line].currency, day_of(row.at, book.zone))
        return worth

    def _entry(self, line: BankLine, parts: Sequence[DepositRow], worth: Mapping[DepositRow, int], why: str) -> Entry:
        """The bank's day dates it (C4)."""
        legs = tuple(pair(part.leg, BANK, TRANSIT, part.amount, worth[part]) for part in parts)
        memo = f"Bank {line.account}: {', '.join(part.payout for part in parts)}"
        return Entry(
            source=self._source(line),
            kind=KIND,
            day=line.day,
            booked=line.day,
            currency=line.currency,
            ledger_currency=self.sent.book.policy.ledger_currency,
            legs=legs,
            subject=parts[0].payout,
            memo=f"{memo}; {why}" if why else memo,
            labels=(("category", KIND), *((part.leg, part.payout) for part in parts if len(parts) > 1)),
        )

    def _source(self, line: BankLine) -> str:
        with self.ports.books.reading() as db:
            return bank_source(line.id, bank.times_taken_back(db, line.id))
