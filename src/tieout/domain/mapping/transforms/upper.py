"""Capital letters."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform

TRANSFORM = Transform(
    name="upper",
    title="The text in capital letters",
    group="text",
    signature="text: text -> text",
    examples=(("upper('usd')", "USD"), ("'straße' | upper", "STRASSE")),
    function=str.upper,
)
