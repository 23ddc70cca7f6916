"""Reads what is open in the books, by age (accounting C9)."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.queries.fact_days import happened, since
from tieout.store import exceptions
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow

DAY_SECONDS = 86_400
AGES = (("0 to 1 day", 1), ("2 to 7 days", 7), ("8 to 30 days", 30), ("more than 30 days", 1_000_000))


@dataclass(frozen=True, slots=True)
class Aged:
    """What is open and of one age; ``ages`` are whole days since it happened, in the order of ``open``."""

    title: str
    open: tuple[ExceptionRow, ...]
    ages: tuple[int, ...]


def open_by_age(
    books: Database, now: float, connection: str = "", *, code: str = "", payout: str = ""
) -> tuple[Aged, ...]:
    """What is open, oldest first, in the groups of C9; groups without any are left out. ``code`` is how codes begin."""
    with books.reading() as db:
        found = exceptions.opened(db, connection, payout=payout, code=code)
        moments = happened(db, [name for one in found for name in (one.about, one.payout)])
    ages = {one.id: max(0, int((now - since(one, moments)) // DAY_SECONDS)) for one in found}
    found = sorted(found, key=lambda one: -ages[one.id])
    groups, least = [], 0
    for title, most in AGES:
        inside = [one for one in found if least <= ages[one.id] <= most]
        least = most + 1
        if inside:
            groups.append(Aged(title, tuple(inside), tuple(ages[one.id] for one in inside)))
    return tuple(reversed(groups))
