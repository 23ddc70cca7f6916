"""The money around the orders of a crash trial: refunds, disputes, fees, payouts, the bank; and whether the books agree."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulators.stripe import StripeAccount
from simulators.trial.auditor import Audit, Evidence, audit
from simulators.trial.pretend import PretendSystems
from simulators.trial.workload import Sale
from tests.simulation.books import LEDGER, RATES, account_map, given_back
from tieout.app.house import template
from tieout.domain.ledger.balances import off_balance, roll_forward
from tieout.domain.ledger.policy import Policy
from tieout.domain.reconciliation.deposit import BankLine
from tieout.operations.keep_ledger import keep_accounts, keep_policy, keep_rates
from tieout.operations.keep_statement import keep_statement
from tieout.operations.publish_workflow import publish_workflow
from tieout.queries.proof import standing
from tieout.store import exceptions, journal, postings
from tieout.store.database import Database, open_file
from tieout.store.tables import book_tables

AGREES_SECONDS_MAX = 60.0


class Money:
    """What moves besides the orders. It keeps the books' settings and plays the bank from outside the processes.

    ``refund_cash``: which P21 record carries the cash side of a refund, as the dialect has it.
    """

    def __init__(self, folder: Path, systems: PretendSystems, refund_cash: str) -> None:
        self._books: Database = open_file(folder / "books.sqlite", book_tables)
        self._account: StripeAccount = systems.stripe_account
        today = datetime.now(UTC).date().isoformat()
        keep_policy(self._books, LEDGER, Policy(p21="p21", time_zone="UTC", starts=today, refund_cash=refund_cash))
        keep_accounts(self._books, LEDGER, account_map(), {})
        keep_rates(self._books, "usd", [(name, today, Decimal(rate)) for name, rate in RATES.items()])
        for name in ("journal", "refund", "dispute"):
            publish_workflow(self._books, template(name), time.time())

    def move(self, dice: random.Random, sales: list[Sale]) -> None:
        """One of everything: a refund, a dispute, fees, what nobody has named, and a payout on its way to the bank."""
        account = self._account
        charges = [sale.paid.charge for sale in sales if sale.expected == "applied" and sale.paid.charge]
        if charges:
            self._take_back(lambda: account.refund(dice.choice(charges), dice.randint(50, 300)))
            self._take_back(lambda: account.dispute(dice.choice(charges)))
        account.add_row(type="stripe_fee", amount=-dice.randint(1, 400))
        account.add_row(type="moonbeam", category="moonbeams", amount=-1)
        self.pay_out()
        self.bank_tells()

    def _take_back(self, act: Callable[[], object]) -> None:
        with suppress(ValueError):  # nothing is left of that charge
            act()

    def pay_out(self) -> None:
        """All that is there, at once in the bank."""
        account = self._account
        account.release_funds()
        try:
            payout = account.pay_out()
        except ValueError:
            return  # nothing to pay out
        account.move_payout(payout, "paid")
        account.reconcile_payout(payout)

    def bank_tells(self) -> None:
        """A statement of all that reached the bank, brought in beside the processes."""
        lines = [
            BankLine(f"{one['payout']}/{one['amount']}", "operating", one["date"], one["amount"], one["currency"],
                     one["trace"] or "", one["descriptor"] or "")
            for one in self._account.bank_deposits()
        ]  # fmt: skip
        keep_statement(self._books, lines, "statement", time.time())

    def disagreements(self) -> list[str]:
        """What is wrong with the books, in words; waited for, because the last chores may still be under way."""
        until = time.monotonic() + AGREES_SECONDS_MAX
        while (found := list(self._disagreements())) and time.monotonic() < until:
            time.sleep(0.5)
        return found

    def _disagreements(self) -> Iterator[str]:
        rows = [one for one in self._objects() if one["object"] == "balance_transaction"]
        stands: dict[str, int] = {}
        for row in rows:
            stands[row["currency"]] = stands.get(row["currency"], 0) + row["net"]
        for proof in standing(self._books, LEDGER).proofs(stands):
            if proof.off:
                yield f"the books are off by {proof.off} {proof.currency}: {proof}"
        with self._books.reading() as db:
            posted = journal.sources(db, LEDGER, [row["id"] for row in rows])
            excepted = {one.about for one in exceptions.opened(db, LEDGER)}
            kept = list(journal.walk(db, LEDGER))
            due = postings.in_state(db, postings.DUE)
            waiting = postings.groups(db, LEDGER)
            if found := off_balance(roll_forward(journal.day_sums(db, LEDGER))):
                yield f"the trial balance is off by {found}"
            if misfit := journal.verify_chain(db):
                yield misfit.why
        if missing := [row["id"] for row in rows if row["id"] not in posted | excepted]:
            yield f"rows without posting or exception: {missing}"
        sources = [one.entry.source for one in kept]
        if len(sources) != len(set(sources)):
            yield "a source was posted twice"
        if due or waiting:
            yield f"{len(due)} journals and {len(waiting)} days are not in P21 yet"

    def audit(self, found: Evidence, disagreements: Sequence[str]) -> Audit:
        """The auditor's verdict, with refunds and what is wrong with the books."""
        verdict = audit(replace(found, refunds=given_back(self._account)))
        return replace(verdict, unbalanced=(*verdict.unbalanced, *disagreements))

    def _objects(self) -> list[dict[str, Any]]:
        return list(self._account.books()["objects"].values())

    def close(self) -> None:
        """Close the books."""
        self._books.close()
