"""The Transaction API: builds a TransactionSet and reads what became of it (P21 facts §4).

Values are strings; elements and edits are applied in the order sent: header, items, remittances. HTTP 200 does not
mean success, and a message that is not on the allow-list does not mean that nothing was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21.answers import json_of, said, shown, text_of
from tieout.connectors.p21.refusals import doubtful, refusal, rejected
from tieout.connectors.p21.sending import forbidden_or_unknown
from tieout.domain.writing import Confirmed, Document, Indeterminate, Rejected, Sent

TRANSACTION = "/api/v2/transaction"
Edits = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a window. ``keys`` are field names by which rows are told apart.

    Empty edits are left out, except those of ``cleared``, which empty a field of the first row.
    """

    name: str
    rows: Sequence[Edits]
    kind: str = "Form"
    keys: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """The element as JSON."""
        return {
            "Name": self.name,
            "Type": self.kind,
            "BusinessObjectName": None,
            "Keys": list(self.keys),
            "Rows": [{"Edits": _edits(row, self.cleared), "RelativeDateEdits": []} for row in self.rows],
        }


def transaction_set(service: str, elements: Iterable[Element], use_code_values: bool = False) -> dict[str, Any]:
    """One document for one window. Never IgnoreDisabled: it makes false successes."""
    entry = {"Status": "New", "Documents": None, "DataElements": [one.written() for one in elements]}
    return {
        "Name": service,
        "UseCodeValues": use_code_values,
        "IgnoreDisabled": False,
        "Description": None,
        "FieldMap": [],
        "Parameters": None,
        "Query": None,
        "TransactionSplitMethod": 0,
        "Transactions": [entry],
    }


@dataclass(frozen=True, slots=True)
class Expected:
    """What success must return: the edit ``key_field``; ``shown`` maps our names to further edits to show."""

    entity: str
    key_field: str
    shown: Mapping[str, str]


def classify(reply: Reply, document: Document, expected: Expected) -> Sent:
    """Confirmed only if one succeeded, none failed, all passed and the key came back (P21 facts §4.3)."""
    try:
        body = json_of(reply)
    except ValueError:
        return Indeterminate(said(reply))
    if reply.status != 200 or not isinstance(body, dict):
        return forbidden_or_unknown(expected.entity, document, reply)
    summary, entries = _object(body.get("Summary")), _entries(body)
    messages = _messages(body)
    counts = tuple(summary.get(name) for name in ("Succeeded", "Failed", "Other"))
    if counts == (1, 0, 0) and [text_of(one.get("Status")) for one in entries] == ["Passed"]:
        return _confirmed(entries[0], expected, messages)
    if counts == (0, 1, 0) and all(text_of(one.get("Status")) == "Failed" for one in entries):
        return _failed(messages, document, expected)
    return Indeterminate(said(reply))


def _confirmed(entry: Mapping[str, Any], expected: Expected, messages: str) -> Confirmed | Indeterminate:
    if "unexpected response window" in messages.lower():
        return Indeterminate(shown(messages))
    returned = {name: value for name, value in _returned(entry) if value}
    key = returned.get(expected.key_field, "")
    if not key:
        return Indeterminate(f"P21 says it passed but returned no {expected.key_field}. {shown(messages)}")
    return Confirmed(key, {ours: returned[theirs] for ours, theirs in expected.shown.items() if theirs in returned})


def _failed(messages: str, document: Document, expected: Expected) -> Rejected | Indeterminate:
    known = None if doubtful(messages) else refusal(messages)
    if known is None:
        return Indeterminate(f"P21 says it failed: {shown(messages)}")
    return rejected(expected.entity, messages.removeprefix("Transaction 1::").removeprefix("Transaction 1:").strip(),
                    known, document, shown(messages))  # fmt: skip


def _messages(body: Mapping[str, Any]) -> str:
    found = body.get("Messages")
    return "; ".join(text_of(one) for one in found) if isinstance(found, list) else text_of(found)


def _entries(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = _object(body.get("Results")).get("Transactions")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _returned(entry: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for element in entry.get("DataElements") or ():
        for row in _object(element).get("Rows") or ():
            for edit in _object(row).get("Edits") or ():
                yield text_of(_object(edit).get("Name")), text_of(_object(edit).get("Value"))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _edits(row: Edits, cleared: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"Name": name, "Value": value, "IgnoreIfEmpty": False}
        for name, value in row.items()
        if value or name in cleared
    ]
