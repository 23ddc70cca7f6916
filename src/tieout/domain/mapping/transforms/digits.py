"""Only the digits of a text."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform


def digits(text: str) -> str:
    """The digits 0 to 9 in their order."""
    return "".join(one for one in text if "0" <= one <= "9")


TRANSFORM = Transform(
    name="digits",
    title="Only the digits of the text, for phone numbers and the like",
    group="cleansing",
    signature="text: text -> text",
    examples=(("digits('(555) 010-4477')", "5550104477"), ("digits('none')", "")),
    function=digits,
)
