"""The general ledger: balanced entries only, in open periods, on accounts that exist (P21 facts §7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulators.p21.refusals import Refused
from simulators.p21.state import State
from simulators.p21.tables import Row

RECEIVABLE, DEPOSITS, TAXES, REVENUE, FREIGHT, RETURNS = "11000", "21500", "22000", "40000", "40500", "49000"


@dataclass(frozen=True, slots=True)
class GlLine:
    """One posting: ``amount`` in the home currency's major unit, debit positive; ``foreign`` in the entry's currency."""

    account: str
    amount: Decimal
    description: str = ""
    foreign: Decimal | None = None


def post(
    state: State,
    lines: Sequence[GlLine],
    *,
    journal: str,
    source: str,
    date: str,
    origin: str = "",
    period: tuple[int, int] | None = None,
    currency_id: Any = 1,
) -> list[Row]:
    """Write one entry and return its rows; Refused when it does not balance or may not be posted."""  # fmt: skip
    if sum((line.amount for line in lines), Decimal(0)) != 0:
        raise Refused("Records do not balance", code="unbalanced")
    month, year = period or (int(date[5:7]), int(date[:4]))
    require_open(state, month, year)
    branches = [_branch(state, line.account) for line in lines]
    if state.options.branch_debit_equal_credit:
        _require_balanced_branches(lines, branches)
    entry = state.next("gl entry")
    kept = [line for line in lines if line.amount or origin]
    return [
        state.insert("gl", {
            "gl_uid": state.next("gl"), "company_no": state.company, "account_number": line.account, "period": month,
            "year_for_period": year, "journal_id": journal, "amount": line.amount,
            "foreign_amount": line.amount if line.foreign is None else line.foreign,
            "currency_id": currency_id, "source": source, "description": line.description, "transaction_date": date,
            "transaction_number": entry, "sequence_number": place, "origin": origin,
        })
        for place, line in enumerate(kept, 1)
    ]  # fmt: skip


def require_open(state: State, month: int, year: int) -> None:
    """Refused when the period is unknown or closed; the words are ours."""
    period = state["periods"].one(year_for_period=year, period=month, company_no=state.company)
    if period is None:
        raise Refused(f"Period {month}/{year} is not defined.", code="unknown_period", field="Period", synthetic=True)
    if period["period_closed"] == "Y":
        raise Refused(f"Period {month}/{year} is closed.", code="closed_period", field="Period", synthetic=True)


def _branch(state: State, account: str) -> str:
    """The branch of an account; Refused when the company has no such account."""
    found = state["chart_of_accts"].one(account_no=account, company_no=state.company)
    if found is None or found["delete_flag"] == "Y":
        raise Refused(
            f"Account {account} is not in the chart of accounts.", code="unknown_account", field="Account",
            synthetic=True,
        )  # fmt: skip
    return str(found["branch_id"] or "")


def _require_balanced_branches(lines: Sequence[GlLine], branches: Sequence[str]) -> None:
    sums: dict[str, Decimal] = {}
    for line, branch in zip(lines, branches, strict=True):
        sums[branch] = sums.get(branch, Decimal(0)) + line.amount
    wrong = next((branch for branch, amount in sums.items() if amount), None)
    if wrong is not None:
        raise Refused(
            f"Records do not balance for branch {wrong}", code="branch_unbalanced", field="Lines", synthetic=True
        )
