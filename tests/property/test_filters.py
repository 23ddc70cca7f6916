"""A filter means what was meant, whatever the text is: read by the pretend data service's own grammar (P21 facts §6.1)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from simulators.p21.odata_filter import read_filter
from simulators.p21.tables import Column
from tieout.connectors.p21.filters import FILTER_CHARACTERS_MAX, any_of, eq

COLUMNS = {name: Column.of(words) for name, words in {"email": "email:255", "no": "no#", "name": "name:255"}.items()}
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60)
hostile = st.sampled_from(["' or 1 eq 1", "''", "x') or (no eq 1", "a'b", "'", " or ", "%27 or ''='", "\\'", "N'x'"])
anything = texts | hostile


def passes(text: str, row: dict[str, object]) -> bool:
    found = read_filter(text, COLUMNS.__getitem__, lambda name: False)
    return bool(found.test(row))


@given(anything, anything)
def test_a_text_is_found_by_itself_and_by_nothing_else(wanted: str, other: str) -> None:
    row = {"email": wanted, "no": Decimal(1), "name": ""}
    assert passes(eq("email", wanted).text, row)
    same = wanted.casefold().rstrip() == other.casefold().rstrip()
    assert same or not passes(eq("email", other).text, row)


@given(st.lists(anything, min_size=1, max_size=80, unique=True), anything)
def test_a_long_list_is_asked_in_filters_that_are_short_enough_and_leave_nobody_out(
    many: list[str], other: str
) -> None:
    company = eq("no", 1)
    filters = any_of("email", many, company)
    assert all(len(one.text) <= FILTER_CHARACTERS_MAX for one in filters)
    for wanted in many:
        assert any(passes(one.text, {"email": wanted, "no": Decimal(1)}) for one in filters)
        assert not any(passes(one.text, {"email": wanted, "no": Decimal(2)}) for one in filters)
    folded = {one.casefold().rstrip() for one in many}
    if other.casefold().rstrip() not in folded:
        assert not any(passes(one.text, {"email": other, "no": Decimal(1)}) for one in filters)


@given(anything, anything, anything)
def test_and_binds_no_looser_than_or(one: str, two: str, third: str) -> None:
    condition = (eq("email", one) | eq("email", two)) & eq("name", third)
    assert passes(condition.text, {"email": two, "name": third, "no": Decimal(1)})
    if one.casefold() != two.casefold():
        assert not passes(condition.text, {"email": one, "name": third + "x", "no": Decimal(1)})
