"""A value that a look-up table must have."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.mapping.errors import Refused, shortened
from tieout.domain.mapping.transforms._arguments import as_text
from tieout.domain.mapping.transforms._transform import Table, Transform
from tieout.domain.mapping.values import Value


def lookup_required(key: str | Decimal | None, table: Table) -> Value:
    """The row of ``key``; Refused with the names of table and key when there is none."""
    name = as_text(key)
    if name not in table.rows:
        raise Refused(
            f"the look-up table {shortened(table.name)} has no row for {shortened(name)}", "add the row to it"
        )
    return table.row(name)


TRANSFORM = Transform(
    name="lookup_required",
    title="The value that a look-up table has for a key; an error that names both when it has none",
    group="tables",
    signature="key: text or number, table: table -> any",
    examples=(("lookup_required('refund', 'accounts')", "4900-10"),),
    function=lookup_required,
    takes_nothing=True,
)
