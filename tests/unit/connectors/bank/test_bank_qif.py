"""QIF: records as rows of a table, and what is refused (case B9)."""

from __future__ import annotations

import pytest

from tests.unit.connectors.bank.bank_files import read, refusal
from tieout.connectors.bank import CsvColumns

COLUMNS = CsvColumns(
    "chk", "usd", "Date", amount="Amount", description=("Payee", "Memo"), reference=("Number",), date_format="MM/dd/yy"
)
QIF = "!Type:Bank\nD11/ 3'26\nT1,422.90\nN77\nPSTRIPE\nMTRANSFER\nLIncome\nSIncome\n$1,422.90\n^\nD11/4/26\nU-15.00\nPFEE\n^\n"


def test_records_of_a_bank_account() -> None:
    statement = read("november", QIF, COLUMNS)
    assert [(line.day, line.amount, line.trace, line.descriptor) for line in statement.lines] == [
        ("2026-11-03", 142_290, "77", "STRIPE TRANSFER"),
        ("2026-11-04", -1_500, "", "FEE"),
    ]
    assert statement.format == "qif"


def test_only_the_sections_of_bank_accounts_are_read() -> None:
    text = "!Option:AutoSwitch\n!Account\nNChecking\nTBank\n^\n!Clear:AutoSwitch\n" + QIF + "!Type:Cat\nNFood\nE\n^\n"
    assert len(read("november", text, COLUMNS).lines) == 2


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (QIF, "bank.no_columns", "is a QIF file, which does not say what its columns are"),
        (QIF.removesuffix("^\n"), "bank.qif", "record 2 does not end: the file is cut off"),
        (QIF.replace("T1,", "Tx"), "bank.row", "row 1, column Amount: 'x422.90'"),
        ("!Type:Invst\nD1/1/26\n^\n", "bank.kind", "is a QIF file of an investment account (brokerage)"),
        ("!Type:Bank\n" + "Mx\n" * 20_000, "bank.qif", "record 1 is too long"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(text: str, code: str, words: str) -> None:
    told = refusal(text, None if code == "bank.no_columns" else COLUMNS)
    assert (told.code, words in told.sentence) == (code, True), told.sentence
