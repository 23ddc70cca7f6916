"""Cells of CSV files for people: no spreadsheet takes one for a formula, whichever separator it guesses."""

from __future__ import annotations

import re

from tieout.kernel.redact import printable

FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
)  # the wide ones count where spreadsheets are Japanese
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# A spreadsheet that takes semicolon, tab or bar for the separator does not see our quotes: the rest begins a cell there.
AFTER_A_SEPARATOR = re.compile(r"([;|\t][\s\"]*)(?=[=+\-@＝＋－＠])")


def harmless(text: str) -> str:
    """The cell on one line; an apostrophe stands before what a spreadsheet would run. Numbers stay numbers."""
    parted = AFTER_A_SEPARATOR.sub(r"\1'", printable(text))
    return f"'{parted}" if parted.lstrip(' "').startswith(FORMULA) and not NUMBER.fullmatch(parted) else parted
