"""Bugs in the books: entries that are missing, crooked or believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from typing import Any

from tests.canaries._canary import Canary, Replace
from tieout.domain.ledger.entry import Leg, Line
from tieout.domain.reconciliation import verdict as verdicts
from tieout.operations import form_journals, keep_changes
from tieout.processes import reconcile_payout


def _lines(bend: Callable[[Any], Any]) -> Callable[[Replace], None]:
    """Every journal with lines as ``bend`` makes them of the right ones."""

    def plant(replace: Replace) -> None:
        careful = vars(form_journals)["journal_lines"]
        replace(form_journals, "journal_lines", lambda *given: bend(careful(*given)))

    return plant


def _an_entry_is_left_out(replace: Replace) -> None:
    careful = vars(form_journals)["journal_lines"]
    replace(form_journals, "journal_lines", lambda entries, *more: careful(entries[1:] or entries, *more))


def _a_row_is_left_out(replace: Replace) -> None:
    careful = vars(keep_changes)["_kept"]
    replace(keep_changes, "_kept", lambda db, name, shown, *more: careful(db, name, shown[1:], *more))


def _entries_are_doubled(replace: Replace) -> None:
    """Each entry moves twice what the row says."""
    careful = vars(keep_changes)["post"]

    def post(change: Any, book: Any) -> Any:
        outcome = careful(change, book)
        if hasattr(outcome, "entry"):
            legs = tuple(_twice(leg) for leg in outcome.entry.legs)
            return changed(outcome, entry=changed(outcome.entry, legs=legs))
        return outcome

    replace(keep_changes, "post", post)


def _twice(leg: Leg) -> Leg:
    return changed(leg, lines=tuple(Line(one.account, 2 * one.amount, 2 * one.value) for one in leg.lines))


def _all_is_tied_out(replace: Replace) -> None:
    tied = verdicts.Verdict(verdicts.TIED_OUT)
    replace(reconcile_payout, "verdict", lambda *_: tied)


CANARIES = (
    Canary("journals the wrong way round", "books", "books",
           _lines(lambda lines: tuple(changed(one, value=-one.value, amount=-one.amount) for one in lines))),
    Canary("journals of twice the amount", "books", "books",
           _lines(lambda lines: tuple(changed(one, value=one.value * 2, amount=one.amount * 2) for one in lines))),
    Canary("an entry is left out of its journal", "books", "books", _an_entry_is_left_out),
    Canary("a row of the balance is left out", "books", "books", _a_row_is_left_out),
    Canary("entries of twice the amount", "books", "books", _entries_are_doubled),
    Canary("every payout is tied out", "books", "short_bank", _all_is_tied_out),
)  # fmt: skip
