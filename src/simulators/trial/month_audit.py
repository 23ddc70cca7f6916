"""Whether the month is right: Tieout's figures against what the pretend systems know of themselves (accounting C3)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from simulators.trial.auditor import Evidence, audit
from simulators.trial.month_clearing import Clearing
from simulators.trial.month_files import Rates
from simulators.trial.month_sales import Month
from simulators.trial.pretend import GOD, acknowledged, all_events
from simulators.trial.processes import Tieout
from simulators.trial.workload import amounts, stated

ASKED = (
    ("payouts",),
    ("exceptions",),
    ("ledger", "prove"),
    ("ledger", "--account", "stripe_clearing", "--limit", "100000"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the month ended; ``off`` in minor units, whatever the currency."""

    payouts: int
    tied_out: int
    breaks: int
    off: int
    wrongs: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is off, lost or doubled."""
        return not self.off and not self.wrongs

    def line(self) -> str:
        """The one line that the month ends with."""
        return f"payouts {self.payouts}, tied out {self.tied_out}, breaks {self.breaks} explained, off by {self.off}"


def told(tieout: Tieout, *words: str) -> Any:
    """What a command says to machines."""
    return json.loads(tieout.run(*words, "--json"))


def figures_of(tieout: Tieout, month: Month, rates: Rates) -> Figures:
    """Tieout's own figures, and what the pretend systems have to say against them."""
    with ThreadPoolExecutor(len(ASKED)) as together:
        lines, groups, proofs, postings = together.map(lambda words: told(tieout, *words), ASKED)
    found = [one for group in groups for one in group["open"]]
    breaks = [one for one in found if one["code"].startswith("break.")]
    clearing = Clearing(month, rates)
    wrongs = [
        *_not_given_back(_events(tieout, month), month),
        *_entries(postings, month),
        *_payouts(month, lines, breaks),
    ]
    wrongs += [*clearing.wrongs(), *clearing.unnamed(found)]
    tied = sum(one["verdict"] == "tied_out" for one in lines)
    return Figures(len(lines), tied, len(breaks), sum(abs(one["off"]) for one in proofs["balance"]), tuple(wrongs))


def _events(tieout: Tieout, month: Month) -> Iterable[str]:
    """Lost, doubled and unbalanced, as for a day; payments that are no order have no order to be found."""
    sold = {sale.payment for sale in month.sales}
    lines = [
        line for line in all_events(tieout) if not str(line["subject"]).startswith("pi_") or line["subject"] in sold
    ]
    others = acknowledged(month.systems.stripe_account) & {line["event_id"] for line in lines}
    god = json.loads(month.systems.p21_tenant.respond(GOD).body)
    paid = stated(month.systems.stripe_account, month.sales) | _captured(month)
    return audit(Evidence(others, lines, god, paid, amounts(month.sales), sales=month.sales)).faults


def _captured(month: Month) -> dict[str, str]:
    """Event to payment, for the events that say that what was authorised has been captured."""
    payments = {sale.paid.charge: sale.payment for sale in month.sales}
    told = [event for event in month.account.events() if event["type"] == "charge.captured"]
    return {event["id"]: payments[event["object"]] for event in told if event["object"] in payments}


def _entries(postings: Iterable[Mapping[str, Any]], month: Month) -> Iterable[str]:
    """Every row of the balance has moved the clearing account once, by its net."""
    moved: Counter[tuple[str, str]] = Counter()
    for one in postings:
        moved[one["source"], one["currency"]] += one["amount"]
    rows = {row["id"]: row for row in month.objects("balance_transaction")}
    for row in rows.values():
        if moved[row["id"], row["currency"]] != row["net"]:
            was = moved[row["id"], row["currency"]]
            yield f"{row['id']} is {row['net']} {row['currency']}, but its entry moves clearing by {was}"
    for source, currency in sorted(moved):
        if source not in rows and moved[source, currency] and not source.startswith("bank:"):
            yield f"the entry of {source} moves clearing by {moved[source, currency]} {currency}, but Stripe has no such row"


def _payouts(month: Month, lines: list[dict[str, Any]], breaks: list[dict[str, Any]]) -> Iterable[str]:
    """Tieout knows every payout, and names what keeps one from tying out."""
    known = {line["payout"]["id"]: line for line in lines}
    for row in month.objects("payout"):
        line = known.get(row["id"])
        if line is None:
            yield f"Tieout does not know {row['id']}"
        elif line["verdict"] == "broken" and not any(one["payout"] == row["id"] for one in breaks):
            yield f"{row['id']} is broken, and no open break says why"
        elif line["verdict"] == "waiting" and not line["why"]:
            yield f"{row['id']} waits, and nobody says for what"


def _not_given_back(faults: Iterable[str], month: Month) -> Iterator[str]:
    """What the auditor says, but of payments that were given back whole before they were written: they become no order."""
    rows = month.account.books()["objects"]
    charges = [rows[str(sale.paid.charge)] for sale in month.sales if sale.paid.charge]
    whole = {str(row.get("payment_intent") or row["id"]) for row in charges if row["amount_refunded"] >= row["amount"]}
    yield from (fault for fault in faults if fault.split(" ", 1)[0] not in whole)
