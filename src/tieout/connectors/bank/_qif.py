"""QIF: the records of a bank account as a table, whose days and amounts are read by settings as those of a CSV are.

QIF says neither the account nor the currency nor which part of a day is the month.
"""

from __future__ import annotations

from collections.abc import Iterator

from tieout.connectors.bank._refusal import refusal, shown
from tieout.connectors.bank._text import lines

HEADER = ["Date", "Amount", "Payee", "Memo", "Number"]
LETTERS = {"D": 0, "T": 1, "P": 2, "M": 3, "N": 4}
CASH = frozenset(("bank", "cash", "ccard", "oth a", "oth l"))
INVESTMENT = frozenset(("invst", "port", "401(k)"))
RECORD_CHARS_MAX = 20_000


def is_qif(text: str) -> bool:
    """Whether a text begins as QIF does."""
    return text.lstrip()[:9].casefold().startswith(("!type:", "!account", "!option:", "!clear:"))


def qif_rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The header, then each record of a bank account with its number. Failed(Fix) says what is no record."""
    yield 0, HEADER
    number, chars, kind = 0, 0, ""
    record: dict[str, str] = {}
    for line in lines(text):
        chars += len(line)
        if chars > RECORD_CHARS_MAX:
            raise refusal("qif", f"{name}: record {number + 1} is too long. Export the file again.", "record")
        if line.startswith("!"):
            kind = _section(name, line, kind)
        elif line.startswith("^"):
            if kind in CASH and record:
                number += 1
                yield number, _cells(record)
            record, chars = {}, 0
        else:
            record.setdefault(line[0].upper(), line[1:].strip())
    if record and kind in CASH:
        raise refusal(
            "qif", f"{name}: record {number + 1} does not end: the file is cut off. Export it again.", "record"
        )


def _section(name: str, line: str, kind: str) -> str:
    head, _, told = line[1:].strip().casefold().partition(":")
    if head in ("option", "clear"):
        return kind
    if head == "type" and told.strip() in INVESTMENT:
        sentence = (
            f"{name} is a QIF file of an investment account (brokerage), whose cash Tieout does not match. "
            "Download the statement of the bank account that Stripe pays into."
        )
        raise refusal("kind", sentence, "file", shown(line))
    return told.strip() if head == "type" else head


def _cells(record: dict[str, str]) -> list[str]:
    day = record.get("D", "").replace(" ", "").replace("'", "/")
    amount = record.get("T") or record.get("U", "")
    return [day, amount, *(record.get(letter, "") for letter in ("P", "M", "N"))]
