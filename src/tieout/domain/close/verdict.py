"""The last line of a close: how many payouts tied out, which breaks are explained, and what the proof is off by."""

from __future__ import annotations

from tieout.domain.close.figures import Figures
from tieout.domain.close.period_proof import off_words

BALANCE, ACCEPTED = "break.balance.", "accepted"


def last_line(figures: Figures) -> str:
    """``payouts P, tied out T, breaks B explained, off by 0``; what a person accepted, and what nothing explains, is said.

    Explained is what a sentence names, whether it is open or was settled; accepted is what a person took as it is.
    """
    tied = sum(one.tied_out for one in figures.payouts)
    accepted = sum(one.resolution == ACCEPTED for one in figures.of_period)
    named, unknown = len(figures.of_period), unexplained(figures)
    breaks = f"{named + unknown}, {unknown} unexplained" if unknown else f"{named - accepted} explained"
    breaks = f"{breaks}, {accepted} accepted" if accepted else breaks
    return f"payouts {len(figures.payouts)}, tied out {tied}, breaks {breaks}, off by {off_words(figures.proofs)}"


def unexplained(figures: Figures) -> int:
    """How much disagrees without an exception that names it: payouts, rows, postings, and proofs by currency."""
    named = {one.about for one in figures.open if one.code.startswith(BALANCE)}
    proofs = sum(one.off != 0 and one.currency not in named for one in figures.proofs)
    payouts = sum(not one.explained for one in figures.payouts)
    return proofs + payouts + figures.unposted + figures.strays
