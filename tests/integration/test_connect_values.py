"""What only the P21 connection adds is looked up when it is connected, and is part of a trial (case P3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.trial.pretend import PretendSystems
from tests.command_line import Ran, tieout
from tests.integration.test_cli import P21, PASSWORD, TEMPLATE, connect_stripe


@pytest.fixture(scope="module")
def systems() -> Iterator[PretendSystems]:
    found = PretendSystems(12, settle_seconds=0.2)
    yield found
    found.close()


def connect(folder: Path, systems: PretendSystems, **given: str) -> Ran:
    chosen = {
        **P21,
        "base_url": systems.p21_url,
        "currencies.usd": "1",
        "payment_type_id": "5",
        "bank_no": "2",
        **given,
    }
    settings = [f"--set={name}={value}" for name, value in chosen.items() if value]
    return tieout(folder, "connect", "p21", *settings, TIEOUT_P21_SECRET=PASSWORD)


def test_values_that_p21_has_are_named_with_its_own_words(systems: PretendSystems, tmp_path: Path) -> None:
    ran = connect(tmp_path, systems)
    assert ran.status == 0, ran
    assert "Sales representative 812, as some customers have" in ran.said
    assert "Bank account 2 (" in ran.said


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("location_id", "999", "P21 has no sales location '999'; it has 10"),
        ("source_location_id", "998", "P21 has no source location '998'; it has 10"),
        ("branch", "QQ", "P21 has no branch 'QQ'; it has 01"),
        ("terms", "ZZ", "P21 has no terms 'ZZ'; it has 1"),
        ("payment_type_id", "777", "P21 has no payment type '777'; it has"),
        ("bank_no", "99", "P21 has no bank account '99'; it has"),
        ("journal_id", "QQ", "P21 has no journal 'QQ'; it has"),
        ("salesrep", "999", "No customer of P21 has the sales representative '999'; some have 812"),
    ],
)
def test_a_value_that_p21_does_not_have_is_refused_before_any_order(
    systems: PretendSystems, tmp_path: Path, setting: str, value: str, words: str
) -> None:
    ran = connect(tmp_path, systems, **{setting: value})
    assert ran.status == 1, ran
    assert words in ran.said
    assert "Nothing was kept." in ran.said


def test_every_wrong_value_is_told_at_once(systems: PretendSystems, tmp_path: Path) -> None:
    said = connect(tmp_path, systems, terms="ZZ", branch="QQ", bank_no="99").said
    assert all(f"Correct {name} of the connection" in said for name in ("terms", "branch", "bank_no"))


def test_one_of_another_company_does_not_count(systems: PretendSystems, tmp_path: Path) -> None:
    there = systems.p21_tenant.state["branch"]
    there.insert({"company_id": "OTHER", "branch_id": "77", "branch_description": "Elsewhere"})
    assert "P21 has no branch '77'" in connect(tmp_path, systems, branch="77").said


@pytest.mark.parametrize("missing", ["payment_type_id", "bank_no"])
def test_a_trial_says_what_the_connection_lacks(systems: PretendSystems, tmp_path: Path, missing: str) -> None:
    assert connect_stripe(tmp_path, systems).status == 0
    assert connect(tmp_path, systems, **{missing: ""}).status == 0
    payment = paid(systems)
    tried = tieout(tmp_path, "workflows", "try", str(TEMPLATE), "--payment", payment)
    assert tried.status == 3, tried
    assert f"Set {missing} in the P21 connection" in tried.said
    assert connect(tmp_path, systems).status == 0, "doing what it says"
    assert tieout(tmp_path, "workflows", "try", str(TEMPLATE), "--payment", payment).status == 0


def paid(systems: PretendSystems) -> str:
    line = '[{"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250}]'
    bought = systems.stripe_account.pay(amount=2500, payment_metadata={"lines": line}, receipt_email="a@b.example")
    return str(bought.payment_intent)
