"""``tieout orders``: which orders wait in P21 for somebody to approve them."""

from __future__ import annotations

from tieout.cli._shared import AsJson, Folder, house_of, print_json, print_table, say
from tieout.kernel.clock import iso
from tieout.processes.list_unapproved import list_unapproved


def orders(folder: Folder = None, as_json: AsJson = False) -> None:
    """List the orders that Tieout entered and that stand unapproved in P21 now."""
    with house_of(folder) as house:
        found = list_unapproved(house.ports)
    if as_json:
        print_json(found)
    elif not found:
        say("No order waits for approval.", "green")
    else:
        cells = [
            (
                one.order_no,
                one.customer_id,
                f"{one.total} {one.currency.upper()}",
                iso(one.at)[:16],
                one.run,
                "as meant" if one.settled else f"differs: tieout show {one.run}",
            )
            for one in found
        ]
        print_table(("order", "customer", "total", "entered", "run", "compared"), cells, {})
