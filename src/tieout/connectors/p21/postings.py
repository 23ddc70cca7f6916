"""Journal entries in both dialects: what is checked before one is sent, and how one is compared (P21 facts §7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tieout.connectors.p21._face import LedgerLine
from tieout.connectors.p21.comparing import ZERO, amount, document_lines
from tieout.connectors.p21.documents import day, number, text, whole
from tieout.domain.writing import Document, Json
from tieout.kernel.failures import Failed, Fix

LINES_MIN = 2


def require_balanced(document: Document) -> None:
    """Failed(Fix) for an entry that no general ledger takes: fewer than two postings, or not balanced."""
    lines = document_lines(document)
    if len(lines) < LINES_MIN:
        sentence = (
            f"A journal entry needs at least two lines, got {len(lines)}. Correct the account rules, then replay."
        )
        raise Failed(Fix("p21.refused.unbalanced", sentence, field="lines", value=str(len(lines))))
    rest = sum((number(line, "amount") for line in lines), ZERO)
    if rest:
        sentence = f"The journal entry does not balance: its lines sum to {amount(rest)}, not to zero. Correct the amounts, then replay."
        raise Failed(Fix("p21.refused.unbalanced", sentence, field="lines", value=amount(rest)))


def closed_period(period: int, year: int, state: str, on: str) -> Fix:
    """The period takes no postings; ``state`` says in words why."""
    sentence = (
        f"P21's period {period}/{year} {state}, so nothing dated {on} can be posted there. Open the period in P21, or keep "
        "the ledger with --closed-period next_open, then replay."
    )
    return Fix("p21.refused.closed_period", sentence, field="period", value=f"{period}/{year}")


def unknown_account(account: str, state: str) -> Fix:
    """An account that cannot be posted to; ``state`` says in words why."""
    sentence = (
        f"Account {account} {state} P21's chart of accounts. Create or activate it in P21, then replay. (Another number in "
        "the account rules counts for what is formed after it.)"
    )
    return Fix("p21.refused.account", sentence, field="lines", value=account)


def period_of(document: Document) -> tuple[int, int]:
    """The fiscal period and year of an entry."""
    return whole(document, "period"), whole(document, "year")


def foreign(line: Mapping[str, Json]) -> Decimal:
    """What the posting is in the entry's currency: the amount itself where nothing else is said."""
    return number(line, "foreign_amount") if text(line, "foreign_amount") else number(line, "amount")


def journal_differences(
    document: Document, date: str, period: tuple[str, str], lines: Sequence[LedgerLine]
) -> Iterator[str]:
    """Date, period and every posting, in any order; a foreign amount where one was meant."""
    meant_date, meant_period = day(document, "date"), tuple(str(one) for one in period_of(document))
    if date[:10] != meant_date:
        yield f"it is dated {date[:10]} instead of {meant_date}"
    if period != meant_period:
        yield f"it stands in period {'/'.join(period)} instead of {'/'.join(meant_period)}"
    left = list(lines)
    for line in document_lines(document):
        account, value = text(line, "account"), number(line, "amount")
        abroad = foreign(line) if text(line, "foreign_amount") else None
        found = next((one for one in left if _is(one, account, value, abroad)), None)
        if found is None:
            yield f"the posting of {amount(value)} to account {account}{_abroad(abroad)} is missing"
        else:
            left.remove(found)
    for extra in left:
        yield f"P21 has a posting of {amount(extra.amount)} to account {extra.account} that was not sent"


def _is(one: LedgerLine, account: str, value: Decimal, abroad: Decimal | None) -> bool:
    same = one.account.casefold() == account.casefold() and one.amount == value
    return same and (abroad is None or one.foreign_amount == abroad)


def _abroad(value: Decimal | None) -> str:
    return "" if value is None else f" ({amount(value)} in the entry's currency)"
