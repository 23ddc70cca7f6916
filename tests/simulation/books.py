"""A simulated world whose books are kept: money of every kind moves day by day, and the bank tells what it saw."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from simulators.stripe import StripeAccount
from simulators.trial import workload
from simulators.trial.auditor import Audit, audit
from tests.simulation.world import Luck, Shape, SimulatedWorld
from tieout.app.house import template
from tieout.domain.ledger.account import ACCOUNTS, CLEARING
from tieout.domain.ledger.balances import off_balance, roll_forward
from tieout.domain.ledger.policy import Policy
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.money import Money
from tieout.operations.keep_ledger import keep_accounts, keep_policy, keep_rates
from tieout.operations.keep_statement import keep_statement
from tieout.operations.publish_workflow import publish_workflow
from tieout.processes.fit_policy import fitted_policy
from tieout.processes.keep_books import CHORES
from tieout.queries.proof import standing
from tieout.store import exceptions, journal, payouts

DAY = 86_400
TRIES_MAX = 500
CALM, PLAIN = Luck(), Shape()
LEDGER = "stripe"
RATES = {"eur": "1.0800", "gbp": "1.2700", "cad": "0.7300", "sek": "0.0940", "jpy": "0.006700", "kwd": "3.2500"}
NUMBERS: Mapping[str, str] = {
    "stripe_clearing": "10950", "cash_in_transit": "10960", "bank": "10100", "other_bank": "10940",
    "accounts_receivable": "11000", "disputes_receivable": "11900", "stripe_reserves": "10980",
    "stripe_tax_account": "10985", "input_tax": "11200", "withholding_tax_receivable": "11300",
    "issuing_holds": "10990", "sales_tax_payable": "22000", "customer_deposits": "21500",
}  # fmt: skip


def account_map() -> str:
    """Every account on one of the pretend P21's, by name where that matters and on rounding else."""
    return "".join(f'[[account]]\nname = "{name}"\nnumber = "{NUMBERS.get(name, "69900")}"\n' for name in ACCOUNTS)


def given_back(account: StripeAccount) -> dict[str, Decimal]:
    """What Stripe gave back, or is about to, by refund, in major units; not what was never captured."""
    god = account.books()["objects"].values()
    reversals = {one["source"] for one in god if one.get("reporting_category") == "partial_capture_reversal"}
    refunds = [one for one in god if one["object"] == "refund" and one["id"] not in reversals]
    return {one["id"]: Money(one["currency"], one["amount"]).decimal() for one in refunds}


class Books(SimulatedWorld):
    """A world with a ledger for its Stripe account; ``policy`` overrides fields of the ledger's policy."""

    def __init__(
        self, seed: int, luck: Luck = CALM, shape: Shape = PLAIN, *, policy: Mapping[str, Any] | None = None
    ) -> None:
        ships = {"ships_at_once": True, **shape.p21_options}  # goods that come back have left before
        super().__init__(seed, luck, replace(shape, p21_options=ships))
        for name in ("journal", "refund", "dispute"):
            publish_workflow(self.books, template(name), self.clock.now())
        self.opened = self.today()
        asked = Policy.parse({"p21": "p21", "starts": self.opened, **(policy or {})})
        keep_policy(self.books, LEDGER, fitted_policy(self.ports, asked), self.clock.now())
        keep_accounts(self.books, LEDGER, account_map(), {})
        self._rate_days: set[str] = set()
        self.read_rates()

    def today(self) -> str:
        """The day in New York, where the pretend company is."""
        return datetime.fromtimestamp(self.clock.now(), UTC).astimezone(ZoneInfo("America/New_York")).date().isoformat()

    def read_rates(self) -> None:
        """Keep the rates of today."""
        if self.today() not in self._rate_days:
            self._rate_days.add(self.today())
            keep_rates(self.books, "usd", [(name, self.today(), Decimal(rate)) for name, rate in RATES.items()])

    def pass_days(self, days: int, *, chores: Sequence[str] = ("import",)) -> None:
        """Let days pass; every morning the rates are read, and every evening these chores are done."""
        for _ in range(days):
            self.read_rates()
            self.run(self.clock.now() + DAY)
            self.read_rates()
            self.do(*chores)

    def do(self, *names: str) -> dict[str, Any]:
        """Do chores of the schedule, each until it survives."""
        return {name: self._done(CHORES[name]) for name in names}

    def _done(self, chore: Callable[..., Any]) -> Any:
        outcome: list[Any] = []

        def act() -> bool:
            outcome.append(chore(self.ports, LEDGER))
            return True

        for _ in range(TRIES_MAX):
            self._surviving(act)
            if outcome:
                return outcome[0]
        raise AssertionError(f"{chore} did not survive {TRIES_MAX} tries")

    def everything(self) -> None:
        """All chores, what they start in P21, and the bank; then all of it once more."""
        for _ in range(2):
            self.do("periods", "import", "catch_up", "disputes", "refunds", "orders", "documents", "journals")
            self.settle()
            self.bank_tells()
            self.do("payouts", "audit", "prove")

    def bank_tells(self) -> None:
        """The bank's statement of all that reached it."""
        keep_statement(self.books, self.bank_lines(), "statement", self.clock.now())

    def bank_lines(self) -> list[BankLine]:
        """What reached the bank, as it tells it."""
        return [
            BankLine(
                f"{one['payout']}/{one['amount']}", "operating", one["date"], one["amount"], one["currency"],
                one["trace"] or "", one["descriptor"] or "",
            )
            for one in self.stripe_account.bank_deposits()
        ]  # fmt: skip

    # -- what a checker asks

    def verdict(self) -> Audit:
        """What the auditor says, of refunds too."""
        return audit(replace(self.evidence(), refunds=given_back(self.stripe_account)))

    def identities(self) -> None:
        """I1, I3, I4 and I7 of accounting C3, and that the trial balance is balanced; AssertionError says which is not."""
        god = self.stripe_account.books()["objects"]
        rows = [one for one in god.values() if one["object"] == "balance_transaction"]
        stands: dict[str, int] = {}
        for row in rows:
            assert (
                row["net"]
                == row["amount"] - row["fee"]
                == row["amount"] - sum(part["amount"] for part in row["fee_details"])
            )
            if row["balance_type"] == "payments":
                stands[row["currency"]] = stands.get(row["currency"], 0) + row["net"]
        for proof in standing(self.books, LEDGER).proofs(stands):
            assert proof.off == 0, proof
        with self.books.reading() as db:
            posted = journal.sources(db, LEDGER, [row["id"] for row in rows])
            excepted = {one.about for one in exceptions.opened(db, LEDGER)}
            every = [kept.entry for kept in journal.walk(db, LEDGER)]
            assert not off_balance(roll_forward(journal.day_sums(db, LEDGER)))
        assert {row["id"] for row in rows} <= posted | excepted, "every row has one posting or one exception"
        of_rows = [one for one in every if one.source.startswith("txn_")]
        assert {one.source for one in of_rows} <= {row["id"] for row in rows}, "every posting has a row"
        nets = {row["id"]: row["net"] if row["balance_type"] == "payments" else 0 for row in rows}
        assert all(one.moved(CLEARING) == nets[one.source] for one in of_rows)

    def p21_agrees(self) -> None:
        """P21's own general ledger has on the clearing account what the books have, to the cent (I4)."""
        assert not (differs := self.p21_differs()), differs

    def p21_differs(self) -> str:
        """What P21 has on clearing and the books have not, in words; empty where they agree."""
        rows = [row for row in self.p21_tenant.state["gl"].rows if row["account_number"] == NUMBERS[CLEARING]]
        stands = sum((row["amount"] for row in rows), Decimal(0))
        with self.books.reading() as db:
            ours = sum(value for _, value in journal.balance(db, LEDGER, CLEARING).values())
        theirs = Money("usd", ours).decimal()
        return "" if stands == theirs else f"P21 has {stands} on clearing, the books {theirs}"

    def open_codes(self) -> list[str]:
        """The codes of what is open, sorted."""
        with self.books.reading() as db:
            return sorted(one.code for one in exceptions.opened(db, LEDGER))

    def verdicts(self) -> dict[str, str]:
        """The verdict of every payout."""
        with self.books.reading() as db:
            return {row.payout.id: row.verdict for row in payouts.every(db, LEDGER)}

    def balances(self) -> dict[tuple[str, str], tuple[int, int]]:
        """The trial balance: by account and currency, amount and value."""
        with self.books.reading() as db:
            rolls = roll_forward(journal.day_sums(db, LEDGER))
        return {
            (one.account, one.currency): (one.closing, one.closing_value)
            for one in rolls
            if one.closing or one.closing_value
        }


def sell_some(world: Books, dice: random.Random, count: int) -> list[str]:
    """Sales that P21 takes; answers their charges."""
    charges = []
    for _ in range(count):
        story = dice.choice((workload.known_by_mail, workload.brand_new))
        sale = story(world, dice)
        world.sales.append(sale)
        charges.append(sale.paid.charge)
    world.run(world.clock.now() + 60)
    return charges
