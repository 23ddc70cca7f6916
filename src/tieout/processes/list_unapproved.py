"""Lists the orders that wait for somebody's approval in P21, as P21 has them now."""

from __future__ import annotations

from tieout.nodes._ports import Ports
from tieout.queries.unapproved import EnteredOrder, not_approved_by_us


def list_unapproved(ports: Ports) -> tuple[EnteredOrder, ...]:
    """Those that P21 says stand and are not approved, the newest first. Failed when a P21 cannot be asked."""
    entered = not_approved_by_us(ports.books)
    waiting: set[tuple[str, str]] = set()
    for connection in dict.fromkeys(one.connection for one in entered):
        _, p21 = ports.connections.p21(connection)
        numbers = [one.order_no for one in entered if one.connection == connection]
        states = p21.order_states(numbers).items()
        waiting |= {(connection, number) for number, state in states if not state.approved and not state.void}
    return tuple(one for one in entered if (one.connection, one.order_no) in waiting)
