"""No card number survives, however it is cut and whatever stands beside it (security S42, reliability G9)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.kernel.redact import printable, redact

ISSUED = [
    *((prefix, 16) for prefix in ("4", "51", "55", "2221", "2720", "6011", "65", "3528", "62", "36", "50")),
    *((prefix, 15) for prefix in ("34", "37")),
    *((prefix, 14) for prefix in ("305", "36", "38")),
    *((prefix, 19) for prefix in ("4", "62", "6304")),
    ("4", 13),
]
SEPARATORS = st.text("  -./_\u00a0\u2009\u2013\u200b\t\n\r\x00·", min_size=1, max_size=3)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    prefix, length = draw(st.sampled_from(ISSUED))
    more = length - 1 - len(prefix)
    body = prefix + draw(st.text("0123456789", min_size=more, max_size=more))
    doubled = [2 * int(one) if place % 2 == 0 else int(one) for place, one in enumerate(reversed(body))]
    return body + str(-sum(one // 10 + one % 10 for one in doubled) % 10)


@st.composite
def typed(draw: st.DrawFn, number: str) -> str:
    size = draw(st.sampled_from([1, 4, 5, 6, 19]))
    groups = [number[place : place + size] for place in range(0, len(number), size)]
    return draw(SEPARATORS).join(groups)


def neighbours() -> st.SearchStrategy[str]:
    near = st.text("0123456789 /-.:,abcXYZ\u00a0+_", max_size=24)
    return st.one_of(near, st.text(max_size=24))


@given(st.data(), card_numbers(), neighbours(), neighbours())
def test_a_card_number_never_survives(data: st.DataObject, number: str, before: str, after: str) -> None:
    shown = data.draw(typed(number))
    if before[-1:].isdecimal() or (before[-1:] == "+" and len(number) == 13):
        before += data.draw(SEPARATORS)
    if after[:1].isdecimal() and len(number) not in (15, 16):
        after = data.draw(SEPARATORS) + after
    for told in (redact(before + shown + after), printable(before + shown + after)):
        assert shown not in told
        assert number not in told
        assert number not in "".join(one for one in told if one.isdecimal())


@given(st.text())
def test_what_is_redacted_once_is_redacted_for_good(text: str) -> None:
    assert redact(redact(text)) == redact(text)
