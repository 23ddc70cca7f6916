"""A postal code in its country's usual form."""

from __future__ import annotations

import re
from typing import Final

from tieout.domain.mapping.transforms._transform import Transform

ZIP: Final = re.compile(r"([0-9]{5})[- ]?([0-9]{4})?")
CANADA: Final = re.compile(r"([A-Z][0-9][A-Z]) ?([0-9][A-Z][0-9])")
CHARACTERS_MAX = 20


def postal_code(text: str, country: str | None) -> str | None:
    """US and CA codes in their official form, nothing when they are wrong; others in capitals and squeezed."""
    code = " ".join(text.upper().split())
    if len(code) > CHARACTERS_MAX or not code:
        return None
    form = {"US": ZIP, "CA": CANADA}.get((country or "US").strip().upper())
    if form is None:
        return code
    parts = form.fullmatch(code)
    return (" " if form is CANADA else "-").join(filter(None, parts.groups())) if parts else None


TRANSFORM = Transform(
    name="postal_code",
    title="The postal code in its usual form (US without a country, US and CA are checked); nothing when it is wrong",
    group="cleansing",
    signature="text: text, country: text? -> text",
    examples=(
        ("postal_code(' 432151234')", "43215-1234"),
        ("postal_code('k1a0b1', 'CA')", "K1A 0B1"),
        ("postal_code('4321')", None),
        ("postal_code('sw1a  1aa', 'GB')", "SW1A 1AA"),
    ),
    function=postal_code,
)
