"""Bank statements, whatever is in them: read exactly, or refused with a sentence; never anything else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.connectors.bank.bank_files import BAI2, OFX_1, OFX_2, camt, entry, mt940
from tests.unit.connectors.bank.test_bank_guess import EVERY
from tieout.connectors.bank import CsvColumns, Guess, Statement, guess_columns, is_table, read_statement, shape_of
from tieout.kernel.failures import Failed, Failure, Fix
from tieout.kernel.money import Money

COLUMNS = CsvColumns("acct", "usd", "Date", amount="Amount", currency_column="Cur", description=("Text",))
GERMAN = CsvColumns(
    "acct", "usd", "Date", amount="Amount", currency_column="Cur", description=("Text",), decimal_mark=","
)
QIF = CsvColumns("acct", "usd", "Date", amount="Amount", description=("Payee",))
FILES = (
    b"Date,Amount,Cur,Text\n2026-11-03,1.00,usd,a\n2026-11-04,-2.00,eur,b\n",
    OFX_1.encode(),
    OFX_2.encode(),
    camt(entry()),
    mt940(":61:2611031103C1,00NTRFST-K1//B1\r\nmore\r\n:86:?20STRIPE?21PAYOUT").encode(),
    BAI2.encode(),
    b"!Type:Bank\nD2026-11-03\nT1.00\nPa\n^\nD2026-11-04\nT-2.00\nPb\n^\n",
)

TABLES = tuple(text.encode() for text, _ in EVERY.values())

words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40).map(lambda text: " ".join(text.split()))
amounts = st.builds(
    Money, st.sampled_from(("usd", "jpy", "kwd", "isk")), st.integers(-(10**14), 10**14).map(lambda units: units * 100)
)
rows = st.lists(st.tuples(st.dates().map(str), amounts, words), max_size=8)


@given(rows, st.booleans())
def test_what_was_written_is_read_to_the_minor_unit(written: list[tuple[str, Money, str]], german: bool) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if german else ",")
    writer.writerow(["Date", "Amount", "Cur", "Text"])
    for day, money, said in written:
        writer.writerow([day, as_banks_write(money.decimal(), german), money.currency.upper(), said])
    lines = read_statement("november", text.getvalue().encode(), GERMAN if german else COLUMNS).lines
    assert [(line.day, Money(line.currency, line.amount), line.descriptor) for line in lines] == written
    assert len({line.id for line in lines}) == len(lines)


def as_banks_write(amount: Decimal, german: bool) -> str:
    text = f"{amount:,}"
    return text.translate(str.maketrans(",.", ".,")) if german else text


@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12))))
def test_a_damaged_file_is_read_or_refused_with_a_sentence(file: bytes, damages: list[tuple[int, int, bytes]]) -> None:
    for place, cut, put in damages:
        place %= len(file) + 1
        file = file[:place] + put + file[place + cut :]
    read_or_refused(file)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    read_or_refused(content)


def read_or_refused(content: bytes, guess: Callable[[str, bytes, str, str], Guess] | None = None) -> None:
    found = outcome(content, guess)
    if isinstance(found, Statement):
        assert all(type(line.amount) is int and len(line.day) == len("2026-11-03") for line in found.lines)
    else:
        assert isinstance(found, Fix)
        assert found.code.startswith("bank.")
        assert found.sentence.startswith("november")


def outcome(content: bytes, guess: Callable[[str, bytes, str, str], Guess] | None = None) -> Statement | Failure:
    try:
        if guess and is_table("november", content):
            assert len(shape_of("november", content)) == 32
            return read_statement("november", content, guess("november", content, "acct", "usd").columns)
        return read_statement("november", content, QIF if content.lstrip().lower().startswith(b"!type") else COLUMNS)
    except Failed as failed:
        return failed.failure


@given(
    st.sampled_from(TABLES),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12)), max_size=4),
)
def test_a_guess_reads_or_is_refused_with_a_sentence(file: bytes, damages: list[tuple[int, int, bytes]]) -> None:
    for place, cut, put in damages:
        place %= len(file) + 1
        file = file[:place] + put + file[place + cut :]
    read_or_refused(file, guess_columns)


def test_the_undamaged_files_are_read() -> None:
    found = map(outcome, FILES)
    assert [len(one.lines) for one in found if isinstance(one, Statement)] == [2, 2, 2, 1, 1, 2, 2]
    with pytest.raises(Failed):
        read_statement("november", FILES[0])
