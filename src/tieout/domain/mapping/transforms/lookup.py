"""A value from a look-up table."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.transforms._arguments import as_text
from tieout.domain.mapping.transforms._transform import Table, Transform
from tieout.domain.mapping.values import Value


def lookup(key: str | Decimal, table: Table, otherwise: Value) -> Value:
    """The row of ``key``; ``otherwise`` (nothing) when there is none."""
    name = as_text(key)
    return table.row(name) if name in table.rows else otherwise


TRANSFORM = Transform(
    name="lookup",
    title="The value that a look-up table has for a key; otherwise the third value, or nothing",
    group="tables",
    signature="key: text or number, table: table, otherwise: any? -> any",
    examples=(
        ("lookup('sale', 'accounts')", "4000-10"),
        ("lookup('fee', 'accounts', '9999-00')", "9999-00"),
        ("lookup(10, 'branches')", "Ohio"),
        ("lookup('fee', 'accounts')", None),
    ),
    function=lookup,
)
