"""Writes journal entries through the accounting family and reads the general ledger back (P21 facts §7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21._face import LedgerLine
from tieout.connectors.p21.answers import decimal_of, json_of, said, text_of
from tieout.connectors.p21.comparing import document_lines
from tieout.connectors.p21.documents import day, number, text
from tieout.connectors.p21.filters import any_of, eq
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.postings import (
    closed_period,
    foreign,
    journal_differences,
    period_of,
    require_balanced,
    unknown_account,
)
from tieout.connectors.p21.sending import unsuccessful
from tieout.connectors.p21.writers import RecordWriter
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, Sent
from tieout.kernel.failures import Failed

GL_PATH = "/api/accounting/gl/"
GL = (
    "gl_uid",
    "company_no",
    "account_number",
    "period",
    "year_for_period",
    "amount",
    "foreign_amount",
    "currency_id",
    "source",
    "description",
    "transaction_date",
    "transaction_number",
    "approved",
)
ACCOUNT = ("account_no", "company_no", "account_desc", "account_type", "branch_id", "delete_flag")
PERIOD = ("company_no", "period", "year_for_period", "period_closed", "beginning_date", "ending_date")


def entries(rows: Iterable[Row]) -> list[Row]:
    """One row for every entry: that of its first posting, with all of them as ``lines``."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(text_of(row.get("transaction_number")), []).append(row)
    return [{**lines[0], "lines": lines} for lines in grouped.values()]


def ledger_lines(entry: Row) -> tuple[LedgerLine, ...]:
    """The postings of an entry; ValueError when an amount is none."""
    return tuple(
        LedgerLine(
            text_of(row.get("account_number")),
            decimal_of(row.get("amount"), "amount"),
            decimal_of(row.get("foreign_amount") or 0, "foreign_amount"),
            text_of(row.get("description")),
        )
        for row in entry["lines"]
    )


def is_void_entry(entry: Row) -> bool:
    """Whether P21 counts the entry no more: somebody took its approval away."""
    return all(text_of(row.get("approved")) == "N" for row in entry["lines"])


class JournalWriter(RecordWriter):
    """Looks an entry up by its source.

    Before it sends it asks for the period and the accounts, because the words of P21's refusals are not public.
    """

    entity = "journal_entry"

    @property
    def column(self) -> str:
        """The column of gl that carries the reference."""
        return self.p21.settings.reference_fields.journal

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """Every entry of the company with that source."""
        where = eq(self.column, reference) & eq("company_no", self.p21.settings.company_id)
        return entries(self.p21.odata.rows("table/gl", where, GL, "gl_uid"))

    def by_key(self, key: str) -> Row | None:
        """The entry of that number."""
        if not key.isdecimal():
            return None
        where = eq("transaction_number", int(key)) & eq("company_no", self.p21.settings.company_id)
        return next(iter(entries(self.p21.odata.rows("table/gl", where, GL, "gl_uid"))), None)

    def found(self, row: Row, document: Document) -> Found:
        """The entry with what differs: date, period, postings."""
        key = text_of(row.get("transaction_number"))
        shown = {"entry_no": key}
        if is_void_entry(row):
            return Found(key, ("it is voided in P21",), shown, void=True)
        period = text_of(row.get("period")), text_of(row.get("year_for_period"))
        differing = journal_differences(document, text_of(row.get("transaction_date")), period, ledger_lines(row))
        return Found(key, tuple(differing), shown)

    def path(self) -> str:
        """With its slash: without it P21 redirects."""
        return GL_PATH

    def body(self, reference: str, document: Document) -> Sequence[Mapping[str, Any]]:
        """The postings, each with the entry's head. Failed(Fix) when P21 could not take them."""
        require_balanced(document)
        self._require_open(document)
        self._require_accounts({text(line, "account") for line in document_lines(document)})
        head = self._head(reference, document)
        return [self._line(head, document, line) for line in document_lines(document)]

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when every posting came back under one number."""
        if reply.status not in (200, 201):
            return unsuccessful(self.entity, document, reply)
        try:
            rows = json_of(reply)
        except ValueError:
            return Indeterminate(said(reply))
        listed = rows.get("list") if isinstance(rows, dict) else rows
        numbers = {text_of(row.get("TransactionNumber")) for row in _rows(listed)}
        if len(numbers) != 1 or not (key := numbers.pop()):
            return Indeterminate(said(reply))
        return Confirmed(key, {"entry_no": key})

    def _head(self, reference: str, document: Document) -> dict[str, Any]:
        period, year = period_of(document)
        head: dict[str, Any] = {
            "CompanyNo": self.p21.settings.company_id,
            "Period": period,
            "YearForPeriod": year,
            "JournalId": text(document, "journal") or self.p21.settings.journal_id,
            "Source": reference,
            "TransactionDate": f"{day(document, 'date')}T00:00:00",
        }
        if any(text(line, "foreign_amount") for line in document_lines(document)):
            head["CurrencyId"] = self.p21.settings.currency_id(text(document, "currency"))
        return head

    def _line(self, head: Mapping[str, Any], document: Document, line: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **head,
            "AccountNumber": text(line, "account"),
            "Amount": number(line, "amount"),
            "ForeignAmount": foreign(line),
            "Description": text(line, "description") or text(document, "description"),
        }

    def _require_open(self, document: Document) -> None:
        period, year = period_of(document)
        where = eq("company_no", self.p21.settings.company_id) & eq("period", period) & eq("year_for_period", year)
        row = self.p21.odata.first("table/periods", where, PERIOD, "period")
        if row is None:
            raise Failed(closed_period(period, year, "is not defined", day(document, "date")))
        if text_of(row.get("period_closed")) == "Y":
            raise Failed(closed_period(period, year, "is closed", day(document, "date")))

    def _require_accounts(self, accounts: set[str]) -> None:
        company, known = eq("company_no", self.p21.settings.company_id), dict[str, bool]()
        for where in any_of("account_no", sorted(accounts), company):
            for row in self.p21.odata.rows("table/chart_of_accts", where, ACCOUNT, "account_no"):
                known[text_of(row.get("account_no")).upper()] = text_of(row.get("delete_flag")) != "Y"
        for account in sorted(accounts):
            if not known.get(account.upper(), False):
                state = "is deleted in" if account.upper() in known else "is not in"
                raise Failed(unknown_account(account, state))


def _rows(listed: object) -> list[Mapping[str, Any]]:
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
