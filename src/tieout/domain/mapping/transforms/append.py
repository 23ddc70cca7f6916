"""One list after another."""

from __future__ import annotations

from tieout.domain.mapping.transforms._arguments import within_list
from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def append(*lists: list[Value] | None) -> list[Value]:
    """The elements of all lists, in order; nothing counts as an empty list."""
    within_list(sum(len(each) for each in lists if each))
    return [element for each in lists for element in each or ()]


TRANSFORM = Transform(
    name="append",
    title="The elements of several lists as one list; nothing counts as an empty list",
    group="lists",
    signature="first: list of T, more: list of T?... -> list of T",
    examples=(("append([1], [2, 3], [])", [1, 2, 3]), ("append(['a'], null)", ["a"]), ("append(null, [1])", [1])),
    function=append,
    takes_nothing=True,
)
