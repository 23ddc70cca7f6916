"""The equation of a payout in words: gross less fees is the payout is the bank (accounting C3)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tieout.cli._figures import STATES, STYLES, figure, local, money, so_many
from tieout.cli._shared import say
from tieout.kernel.money import MINUS
from tieout.queries.payouts import PayoutLine


def verdict_words(line: PayoutLine) -> str:
    """The verdict of the last look: ``tied out``, ``broken``, ``waits``."""
    return STATES.get(line.verdict, line.verdict)


def print_equation(line: PayoutLine, zone: ZoneInfo) -> None:
    """Print what a payout is, its verdict, and the equation with the bank at its end."""
    payout = line.payout
    how = "automatic" if payout.automatic else "instant" if payout.method == "instant" else "manual"
    say(
        f"\n{payout.id}  {how}, {payout.status}, created {local(payout.created, zone)}, arrives {payout.arrival_day}",
        style="bold",
    )
    words = verdict_words(line)
    say(words + (f": {line.why}" if line.why else ""), STYLES.get(words, ""))
    say(equation(line))
    if line.checked_at:
        say(f"looked at {local(line.checked_at, zone)}", style="dim")


def equation(line: PayoutLine) -> str:
    """``1,484.20 gross − 61.30 fees = 1,422.90 USD = 1,422.90 bank``, or where it does not hold."""
    payout, currency = line.payout, line.payout.currency
    paid = money(payout.amount, currency)
    if payout.automatic and line.lines:
        sign = "=" if line.gross - line.fees == payout.amount else "≠"
        left = f"{figure(line.gross, currency)} gross {MINUS} {figure(line.fees, currency)} fees {sign} {paid}"
        told = f"  ({so_many(line.lines, 'line')})"
    else:
        left = paid
        told = "" if payout.automatic else "  (no list of lines; the proof of the balance holds it)"
    return f"{left} {_bank(line)}{told}"


def _bank(line: PayoutLine) -> str:
    payout = line.payout
    if line.received is None:
        return "is back in Stripe" if payout.returned else "= ? bank (no line yet)"
    if payout.returned:
        return f"is back in Stripe, and {figure(line.received, payout.currency)} of it is left at the bank"
    sign = "=" if line.received == payout.amount else "≠"
    return f"{sign} {figure(line.received, payout.currency)} bank"
