"""``tieout alerts``: what was worth a person."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli._shared import AsJson, Folder, house_of, print_json, print_table
from tieout.kernel.clock import iso
from tieout.queries.alerts import newest_alerts


def alerts(
    folder: Folder = None,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="So many at most.")] = 50,
) -> None:
    """List the newest alerts: what was parked, and which connection was away."""
    with house_of(folder) as house:
        found = newest_alerts(house.books, limit)
    if as_json:
        print_json(found)
        return
    print_table(
        ("when", "code", "about", "sentence"), [(iso(one.at), one.code, one.about, one.sentence) for one in found]
    )
