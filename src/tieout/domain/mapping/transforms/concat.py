"""Values joined as one text."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import as_text, within_text
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def concat(first: Value, *more: Value) -> str:
    """All values as text, one after the other; nothing adds nothing."""
    parts = [as_text(value) for value in (first, *more)]
    within_text(sum(map(len, parts)))
    return "".join(parts)


TRANSFORM = Transform(
    name="concat",
    title="The values as text, one after the other (the same as &)",
    group="text",
    signature="first: any, more: any... -> text",
    examples=(("concat('PO-', 17, null)", "PO-17"), ("17 | concat('/', true)", "17/true")),
    function=concat,
)
