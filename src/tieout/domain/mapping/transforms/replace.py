"""One text put in the place of another."""

from __future__ import annotations

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.transforms._arguments import within_text
from tieout.domain.mapping.transforms._transform import Transform


def replace(text: str, find: str, put: str) -> str:
    """Every occurrence, taken literally."""
    if not find:
        raise Refused("the text to find must not be empty")
    within_text(len(text) + text.count(find) * max(len(put) - len(find), 0))
    return text.replace(find, put)


TRANSFORM = Transform(
    name="replace",
    title="Every occurrence of a text replaced by another, taken literally",
    group="text",
    signature="text: text, find: text, put: text -> text",
    examples=(("replace('1,234.50', ',', '')", "1234.50"), ("replace('a.b', '.', '-')", "a-b")),
    function=replace,
)
