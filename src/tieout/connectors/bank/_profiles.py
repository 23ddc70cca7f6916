"""How common banks head their exports: what each column is, so that nothing has to be guessed but the account (case P8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """A bank's header row, in its order, and which column is what (settings of ``CsvColumns``)."""

    bank: str
    header: tuple[str, ...]
    settings: Mapping[str, str | tuple[str, ...]]


PROFILES = (
    Profile(
        "Bank of America",
        ("Date", "Description", "Amount", "Running Bal."),
        {"date": "Date", "amount": "Amount", "description": ("Description",), "balance": "Running Bal.", "date_format": "MM/dd/yyyy"},
    ),
    Profile(
        "Chase",
        ("Details", "Posting Date", "Description", "Amount", "Type", "Balance", "Check or Slip #"),
        {"date": "Posting Date", "amount": "Amount", "description": ("Description",), "reference": ("Check or Slip #",),
         "balance": "Balance", "date_format": "MM/dd/yyyy"},
    ),
    Profile(
        "Capital One",
        ("Account Number", "Transaction Description", "Transaction Date", "Transaction Type", "Transaction Amount", "Balance"),
        {"date": "Transaction Date", "amount": "Transaction Amount", "direction": "Transaction Type",
         "description": ("Transaction Description",), "balance": "Balance", "date_format": "MM/dd/yy"},
    ),
    Profile(
        "U.S. Bank",
        ("Date", "Transaction", "Name", "Memo", "Amount"),
        {"date": "Date", "amount": "Amount", "description": ("Name", "Memo"), "date_format": "yyyy-MM-dd"},
    ),
    Profile(
        "ING",
        ("Datum", "Naam / Omschrijving", "Rekening", "Tegenrekening", "Code", "Af Bij", "Bedrag (EUR)", "Mutatiesoort", "Mededelingen"),
        {"date": "Datum", "amount": "Bedrag (EUR)", "direction": "Af Bij", "decimal_mark": ",", "date_format": "yyyyMMdd",
         "description": ("Naam / Omschrijving", "Mededelingen")},
    ),
)  # fmt: skip


def profile_of(header: tuple[str, ...]) -> Profile | None:
    """The bank that heads its files so."""
    return next((one for one in PROFILES if tuple(map(str.casefold, one.header)) == header), None)
