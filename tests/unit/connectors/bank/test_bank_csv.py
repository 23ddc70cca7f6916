"""CSV exports: as banks write them, and refusals that name row, column and value (accounting C4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.connectors.bank.bank_files import read, refusal
from tieout.connectors.bank import Balance, CsvColumns
from tieout.kernel.failures import Failed

US = CsvColumns(
    "chk", "usd", "Date", amount="Amount", description=("Description",), reference=("Ref",), date_format="MM/dd/yyyy"
)
GERMAN = CsvColumns(
    "giro",
    "eur",
    "Buchungstag",
    debit="Soll",
    credit="Haben",
    currency_column="Währung",
    description=("Auftraggeber", "Verwendungszweck"),
    date_format="dd.MM.yy",
    decimal_mark=",",
)


def test_an_american_export_with_words_above_the_header() -> None:
    text = (
        'Acme Bank\nStatement for 0001\n\nDate,Description,Amount,Ref\n11/03/2026,"STRIPE  TRANSFER, ST-K1","$1,422.90",091000019\n'
        ",,,\n11/04/2026,SERVICE CHARGE,(15.00),\n11/05/2026,REFUND,12-,\n"
    )
    statement = read("november", text, US)
    assert [(line.day, line.amount, line.descriptor, line.trace, line.raw_position) for line in statement.lines] == [
        ("2026-11-03", 142_290, "STRIPE TRANSFER, ST-K1", "091000019", 5),
        ("2026-11-04", -1_500, "SERVICE CHARGE", "", 7),
        ("2026-11-05", -1_200, "REFUND", "", 8),
    ]
    assert {(line.account, line.currency) for line in statement.lines} == {("chk", "usd")}
    assert (statement.format, len(statement.digest)) == ("csv", 64)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_german_export_in_any_usual_encoding(encoding: str) -> None:
    text = (
        "Buchungstag;Auftraggeber;Verwendungszweck;Soll;Haben;Währung\r\n"
        '03.11.26;Stripe Technology Europe;"Auszahlung\r\nZoë";;1.422,90;EUR\r\n04.11.26;Bank;Gebühr;-15,00;;EUR\r\n'
        "05.11.26;Bank;Kurs;7,5;0,00;CHF\r\n"
    )
    lines = read("november", text.encode(encoding), GERMAN).lines
    assert [(line.amount, line.currency) for line in lines] == [(142_290, "eur"), (-1_500, "eur"), (-750, "chf")]
    assert lines[0].descriptor == "Stripe Technology Europe Auszahlung Zoë"


def row(day: str = "11/03/2026", amount: str = "1.00") -> str:
    return f'Date,Description,Amount,Ref\n11/01/2026,first,1.00,\n{day},second,"{amount}",\n'


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("=1+1", "is no amount with the decimal mark '.'"),
        ("1,42", "is no amount with the decimal mark '.' (is the decimal mark the other one?)"),
        ("1.422", "has three decimals, which may be thousands; is the decimal mark the other one?"),
        ("1.2345", "1.2345 USD is finer than the currency's smallest unit"),
        ("1e9", "is no amount with the decimal mark '.'"),
        ("١٢", "is no amount with the decimal mark '.'"),
        ("", "is no amount with the decimal mark '.'"),
        ("9" * 19, "has more than 18 digits"),
    ],
)
def test_an_amount_that_is_none_is_told_with_row_column_and_value(amount: str, reason: str) -> None:
    told = refusal(row(amount=amount), US)
    assert told.sentence == f"november: row 3, column Amount: {amount!r} {reason}. Correct the row or the CSV columns."
    assert (told.code, told.field, told.value) == ("bank.row", "Amount", amount)


@pytest.mark.parametrize("day", ["13/11/2026", "02/30/2026", "2026-11-03", "11/03/20261", "", "١١/03/2026"])
def test_a_day_that_is_none_is_told(day: str) -> None:
    told = refusal(row(day=day), US)
    assert (told.code, told.field, told.value) == ("bank.row", "Date", day)
    assert "expected MM/dd/yyyy" in told.sentence


def test_a_time_after_the_day_is_dropped() -> None:
    assert read("november", row(day="11/03/2026 10:22"), US).lines[1].day == "2026-11-03"


def test_the_minor_unit_is_the_currencys() -> None:
    columns = CsvColumns("a", "JPY", "Date", amount="Amount", currency_column="Cur")
    text = "Date,Amount,Cur\n2026-11-03,1000,\n2026-11-03,1.5,KWD\n2026-11-03,1000,ISK\n"
    assert [(line.amount, line.currency) for line in read("november", text, columns).lines] == [
        (1_000, "jpy"),
        (1_500, "kwd"),
        (100_000, "isk"),  # Stripe's minor unit, not the country's
    ]


@pytest.mark.parametrize(
    ("debit", "credit", "reason"),
    [
        ("1,00", "2,00", "debit and credit both hold an amount"),
        ("", "", "neither debit nor credit holds an amount"),
        ("", "-2,00", "is negative; money out belongs into debit"),
    ],
)
def test_debit_and_credit_exclude_each_other(debit: str, credit: str, reason: str) -> None:
    head = "Buchungstag;Auftraggeber;Verwendungszweck;Soll;Haben;Währung\n"
    assert reason in refusal(f"{head}03.11.26;a;b;{debit};{credit};EUR\n", GERMAN).sentence


RUNNING = CsvColumns("chk", "usd", "Date", amount="Amount", balance="Balance")
HEAD = "Date,Amount,Balance\n"
STEPS = ("2026-11-03,100.00,150.00\n", "2026-11-03,-20.00,\n", "2026-11-04,5.00,135.00\n")


@pytest.mark.parametrize("rows", [STEPS, STEPS[::-1]], ids=["oldest first", "newest first"])
def test_a_balance_column_gives_opening_and_closing(rows: tuple[str, ...]) -> None:
    assert read("november", HEAD + "".join(rows), RUNNING).balances == (Balance("chk", "usd", 5_000, 13_500),)


def test_a_row_that_the_balance_does_not_lead_to_is_told() -> None:
    told = refusal(HEAD + STEPS[0] + STEPS[2], RUNNING)
    assert (told.code, told.field) == ("bank.balance", "Balance")
    assert told.sentence == (
        "november: row 3, column Balance: the rows before it make 155.00 USD, but it says 135.00 USD."
        " Lines are missing, doubled or out of order: export the whole period again."
    )


def test_each_currency_of_an_account_has_its_own_balance() -> None:
    columns = CsvColumns("chk", "usd", "Date", amount="Amount", balance="Balance", currency_column="Cur")
    text = "Date,Amount,Balance,Cur\n2026-11-03,1.00,1.00,\n2026-11-03,7.00,9.00,EUR\n2026-11-04,1.00,2.00,\n"
    assert read("november", text, columns).balances == (Balance("chk", "usd", 0, 200), Balance("chk", "eur", 200, 900))


def test_a_currency_that_stripe_does_not_use_is_told_by_its_column() -> None:
    columns = CsvColumns("chk", "usd", "Date", amount="Amount", currency_column="Cur")
    told = refusal("Date,Amount,Cur\n2026-11-03,1.00,XBT\n", columns)
    assert (told.code, told.field, told.value) == ("bank.row", "Cur", "XBT")


def test_a_column_that_is_missing_is_named() -> None:
    told = refusal("Day,Description,Amount,Ref\n11/03/2026,a,1.00,\n", US)
    assert (told.code, told.field) == ("bank.header", "Date")
    assert "none of the first 40 rows has the column Date." in told.sentence


def test_a_column_that_is_there_twice_is_not_guessed() -> None:
    assert "has the column Amount more than once" in refusal("Date,Amount,Amount,Ref,Description\n", US).sentence


def test_a_row_that_is_too_short_and_a_quote_that_never_ends() -> None:
    assert "column Amount: '' is missing; the row is too short" in refusal(row() + "11/04/2026,a\n", US).sentence
    assert refusal(row() + '11/04/2026,"a,1.00,\n', US).code == "bank.csv"


def test_a_formula_in_the_words_stays_text() -> None:
    text = row().replace("second", "=HYPERLINK(1)")
    assert read("november", text, US).lines[1].descriptor == "=HYPERLINK(1)"


def test_a_csv_file_needs_its_columns() -> None:
    assert refusal("Date,Amount\n").code == "bank.no_columns"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"account": ""}, "account"),
        ({"date": ""}, "date"),
        ({"currency": "xyz"}, "currency"),
        ({"amount": ""}, "amount"),
        ({"debit": "Out"}, "amount"),
        ({"decimal_mark": "'"}, "decimal_mark"),
        ({"delimiter": "ab"}, "delimiter"),
        ({"encoding": "unicode_escape"}, "encoding"),
        ({"date_format": "MM/dd"}, "date_format"),
        ({"date_format": "dd.MM.yyyy dd"}, "date_format"),
    ],
)
def test_columns_that_do_not_fit_are_refused_when_they_are_entered(changes: dict[str, Any], field: str) -> None:
    given = {"account": "a", "currency": "usd", "date": "Date", "amount": "Amount"} | changes
    with pytest.raises(Failed) as failed:
        CsvColumns(**given)
    assert (failed.value.failure.code, getattr(failed.value.failure, "field", "")) == ("bank.columns", field)


def test_the_same_line_has_the_same_id_in_every_file_and_two_of_a_kind_have_two() -> None:
    head = "Date,Description,Amount,Ref\n"
    first, second, third = (f"11/0{day}/2026,STRIPE,1.00,\n" for day in (3, 4, 5))
    early = [line.id for line in read("early", head + first + second + second, US).lines]
    late = [line.id for line in read("late", "x\n" + head + second + second + third, US).lines]
    assert len({*early, *late}) == 4
    assert early[1:] == late[:2]
