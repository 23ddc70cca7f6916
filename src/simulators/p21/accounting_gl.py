"""Journal entries over REST: an array of lines that must balance (P21 facts §7.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.p21 import ledger
from simulators.p21.answers import Answer, envelope, with_slash
from simulators.p21.ledger import GlLine
from simulators.p21.parties import require_company
from simulators.p21.refusals import SERVER, Refused
from simulators.p21.state import State
from simulators.p21.tables import Row
from simulators.p21.values import moment, number, parse_json, text, whole
from simulators.wire import Request

PREFIX = "/api/accounting/gl"
_SHARED = ("CompanyNo", "Period", "YearForPeriod", "JournalId", "TransactionDate")
_MEMBERS = {
    "CompanyNo": "company_no", "AccountNumber": "account_number", "Period": "period",
    "YearForPeriod": "year_for_period", "JournalId": "journal_id", "Amount": "amount",
    "ForeignAmount": "foreign_amount", "Description": "description", "Source": "source",
    "TransactionDate": "transaction_date", "TransactionNumber": "transaction_number",
    "SequenceNumber": "sequence_number", "GlUid": "gl_uid", "SourceTypeCd": "source_type_cd",
    "RecordTypeCd": "record_type_cd", "CurrencyId": "currency_id", "DateCreated": "date_created",
    "LastMaintainedBy": "last_maintained_by",
}  # fmt: skip


class AccountingGl:
    """Answers /api/accounting/gl/."""

    def __init__(self, state: State) -> None:
        self._state = state

    def answer(self, request: Request) -> Answer:
        """The lines of an entry; [] for a number that does not exist."""
        rest = request.path.removeprefix(PREFIX)
        if not rest:
            return with_slash(request)
        key = rest.strip("/")
        if request.method == "POST" and not key:
            return self._post(request)
        if request.method != "GET":
            return Answer(status=405)
        if key == "ping":
            return Answer({"ResponseMessage": "success"})
        wanted = int(key) if key.isdigit() else 0
        rows = self._state["gl"].where(transaction_number=wanted) if key else self._state["gl"].rows
        return Answer([_shown(row) for row in rows if self._state.seen(row)], root="ArrayOfGl")

    def _post(self, request: Request) -> Answer:
        try:
            lines = parse_json(request.body)
        except ValueError:
            lines = None
        if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
            return envelope("The request body could not be read.", SERVER, self._state.now(), synthetic=True)
        with self._state.atomic():
            rows = self._write(lines)
        return Answer([_shown(row) for row in rows], root="ArrayOfGl")

    def _write(self, lines: Sequence[Mapping[str, Any]]) -> list[Row]:
        first = lines[0]
        for name in _SHARED:
            if any(line.get(name) in (None, "") for line in lines):
                raise Refused(f"'{name}' is a required column.", code="required", field=name, synthetic=True)
        for line in lines:
            require_company(self._state, line["CompanyNo"])
        journal = text(first["JournalId"])
        if self._state["journal"].one(journal_id=journal) is None:
            raise Refused(
                f"Journal ID {journal} is not valid.", code="unknown_journal", field="JournalId", synthetic=True
            )
        kept = [
            GlLine(
                text(line.get("AccountNumber")), number(line.get("Amount"), "Amount"), text(line.get("Description")),
                None if line.get("ForeignAmount") is None else number(line["ForeignAmount"], "ForeignAmount"),
            )
            for line in lines
        ]  # fmt: skip
        return ledger.post(
            self._state, kept, journal=journal, source=text(first.get("Source")), origin="api",
            date=moment(first["TransactionDate"], "TransactionDate"),
            period=(whole(first["Period"], "Period"), whole(first["YearForPeriod"], "YearForPeriod")),
            currency_id=first.get("CurrencyId") or 1,
        )  # fmt: skip


def _shown(row: Row) -> dict[str, Any]:
    return {name: row[column] for name, column in _MEMBERS.items()} | {"Approved": True}
