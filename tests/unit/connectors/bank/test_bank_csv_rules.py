"""Directions, totals, balances and places of a bank's table (cases B9, P8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.connectors.bank.bank_files import read, refusal
from tieout.connectors.bank import Balance, CsvColumns
from tieout.kernel.failures import Failed

WAYS = CsvColumns("chk", "eur", "Date", amount="Amount", direction="Way")
SIGNED = CsvColumns("chk", "eur", "Date", amount="Amount")
SIDES = CsvColumns("chk", "eur", "Date", debit="Out", credit="In", balance="Balance")


@pytest.mark.parametrize(
    ("into", "out"),
    [
        ("C", "D"),
        ("CR", "DR"),
        ("Credit", "Debit"),
        ("Bij", "Af"),
        ("Haben", "Soll"),
        ("H", "S"),
        ("+", "-"),
        ("c.", "d."),
    ],
)
def test_an_amount_without_a_sign_goes_the_way_that_is_written_beside_it(into: str, out: str) -> None:
    text = f"Date,Amount,Way\n2026-11-03,10.00,{into}\n2026-11-04,3.00,{out}\n2026-11-05,-3.00,{out}\n"
    assert [line.amount for line in read("november", text, WAYS).lines] == [1_000, -300, -300]


@pytest.mark.parametrize(("into", "out"), [("C", "D"), ("Credit", "Debit"), ("Bij", "Af"), ("Haben", "Soll")])
def test_a_column_of_directions_that_nobody_named_stops_the_file(into: str, out: str) -> None:
    text = f"Date,Amount,Which way\n2026-11-03,10.00,{into}\n2026-11-04,3.00,{out}\n"
    told = refusal(text, SIGNED)
    assert (told.code, told.field) == ("bank.direction", "Which way")
    assert told.sentence.endswith("Name it in the columns: direction = 'Which way'")
    by_place = CsvColumns("chk", "eur", "#1", amount="#2")
    assert "direction = '#3'" in refusal(text.partition("\n")[2], by_place).sentence


def test_signed_amounts_and_other_columns_stop_nothing() -> None:
    signed = "Date,Amount,Kind\n2026-11-03,10.00,Credit\n2026-11-04,-3.00,Debit\n"
    only_in = "Date,Amount,Kind\n2026-11-03,10.00,Credit\n2026-11-04,3.00,Credit\n"
    words = "Date,Amount,Kind\n2026-11-03,10.00,Credit\n2026-11-04,3.00,Debit card\n"
    assert [len(read("november", text, SIGNED).lines) for text in (signed, only_in, words)] == [2, 2, 2]


def test_words_of_a_banks_own_are_told_and_others_are_refused() -> None:
    own = CsvColumns("chk", "eur", "Date", amount="Amount", direction="Way", money_in=("Plus",), money_out=("Minus",))
    text = "Date,Amount,Way\n2026-11-03,10.00,plus\n2026-11-04,3.00,MINUS\n"
    assert [line.amount for line in read("november", text, own).lines] == [1_000, -300]
    assert (
        "Way: 'plus' is no word for money in or out that is known; write them as money_in and money_out"
        in refusal(text, WAYS).sentence
    )
    assert (
        "is negative, but Way says that money came in"
        in refusal("Date,Amount,Way\n2026-11-03,-1.00,C\n", WAYS).sentence
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "", "debit": "a", "credit": "b", "direction": "W"}, "direction"),
        ({"direction": "W", "money_in": ("x",)}, "money_in"),
        ({"money_in": ("x",), "money_out": ("y",)}, "money_in"),
    ],
)
def test_settings_that_exclude_each_other(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Failed) as failed:
        CsvColumns(**({"account": "a", "currency": "usd", "date": "D", "amount": "A"} | changes))
    assert getattr(failed.value.failure, "field", "") == field


FOOTED = (
    "Statement of account\nDate,Out,In,Balance,Words\nbrought forward\n2026-11-01,,,100.00,Opening balance\n"
    "2026-11-03,,10.00,110.00,a\nDate,Out,In,Balance,Words\n2026-11-04,3.00,,107.00,b\n,3.00,10.00,,Total\nPending,5.00,,,card\n"
    "2026-11-30,,,107.00,Closing balance\nThank you for banking with us\n"
)


def test_heads_feet_totals_and_balances_are_no_lines() -> None:
    statement = read("november", FOOTED, SIDES)
    assert [line.amount for line in statement.lines] == [1_000, -300]
    assert statement.balances == (Balance("chk", "eur", 10_000, 10_700),)
    assert statement.asides == (
        "row 3 (words of the bank)", "row 4 (a balance)", "row 8 (a total, which is right)", "row 9 (not booked yet)",
        "row 10 (a balance)", "row 11 (words of the bank)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        (
            ",3.00,10.00,,Total",
            ",4.00,10.00,,Total",
            "bank.balance",
            "row 8: the total says 4.00 EUR, but the lines before it make 7.00 EUR",
        ),
        ("100.00,Opening", "99.00,Opening", "bank.balance", "the rows before it make"),
        ("107.00,Closing", "106.00,Closing", "bank.balance", "the rows before it make"),
        ("2026-11-04,3.00", "04.11.2026,3.00", "bank.row", "does not fit the date format"),
        ("2026-11-04,3.00", "yesterday,3.00", "bank.row", "does not fit the date format"),
        ("2026-11-04,3.00", ",3.00", "bank.row", "does not fit the date format"),
    ],
)
def test_a_line_is_never_left_out_for_what_stands_around_it(old: str, new: str, code: str, words: str) -> None:
    told = refusal(FOOTED.replace(old, new, 1), SIDES)
    assert (told.code, words in told.sentence) == (code, True), told.sentence


def test_words_that_only_begin_like_a_balance_do_not_hide_a_line() -> None:
    columns = CsvColumns("chk", "eur", "Date", amount="Amount", description=("Words",))
    text = (
        "Date,Amount,Words\n2026-11-03,10.00,Saldo for the rent\n2026-11-03,100.00,Opening balance as of 11/01/2026\n"
    )
    assert [line.descriptor for line in read("november", text, columns).lines] == ["Saldo for the rent"]


def test_columns_by_their_place_need_no_header() -> None:
    columns = CsvColumns("chk", "eur", "#1", amount="#3", description=("#2",))
    text = "Account 1\n2026-11-03,a,10.00\n2026-11-04,b,-3.00\n"
    assert [(line.amount, line.descriptor) for line in read("november", text, columns).lines] == [
        (1_000, "a"),
        (-300, "b"),
    ]
    assert refusal(text + "2026-11-05,c\n", columns).code == "bank.row"
