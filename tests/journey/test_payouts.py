"""A controller's week over HTTP, with the commands a controller types: every payout is proven or explained (M8, M9, M10)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from simulators.trial import workload
from tests.command_line import tieout
from tests.journey.shop import Shop, open_shop
from tests.simulation.books import account_map

DIALECTS: dict[str, dict[str, str]] = {"the middleware": {}, "a REST gateway": {"dialect": "gateway"}}
OFTEN = {"TIEOUT_BOOKKEEPING_PACE": "0.02"}
COLUMNS = 'account = "operating"\ncurrency = "usd"\ndate = "date"\namount = "amount"\nreference = ["trace"]\ndescription = ["words"]\n'


class Controller:
    """A shop whose books are kept, and what its controller does."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop, self.account = shop, shop.systems.stripe_account
        self._folder = folder
        today = datetime.now(UTC).date().isoformat()
        self.say("ledger", "keep", "stripe", "--currency", "usd", "--time-zone", "UTC", "--starts", today)
        self.say("ledger", "accounts", "stripe", str(self.file("accounts.toml", account_map())))
        self.say("ledger", "rates", "eur", today, "1.08")

    def say(self, *words: str) -> str:
        """What a command says that succeeds."""
        return self.shop.command(*words)

    def file(self, name: str, text: str) -> Path:
        """A file the controller has."""
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def sold(self, count: int) -> list[str]:
        """So many orders, all the way in P21; answers their charges."""
        sales = [self.shop.sell(workload.known_by_mail) for _ in range(count)]
        self.shop.rest()
        return [sale.paid.charge for sale in sales]

    def paid_out(self) -> str:
        """All that is there, paid out by Stripe."""
        self.account.release_funds()
        payout = self.account.pay_out()
        self.account.move_payout(payout, "paid")
        self.account.reconcile_payout(payout)
        return payout

    def bank_statement(self) -> str:
        """Bring the bank's statement of all that reached it."""
        rows = [
            f"{one['date']},{one['amount'] / 100:.2f},{one['trace']},{one['descriptor']}"
            for one in self.account.bank_deposits()
        ]
        statement = self.file("statement.csv", "\n".join(["date,amount,trace,words", *rows]) + "\n")
        return self.say("bank", "import", str(statement), "--columns", str(self.file("columns.toml", COLUMNS)))

    def verdicts(self) -> dict[str, str]:
        """Every payout's verdict, after a look."""
        return {one["payout"]["id"]: one["verdict"] for one in self.shown("payouts", "--look")}

    def comes_to(self, payout: str, verdict: str) -> None:
        """Look until that is its verdict: the worker keeps the books beside, and may have begun its own look before."""
        self.shop.until(f"{payout} is {verdict}", lambda: self.verdicts()[payout] == verdict)

    def exceptions(self) -> list[Mapping[str, Any]]:
        """What is open."""
        return [one for group in self.shown("exceptions") for one in group["open"]]

    def proofs(self) -> dict[str, int]:
        """What each currency is off by."""
        ran = tieout(self.shop.tieout.folder, "ledger", "prove", "--json")
        assert ran.status in (0, 3), ran  # 3: what customers owe may need a person
        return {one["currency"]: one["off"] for one in json.loads(ran.out)["balance"]}

    def shown(self, *words: str) -> Any:
        """What a command tells machines."""
        return json.loads(self.say(*words, "--json"))


@pytest.fixture(scope="module", params=DIALECTS, ids=list(DIALECTS))
def controller(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controller]:
    folder = tmp_path_factory.mktemp("payouts")
    folder.chmod(0o700)
    shipped = {"ships_at_once": True}  # goods that come back have left before
    with open_shop(folder, p21=DIALECTS[request.param], variables=OFTEN, p21_options=shipped) as shop:
        yield Controller(shop, tmp_path_factory.mktemp("desk"))


def test_a_payout_ties_out_when_the_bank_shows_it(controller: Controller) -> None:
    controller.sold(3)
    payout = controller.paid_out()
    controller.comes_to(payout, "waiting")
    assert "no bank statement shows it yet" in controller.say("payout", payout)
    controller.bank_statement()
    controller.comes_to(payout, "tied_out")
    assert controller.proofs() == {"usd": 0}
    assert controller.exceptions() == []


def test_a_negative_payout_is_a_debit_that_ties_out_too(controller: Controller) -> None:
    charge = controller.sold(1)[0]
    controller.paid_out()
    controller.account.refund(charge, 500)
    controller.shop.rest()
    debit = controller.paid_out()
    controller.bank_statement()
    controller.comes_to(debit, "tied_out")
    assert controller.proofs() == {"usd": 0}


def test_a_payout_that_fails_after_it_was_paid_is_open_until_the_bank_shows_it_went_back(
    controller: Controller,
) -> None:
    controller.sold(1)
    payout = controller.paid_out()
    controller.bank_statement()
    controller.comes_to(payout, "tied_out")
    controller.account.move_payout(payout, "failed", "account_closed", reached_bank=True)
    controller.comes_to(payout, "waiting")
    assert "the bank must show that it went back" in controller.say("payout", payout)
    controller.bank_statement()
    controller.comes_to(payout, "tied_out")
    assert controller.proofs() == {"usd": 0}


def test_a_kind_that_nobody_has_named_is_told_and_moved_by_a_person(controller: Controller) -> None:
    row = controller.account.add_row(type="moonbeam", category="moonbeams", amount=-37)
    controller.sold(1)
    payout = controller.paid_out()
    controller.bank_statement()
    controller.comes_to(payout, "tied_out")
    (unknown,) = [one for one in controller.exceptions() if one["about"] == row]
    assert "category moonbeams, type moonbeam" in unknown["sentence"]
    assert "moonbeams" in controller.say("alerts")
    controller.say(
        *("resolve", str(unknown["id"]), "--to", "stripe_software_fees", "--reason", "a new fee", "--actor", "Kim")
    )
    assert row not in [one["about"] for one in controller.exceptions()]
    assert controller.proofs() == {"usd": 0}


def test_a_document_that_was_voided_by_hand_is_found_and_named(controller: Controller) -> None:
    controller.sold(1)
    tenant = controller.shop.systems.p21_tenant
    payout = controller.paid_out()
    controller.bank_statement()
    controller.comes_to(payout, "tied_out")
    newest = tenant.books()["payments"][-1]["key"]
    tenant.edit("ar_payment_details", {"delete_flag": "Y"}, payment_number=int(newest))
    controller.comes_to(payout, "broken")
    (found,) = [one for one in controller.exceptions() if one["code"] == "break.p21.void"]
    assert f"cash receipt {newest}" in found["sentence"] and "is voided in P21" in found["sentence"]
    tenant.edit("ar_payment_details", {"delete_flag": "N"}, payment_number=int(newest))
    controller.comes_to(payout, "tied_out")


def test_a_foreign_payment_leaves_its_difference_on_fx(controller: Controller) -> None:
    controller.account.pay(via="charge", amount=10_000, currency="eur")
    controller.shop.rest()
    controller.say("ledger", "import")
    assert "Realised FX gain or loss" in controller.say("ledger")
    assert controller.proofs() == {"usd": 0}


def test_a_row_of_a_closed_period_stands_in_the_next_open_one_with_its_true_date(controller: Controller) -> None:
    now = datetime.now(UTC)
    periods = {"period": now.month, "year_for_period": now.year}
    controller.shop.systems.p21_tenant.edit("periods", {"period_closed": "Y"}, **periods)
    try:
        controller.say("ledger", "keep", "stripe", "--closed-period", "next_open")
        row = controller.account.add_row(type="stripe_fee", amount=-250)
        controller.say("ledger", "import")
        told = controller.say("explain", row)
        assert "whose period is closed" in told
        assert controller.proofs() == {"usd": 0}
    finally:
        controller.shop.systems.p21_tenant.edit("periods", {"period_closed": "N"}, **periods)
        controller.say("ledger", "keep", "stripe", "--closed-period", "next_open")


def test_before_a_ledger_is_kept_every_command_says_how_to_keep_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    ran = tieout(tmp_path, "payouts")
    assert ran.status == 1
    assert "tieout ledger keep" in ran.out + ran.err
