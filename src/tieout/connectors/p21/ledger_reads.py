"""Reads the chart of accounts, the periods and the journals of the company (P21 facts §6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tieout.connectors.p21 import failures
from tieout.connectors.p21._face import AccountRecord, PeriodRecord
from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.filters import compare, eq, gt
from tieout.connectors.p21.journals import ACCOUNT, PERIOD
from tieout.connectors.p21.odata import PAGE_ROWS, OData, Row
from tieout.connectors.p21.postings import closed_period
from tieout.connectors.p21.writers import Middleware
from tieout.kernel.failures import Failed

JOURNAL = ("journal_id", "journal_description", "delete_flag")


def chart_of_accounts(odata: OData, company_id: str) -> Mapping[str, AccountRecord]:
    """Every account by its number, deleted ones too."""
    rows = odata.rows("table/chart_of_accts", eq("company_no", company_id), ACCOUNT, "account_no")
    return {one.account_no: one for one in map(_account, rows)}


def periods(odata: OData, company_id: str) -> tuple[PeriodRecord, ...]:
    """Every period, oldest first; pages are cut between years, because no one column names a period."""
    company, year = eq("company_no", company_id), 0
    found: list[Row] = []
    while True:
        page = odata.page("table/periods", company & gt("year_for_period", year), PERIOD, "year_for_period")
        if len(page) < PAGE_ROWS:
            break
        whole_years = [row for row in page if _year(row) != _year(page[-1])]
        if not whole_years:
            raise failures.unreadable("table/periods", f"{PAGE_ROWS} periods in year {_year(page[-1])}")
        found += whole_years
        year = _year(whole_years[-1])
    return tuple(sorted(map(_period, found + page), key=lambda one: (one.year, one.period)))


def require_open_day(p21: Middleware, on: str) -> None:
    """Failed(Fix) when every period with that day (YYYY-MM-DD) is closed: the words of P21's own refusal are not public."""
    begun, ended = (
        compare("beginning_date", "le", date.fromisoformat(on)),
        compare("ending_date", "ge", date.fromisoformat(on)),
    )
    where = eq("company_no", p21.settings.company_id) & begun & ended
    found = [_period(row) for row in p21.odata.page("table/periods", where, PERIOD, "period")]
    if found and all(one.closed for one in found):
        raise Failed(closed_period(found[0].period, found[0].year, "is closed", on))


def lacks_journal(odata: OData, journal_id: str) -> str:
    """Why entries cannot be posted to that journal, or an empty text."""
    rows = odata.rows("table/journal", gt("journal_id", ""), JOURNAL, "journal_id")
    names = {text_of(row.get("journal_id")): text_of(row.get("journal_description")) for row in rows if _stands(row)}
    if journal_id in names:
        return ""
    known = ", ".join(f"{one} {name}" for one, name in names.items())
    return (
        f"P21 has no journal {journal_id!r}; it has {known or 'none'}. Set journal_id of the connection to one of them."
    )


def _account(row: Row) -> AccountRecord:
    return AccountRecord(
        text_of(row.get("account_no")),
        text_of(row.get("account_desc")),
        text_of(row.get("account_type")),
        text_of(row.get("branch_id")),
        _stands(row),
    )


def _period(row: Row) -> PeriodRecord:
    try:
        number = int(decimal_of(row.get("period"), "period"))
    except ValueError as error:
        raise failures.unreadable("table/periods", str(error)) from error
    begins, ends = (text_of(row.get(name))[:10] for name in ("beginning_date", "ending_date"))
    return PeriodRecord(number, _year(row), begins, ends, text_of(row.get("period_closed")) == "Y")


def _year(row: Row) -> int:
    try:
        return int(decimal_of(row.get("year_for_period"), "year_for_period"))
    except ValueError as error:
        raise failures.unreadable("table/periods", str(error)) from error


def _stands(row: Row) -> bool:
    return text_of(row.get("delete_flag")) != "Y"
