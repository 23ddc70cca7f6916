"""``tieout payouts`` and ``tieout payout``: whether each payout ties out, and if not, by how much and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from tieout.app.house import House
from tieout.cli._chains import deposit_words, document_words, told_documents
from tieout.cli._figures import STATES, figure, local, money, plain, so_many, span, sums
from tieout.cli._payout import print_equation, verdict_words
from tieout.cli._shared import AsJson, Folder, house_of, print_json, say
from tieout.cli._tables import AsCsv, print_csv, print_figures
from tieout.domain.reconciliation.statement import CANCELED, FAILED, IN_TRANSIT, PAID, PENDING
from tieout.domain.reconciliation.verdict import ACCEPTED, BROKEN, TIED_OUT, WAITING
from tieout.kernel.failures import Failed, Fix
from tieout.processes.look_at_payouts import look_at_payouts
from tieout.processes.reconcile_payout import reconcile_payout
from tieout.queries.chains import Chain
from tieout.queries.ledger import kept_ledger, kept_ledgers
from tieout.queries.payouts import PayoutDetail, PayoutLine, payout_detail, payout_list
from tieout.store.ledgers import LedgerRow
from tieout.store.postings import WRITTEN

STATUSES = (PENDING, IN_TRANSIT, PAID, FAILED, CANCELED, WAITING, TIED_OUT, BROKEN, ACCEPTED)

Ledger = Annotated[str, typer.Option("--ledger", help="The Stripe connection whose books are meant (empty: the only).")]
From = Annotated[str, typer.Option("--from", help="The first day, YYYY-MM-DD.")]
To = Annotated[str, typer.Option("--to", help="The last day, YYYY-MM-DD.")]


def payouts(
    status: Annotated[str, typer.Option(help=f"Only these: {', '.join(STATUSES)}.")] = "",
    broken: Annotated[bool, typer.Option("--broken", help="Only those with something open.")] = False,
    look: Annotated[
        bool, typer.Option("--look", help="Read those of the last weeks again first, and the bank.")
    ] = False,
    from_: From = "",
    to: To = "",
    ledger: Ledger = "",
    folder: Folder = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the payouts, newest first: what each pays, what the bank shows, and the verdict."""
    with house_of(folder) as house:
        rows = (kept_ledger(house.books, ledger),) if ledger else kept_ledgers(house.books)
        zones = {row.connection: row.policy.zone() for row in rows}
        since, until = span(from_, to, rows[0].policy.zone())
        known = _known_status(status)
        for row in rows if look else ():
            look_at_payouts(house.ports, row.connection, all_again=True)
        lines = payout_list(house.books, ledger, status=known, broken=broken, since=since, until=until)
    if as_json:
        print_json(lines)
    elif as_csv:
        print_csv(CSV_COLUMNS, [_csv(one, zones[one.connection]) for one in lines])
    else:
        _print_list(lines, zones)


def payout(
    payout_id: Annotated[str, typer.Argument(metavar="PO_…", help="The payout's id.")],
    look: Annotated[bool, typer.Option("--look", help="Read Stripe and P21 again, now.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="So many lines at most.")] = 200,
    ledger: Ledger = "",
    folder: Folder = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show one payout: the equation, each line from Stripe's row to entry, P21 and bank, and what is open."""
    with house_of(folder) as house:
        detail = payout_detail(house.books, payout_id, limit)
        if look:
            name = detail.line.connection if detail else ""
            reconcile_payout(house.ports, kept_ledger(house.books, ledger or name).connection, payout_id)
            detail = payout_detail(house.books, payout_id, limit)
        detail, row = _there(house, detail, payout_id)
    if as_json:
        print_json(detail)
    elif as_csv:
        print_csv(LINE_CSV, [_line_csv(one) for one in (*detail.lines, *detail.own)])
    else:
        _print_detail(detail, row.policy.zone())


def _there(house: House, detail: PayoutDetail | None, payout_id: str) -> tuple[PayoutDetail, LedgerRow]:
    if detail is None:
        kept_ledgers(house.books)
        sentence = f"The books have no payout {payout_id!r}. Read it from Stripe with: tieout payout {payout_id} --look"
        raise Failed(Fix("payout.unknown", sentence, field="payout", value=payout_id))
    return detail, kept_ledger(house.books, detail.line.connection)


def _known_status(status: str) -> str:
    if not status or status in STATUSES:
        return status
    sentence = f"There is no status {status!r}; use one of {', '.join(STATUSES)}."
    raise Failed(Fix("payouts.status", sentence, field="--status", value=status))


def _print_list(lines: tuple[PayoutLine, ...], zones: Mapping[str, ZoneInfo]) -> None:
    if not lines:
        say("No payout. They come by themselves with Stripe's events, and are read again every night.")
        return
    rows = [_cells(one, zones[one.connection]) for one in lines]
    print_figures(("payout", "created", "arrives", "status", ">amount", ">lines", "verdict", ">open"), rows)
    tied = sum(one.verdict == TIED_OUT for one in lines)
    paid = sums((one.payout.currency, one.payout.amount) for one in lines if not one.payout.returned)
    breaks = so_many(sum(one.breaks for one in lines), "break")
    say(f"\n{so_many(len(lines), 'payout')}, tied out {tied:,}, {breaks} open; {paid}", style="bold")


def _cells(one: PayoutLine, zone: ZoneInfo) -> tuple[str, ...]:
    paid = one.payout
    lines = f"{one.lines:,}" if one.lines else ""
    amount = money(paid.amount, paid.currency)
    created = local(paid.created, zone)[:10]
    return (
        paid.id, created, paid.arrival_day, paid.status.replace("_", " "), amount, lines, verdict_words(one),
        str(one.breaks or ""),
    )  # fmt: skip


CSV_COLUMNS = (
    "payout", "ledger", "created", "arrives", "status", "automatic", "currency", "amount", "gross", "fees", "lines",
    "bank", "verdict", "why", "open",
)  # fmt: skip


def _csv(one: PayoutLine, zone: ZoneInfo) -> tuple[str, ...]:
    paid, code = one.payout, one.payout.currency
    bank = "" if one.received is None else plain(one.received, code)
    return (
        paid.id, one.connection, local(paid.created, zone), paid.arrival_day, paid.status,
        "yes" if paid.automatic else "no", code.upper(), plain(paid.amount, code), plain(one.gross, code),
        plain(one.fees, code), str(one.lines), bank, STATES.get(one.verdict, one.verdict), one.why, str(one.breaks),
    )  # fmt: skip


def _print_detail(detail: PayoutDetail, zone: ZoneInfo) -> None:
    print_equation(detail.line, zone)
    for deposit in detail.deposits:
        say(f"bank: {deposit_words(deposit)}")
    if detail.lines:
        say("\nLines", style="bold")
        print_figures(LINE_COLUMNS, [_line(one) for one in detail.lines])
        if detail.line.lines > len(detail.lines):
            say(
                f"… and {so_many(detail.line.lines - len(detail.lines), 'line')} more; show them with --limit",
                style="dim",
            )
    if detail.own:
        say("\nIts own rows in the balance", style="bold")
        print_figures(LINE_COLUMNS, [_line(one) for one in detail.own])
    _print_breaks(detail)


def _print_breaks(detail: PayoutDetail) -> None:
    say("\nOpen", style="bold")
    for one in detail.breaks:
        say(f"{one.id}  {money(one.amount, one.currency)}  {one.sentence}", style="yellow")
    if detail.breaks:
        say("Resolve one with: tieout resolve NUMBER", style="dim")
    else:
        say("nothing", style="green")


def _line(chain: Chain) -> tuple[str, ...]:
    change = chain.change
    entry = str(chain.entry.seq) if chain.entry else "not posted"
    return (
        figure(change.net, change.currency), figure(change.fee, change.currency) if change.fee else "",
        change.category.replace("_", " "), change.id, entry, p21_words(chain),
    )  # fmt: skip


def p21_words(chain: Chain) -> str:
    """Where a row is in P21: its documents, and the journal that carries the rest."""
    told = [document_words(one) for one in told_documents(chain.documents) if one.entity != "customer"]
    if chain.journal:
        told.append(f"journal {chain.journal.key}" if chain.journal.state == WRITTEN else "journal waits")
    return ", ".join(told)


LINE_COLUMNS = (">net", ">fee", "what", "Stripe row", ">entry", "~P21")
LINE_CSV = ("row", "category", "currency", "gross", "fee", "net", "source", "entry", "P21", "payout", "bank")


def _line_csv(chain: Chain) -> tuple[str, ...]:
    change, code = chain.change, chain.change.currency
    bank = "; ".join(deposit_words(one) for one in chain.deposits)
    entry = str(chain.entry.seq) if chain.entry else ""
    return (
        change.id, change.category, code.upper(), plain(change.amount, code), plain(change.fee, code),
        plain(change.net, code), change.source, entry, p21_words(chain), chain.payout, bank,
    )  # fmt: skip
