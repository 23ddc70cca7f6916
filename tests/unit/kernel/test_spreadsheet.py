"""Cells for spreadsheets: nothing that one would run, whichever separator it guesses (case D13)."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.kernel.spreadsheet import FORMULA, NUMBER, harmless

SEPARATORS = ";\t|"  # of the comma our own quotes take care


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("foo;=1+1", "foo;'=1+1"),
        ("foo; =1+1|@x", "foo; '=1+1|'@x"),
        ('foo;"=1+1"', 'foo;"\'=1+1"'),
        ('"=1+1', "'\"=1+1"),
        ("foo\t=1+1", "foo =1+1"),
        ("＝1+1", "'＝1+1"),
        ("-12.50", "-12.50"),
        ("-1+1", "'-1+1"),
        ("a;b|c - d", "a;b|c - d"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_made_harmless(cell: str, shown: str) -> None:
    assert harmless(cell) == shown


@given(
    st.lists(st.text(st.sampled_from("a1 ;|,\t\"'=+-@\r\n"), max_size=12), min_size=1, max_size=3),
    st.sampled_from(SEPARATORS),
)
def test_no_cell_is_a_formula_whichever_separator_is_guessed(cells: list[str], guessed: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    for row in csv.reader(io.StringIO(out.getvalue()), delimiter=guessed):
        for seen in row:
            begun = seen.lstrip(' "\r\n')
            assert not begun.startswith(FORMULA) or NUMBER.fullmatch(begun.rstrip(' "\r\n')), row
