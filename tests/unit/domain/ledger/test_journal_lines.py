"""What a P21 journal gets: summed by account, nothing that another document carries, balanced by branch (C2, C8)."""

from __future__ import annotations

from collections import Counter

from tests.unit.domain.ledger.rows import book, row
from tieout.domain.ledger.account import CLEARING, INTERBRANCH, PROCESSING, RECEIVABLE, RESERVES, SOFTWARE, SUSPENSE
from tieout.domain.ledger.balance_change import FeePart, Origin
from tieout.domain.ledger.determination import AccountMap, AccountRule
from tieout.domain.ledger.entry import REFUND_PAYMENT, Entry
from tieout.domain.ledger.journal import Unmapped, carried, journal_lines
from tieout.domain.ledger.posting import Posted, post

NUMBERS = {CLEARING: "1000", PROCESSING: "6000", SOFTWARE: "6010", RESERVES: "1010", RECEIVABLE: "1200"}


def accounts(*more: AccountRule) -> AccountMap:
    return AccountMap([AccountRule(name, number) for name, number in NUMBERS.items()] + list(more))


def entries(*changes: object) -> list[Entry]:
    posted = [post(change, book()) for change in changes]  # type: ignore[arg-type]
    return [one.entry for one in posted if isinstance(one, Posted)]


def lines_of(found: list[Entry], known: AccountMap, branches: dict[str, str] | None = None) -> dict[str, int]:
    lines = journal_lines(found, known, "stripe", branches)
    assert not isinstance(lines, Unmapped), lines
    assert sum(line.value for line in lines) == sum(line.amount for line in lines) == 0
    return {line.number: line.value for line in lines}


def test_lines_are_summed_by_account_and_the_receipt_is_left_to_the_receipt() -> None:
    found = entries(row("a", "charge", 1000, 59), row("b", "charge", 2000, 88), row("c", "fee", -40))
    assert lines_of(found, accounts()) == {"1000": -187, "6000": 147, "6010": 40}


def test_what_comes_to_nothing_has_no_line() -> None:
    held = entries(row("a", "risk_reserved_funds", -500), row("b", "risk_reserved_funds", 500), row("c", "fee", 0))
    assert lines_of(held, accounts()) == {}
    assert [carried(one) for one in held] == [True, True, False]
    assert not carried(held[0], REFUND_PAYMENT)


def test_labels_choose_the_account_of_a_line() -> None:
    tax = AccountRule(PROCESSING, "6001", (("fee", "stripe_fee"), ("stripe", "stripe")))
    branch = AccountRule(SOFTWARE, "6011", (("branch", "20"),))
    found = entries(row("a", "charge", 1000, 59), row("b", "fee", -40, origin=Origin(branch="20")))
    assert lines_of(found, accounts(tax, branch)) == {"1000": -99, "6001": 59, "6011": 40}


def test_an_account_nobody_mapped_is_named_with_what_needed_it() -> None:
    found = journal_lines(entries(row("a", "quantum", -7)), accounts(), "stripe")
    assert isinstance(found, Unmapped)
    ((account, labels),) = found.needed
    assert account == SUSPENSE
    assert labels == {"category": "quantum", "type": "quantum", "currency": "usd", "stripe": "stripe"}


def test_a_journal_balances_branch_by_branch_where_the_company_wants_it() -> None:
    between = [AccountRule(INTERBRANCH, f"190{branch}", (("branch", f"{branch}"),)) for branch in (1, 2)]
    branches = {"1000": "1", "6000": "2", "6010": "1", "1901": "1", "1902": "2"}
    found = entries(row("a", "charge", 1000, 59), row("c", "fee", -40))
    lines = lines_of(found, accounts(*between), branches)
    assert lines == {"1000": -99, "6000": 59, "6010": 40, "1901": 59, "1902": -59}
    off: Counter[str] = Counter()
    for number, value in lines.items():
        off[branches[number]] += value
    assert not any(off.values())


def test_without_an_account_between_branches_nothing_is_sent() -> None:
    found = journal_lines(entries(row("a", "charge", 1000, 59)), accounts(), "stripe", {"1000": "1", "6000": "2"})
    assert found == Unmapped(((INTERBRANCH, {"stripe": "stripe"}),))


def test_a_fee_given_back_turns_its_line_round() -> None:
    found = entries(row("a", "refund", 0, fees=(FeePart("stripe_fee", -59),)))
    assert lines_of(found, accounts()) == {"1000": 59, "6000": -59}
