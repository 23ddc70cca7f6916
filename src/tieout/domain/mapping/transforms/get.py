"""A field whose name is computed."""

from __future__ import annotations

from tieout.domain.mapping.transforms._transform import Transform
from tieout.domain.mapping.values import Value


def get(of: dict[str, Value], name: str, otherwise: Value) -> Value:
    """The field ``name``; ``otherwise`` (nothing) when it is missing or nothing."""
    value = of.get(name)
    return otherwise if value is None else value


TRANSFORM = Transform(
    name="get",
    title="The field of an object by a name that may be computed; otherwise the third value, or nothing",
    group="lists",
    signature="object: object, name: text, otherwise: any? -> any",
    examples=(("get({a: 1}, 'a')", 1), ("get({a: 1}, 'b', 0)", 0)),
    function=get,
)
