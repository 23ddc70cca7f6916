"""What the columns of a file are, found by its header and its rows; what is not shown is asked for (case P8)."""

from __future__ import annotations

import pytest

from tests.unit.connectors.bank.bank_files import read
from tieout.connectors.bank import guess_columns, shape_of
from tieout.kernel.failures import Failed, Fix

BOA = (
    'Description,,Summary Amt.\nBeginning balance as of 11/01/2026,,"1,000.00"\nTotal credits,,"1,422.90"\nTotal debits,,"-15.00"\n'
    'Ending balance as of 11/30/2026,,"2,407.90"\n\nDate,Description,Amount,Running Bal.\n'
    '11/01/2026,Beginning balance as of 11/01/2026,,"1,000.00"\n'
    '11/03/2026,"STRIPE TRANSFER","1,422.90","2,422.90"\n11/14/2026,FEE,"-15.00","2,407.90"\n'
)
WELLS = '"11/03/2026","1422.90","*","","STRIPE TRANSFER"\n"11/14/2026","-15.00","*","","SERVICE CHARGE"\n'
CHASE = (
    "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
    "DEBIT,11/14/2026,FEE,-15.00,FEE_TRANSACTION,2407.90,,\nCREDIT,11/03/2026,STRIPE TRANSFER,1422.90,ACH_CREDIT,2422.90,,\n"
)
CAPITAL_ONE = (
    "Account Number,Transaction Description,Transaction Date,Transaction Type,Transaction Amount,Balance\n"
    "1234,FEE,11/14/26,Debit,15.00,2407.90\n1234,STRIPE TRANSFER,11/03/26,Credit,1422.90,2422.90\n"
)
ING = (
    '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";"Mededelingen"\n'
    '"20261103";"STRIPE";"NL1";"NL2";"OV";"Bij";"1422,90";"Overschrijving";"TRANSFER"\n'
    '"20261114";"ING";"NL1";"";"DV";"Af";"15,00";"Diversen";"FEE"\n'
)
GERMAN = (
    "Girokonto 4711\n\nBuchungstag;Wertstellung;Verwendungszweck;Soll;Haben;Saldo\n"
    "03.11.2026;03.11.2026;STRIPE TRANSFER;;1.422,90;2.422,90\n14.11.2026;14.11.2026;FEE;15,00;;2.407,90\nSumme;;;15,00;1.422,90;\n"
)
PLAIN = "Date;Text;Amount;CR/DR\n03/11/2026;STRIPE TRANSFER;1422,90;CR\n14/11/2026;FEE;15,00;DR\n"
NO_HEADS = "2026-11-03,STRIPE TRANSFER,1422.90,2422.90\n2026-11-14,FEE,-15.00,2407.90\n"
QIF = "!Type:Bank\nD11/ 3'26\nT1,422.90\nPSTRIPE TRANSFER\n^\nD11/14'26\nT-15.00\nPFEE\nN12\n^\n"
EVERY = {
    "Bank of America": (BOA, "usd"),
    "Wells Fargo": (WELLS, "usd"),
    "Chase": (CHASE, "usd"),
    "Capital One": (CAPITAL_ONE, "usd"),
    "ING": (ING, ""),
    "debit and credit": (GERMAN, "eur"),
    "direction": (PLAIN, "gbp"),
    "no header, with a balance": (NO_HEADS, "usd"),
    "QIF": (QIF, "usd"),
}


@pytest.mark.parametrize("bank", EVERY)
def test_the_exports_of_common_banks_are_read_as_they_are_meant(bank: str) -> None:
    text, currency = EVERY[bank]
    guess = guess_columns("november", text.encode(), "chk", currency)
    lines = read("november", text, guess.columns).lines
    assert sorted((line.day, line.amount) for line in lines) == [("2026-11-03", 142_290), ("2026-11-14", -1_500)]
    payout = min(lines, key=lambda line: line.day)
    assert "STRIPE" in payout.descriptor and "TRANSFER" in payout.descriptor
    assert guess.bank == (bank if bank in ("Bank of America", "Chase", "Capital One", "ING") else "")


def test_rows_that_are_no_lines_are_told() -> None:
    guess = guess_columns("november", BOA.encode(), "chk", "usd")
    assert read("november", BOA, guess.columns).asides == ("row 8 (a balance)",)
    assert read("november", GERMAN, guess_columns("november", GERMAN.encode(), "chk", "eur").columns).asides == (
        "row 6 (a total, which is right)",
    )


def test_what_the_rows_do_not_decide_is_a_doubt() -> None:
    early = WELLS.replace("11/14", "11/04")
    us, uk = (guess_columns("november", early.encode(), "chk", currency) for currency in ("usd", "gbp"))
    assert (us.columns.date_format, uk.columns.date_format) == ("MM/dd/yyyy", "dd/MM/yyyy")
    assert us.doubts == uk.doubts == ("which part of a day is the month",)
    assert guess_columns("november", WELLS.encode(), "chk", "gbp").columns.date_format == "MM/dd/yyyy"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WELLS, "does not say its currency. Say it with: --currency usd"),
        ("a,b\nc,d\n", "has no row with a day and an amount"),
        ("2026-11-03,1.00,2.00\n2026-11-04,3.00,9.00\n", "does not show which column is the amount"),
        ("Date,Amount (USD)\n3 Nov 2026 11/3/26,1.00\n", "has no row with a day and an amount"),
        ("1/2/26,1.00,x\n1.2.26,1.00,x\n", "writes its days in no order"),
    ],
)
def test_what_is_not_shown_is_asked_for(text: str, words: str) -> None:
    with pytest.raises(Failed) as failed:
        guess_columns("november", text.encode(), "chk", "usd" if "currency" not in words else "")
    failure = failed.value.failure
    assert isinstance(failure, Fix)
    assert (failure.code, words in failure.sentence) == ("bank.no_columns", True), failure.sentence


def test_files_of_one_shape_are_known_again_and_others_are_not() -> None:
    later = BOA.replace("11/03/2026", "12/05/2026").replace("1,422.90", "7.00")
    assert shape_of("a", BOA.encode()) == shape_of("b", later.encode())
    assert shape_of("a", WELLS.encode()) == shape_of("b", WELLS.replace("STRIPE", "OTHER").encode())
    shapes = {shape_of("a", text.encode()) for text, _ in EVERY.values()}
    assert len(shapes) == len(EVERY)
