"""Three weeks of a Stripe account and its Prophet 21, played and kept in the books of an installation in a folder."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulators.p21 import Prophet21, seed_books
from simulators.server import Serving
from simulators.stripe import StripeAccount
from simulators.world import VirtualClock, World
from tests.command_line import Ran, tieout
from tieout.app.house import House, open_house
from tieout.domain.ledger.account import ACCOUNTS
from tieout.engine import Rest
from tieout.engine.inline_engine import InlineEngine
from tieout.kernel.money import Money
from tieout.operations.state_fact import state_facts
from tieout.processes.dispatch import dispatch
from tieout.processes.walk_event import walk_event
from tieout.settings import Settings

KEY = "rk_test_" + "5" * 24
SIGNING = "whsec_" + "5" * 32
PASSWORD = "prophet-password"
DAY = 86_400
ZONE = "America/New_York"
P21 = {
    "company_id": "ACME", "username": "tieout", "location_id": "10", "terms": "1", "salesrep": "812", "branch": "01",
    "payment_type_id": "5", "bank_no": "2", "settle_seconds": "1", "calls_per_second": "1000", "currencies.usd": "1",
    "currencies.eur": "2",
}  # fmt: skip
LINES = '[{"sku": "WIDGET-001", "quantity": 4, "unit_amount": 1250}]'
NEAREST = {
    "stripe_clearing": "10950", "cash_in_transit": "10960", "bank": "10100", "other_bank": "10940",
    "accounts_receivable": "11000", "disputes_receivable": "10970", "stripe_suspense": "69000",
    "processing_fees": "64500", "rounding": "69900",
}  # fmt: skip


def account_map(**numbers: str) -> str:
    """A whole map; ``numbers`` replaces those of some accounts, and leaves out what is empty."""
    chosen = {name: NEAREST.get(name, "41100") for name in ACCOUNTS} | numbers
    return "".join(f'[[account]]\nname = "{name}"\nnumber = "{chosen[name]}"\n' for name in ACCOUNTS if chosen[name])


@dataclass
class Site:
    """The folder of the installation, the two pretend systems, and what was played (Stripe ids by name)."""

    folder: Path
    stripe: StripeAccount
    p21: Prophet21
    clock: VirtualClock
    stripe_url: str
    p21_url: str
    ids: dict[str, str] = field(default_factory=dict)

    def tieout(self, *words: str) -> Ran:
        """Run a command on the installation."""
        return tieout(self.folder, *words)

    def done(self, *words: str) -> str:
        """What a command that must succeed said, each run of spaces as one."""
        ran = self.tieout(*words)
        assert ran.status == 0, ran
        return ran.said

    def connect(self) -> None:
        """Connect both systems as a person would."""
        secrets = {"TIEOUT_STRIPE_KEY": KEY, "TIEOUT_STRIPE_WEBHOOK_SECRET": SIGNING, "TIEOUT_P21_SECRET": PASSWORD}
        stripe = ("--set", f"api_base={self.stripe_url}", "--set", "calls_per_second=100000")
        p21 = [f"--set={name}={value}" for name, value in {**P21, "base_url": self.p21_url}.items()]
        for words in (("connect", "stripe", *stripe), ("connect", "p21", *p21)):
            ran = tieout(self.folder, *words, **secrets)
            assert ran.status == 0, ran

    def day(self, days_from_now: int = 0) -> str:
        """A day as the pretend systems count."""
        return datetime.fromtimestamp(self.clock.now() + days_from_now * DAY, UTC).date().isoformat()

    def work(self) -> None:
        """Do what ``tieout work`` does until nothing is left: find facts, walk their workflows, write to P21."""
        with self.house() as house:
            now = int(self.clock.now())
            facts = list(house.ports.connections.stripe("stripe").stated_again(now - 40 * DAY, now + 1))
            state_facts(house.box, "stripe", False, facts, "told", self.clock.now())

            def leg(argument: str) -> Rest:
                return walk_event(house.ports, argument)

            engine = InlineEngine(leg, house.ports.clock, random.Random(1))
            until = time.monotonic() + 30
            while time.monotonic() < until:
                if dispatch(house.ports, engine) == 0 and not engine.step():
                    return
        raise AssertionError("the work did not come to its end")

    def house(self) -> AbstractContextManager[House]:
        """The installation, opened beside the commands."""
        return house_in(self.folder)

    def statement(self) -> Path:
        """What the bank saw, as its CSV export."""
        rows = [
            f"{one['date']},{Money(one['currency'], one['amount']).decimal()},{one['currency'].upper()},"
            f"{one['trace'] or ''},{one['descriptor'] or 'STRIPE'}"
            for one in self.stripe.bank_deposits()
        ]
        file = self.folder / "bank.csv"
        file.write_text("\n".join(["Date,Amount,Currency,Reference,Text", *rows]) + "\n")
        return file

    def columns(self) -> Path:
        """What the columns of that export are."""
        file = self.folder / "columns.toml"
        file.write_text(
            'currency = "usd"\ndate = "Date"\namount = "Amount"\ncurrency_column = "Currency"\n'
            'reference = "Reference"\ndescription = ["Text"]\n'
        )
        return file


@contextmanager
def house_in(folder: Path) -> Iterator[House]:
    """The installation in a folder, opened beside the commands."""
    folder.chmod(0o700)
    house = open_house(Settings(folder=folder))
    try:
        yield house
    finally:
        house.close()


@contextmanager
def site_in(folder: Path) -> Iterator[Site]:
    """Both systems on ports of their own, three weeks ago; nothing is connected yet."""
    clock = VirtualClock(time.time() - 21 * DAY)
    world = World(5, clock)
    stripe = StripeAccount(world, key=KEY, webhook_secret=SIGNING, settlements=("usd", "eur"))
    p21 = Prophet21(world)
    seed_books(p21)
    with ExitStack() as serving:
        stripe_url, p21_url = (serving.enter_context(Serving(one)).url for one in (stripe, p21))
        yield Site(folder, stripe, p21, clock, stripe_url, p21_url)


def play(site: Site) -> None:
    """Two payouts, the second short by 9 cents at the bank; a row nobody has named; a charge without a rate."""
    stripe = site.stripe
    for name in ("first", "second"):
        for place in range(2):
            paid = stripe.pay(
                None, "usd", 5_000, payment_metadata={"lines": LINES}, receipt_email="ann@larch-pumps.example"
            )
            site.ids[f"{name} charge {place}"], site.ids[f"{name} payment {place}"] = (
                paid.charge,
                str(paid.payment_intent),
            )
        if name == "first":
            site.ids["mystery"] = stripe.add_row(type="contribution_refund_x", amount=-37, category="never_heard_of")
        site.clock.advance(3 * DAY)
        site.ids[name] = stripe.pay_out("usd", descriptor=f"STRIPE {name.upper()}")
        site.clock.advance(6 * DAY)
    site.ids["euro"] = stripe.pay(None, "eur", 5_000, payment_metadata={"lines": LINES}).charge
    site.clock.advance(60)
    paid_out = next(one for one in stripe.bank_deposits() if one["payout"] == site.ids["second"])
    stripe.alter_deposit(site.ids["second"], amount=paid_out["amount"] - 9)


def keep(site: Site) -> None:
    """Keep the books of all that was played, as a controller would on the first day."""
    site.connect()
    play(site)
    site.done("ledger", "keep", "--currency", "usd", "--time-zone", ZONE, "--starts", site.day(-22))
    file = site.folder / "accounts.toml"
    file.write_text(account_map())
    site.done("ledger", "accounts", str(file))
    site.done("ledger", "import")
    site.work()
    site.done("ledger", "post")
    site.work()
    site.done("payouts", "--look")
    site.done("bank", "import", str(site.statement()), "--account", "operating", "--columns", str(site.columns()))


def machines(ran: Ran) -> Any:
    """What a command printed for machines."""
    assert ran.status in (0, 1), ran
    return json.loads(ran.out)
