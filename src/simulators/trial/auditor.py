"""The auditor: compares what was acknowledged to Stripe with what Tieout says and what P21's own books show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from simulators.trial.mirror import Kept, differences
from simulators.trial.workload import Sale

ROUNDING = Decimal("0.02")
ENDS = ("applied", "parked", "ignored")
PAYMENTS = ("pi_", "ch_", "py_")
OWN = "tieout."


@dataclass(frozen=True, slots=True)
class Audit:
    """The verdict; ``lost``, ``doubled``, ``unbalanced`` and ``wrong`` (not what was sold) say what, in words."""

    acked: int
    applied: int
    parked: int
    ignored: int
    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    unbalanced: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """All that is not as it should be."""
        return (*self.lost, *self.doubled, *self.unbalanced, *self.wrong)

    @property
    def clean(self) -> bool:
        """Whether every acknowledged event has exactly one end, and all is as it was sold."""
        return self.applied + self.parked + self.ignored == self.acked and not self.faults

    def line(self) -> str:
        """The one line that a trial ends with."""
        return (
            f"acked {self.acked}, applied {self.applied}, parked {self.parked}, ignored {self.ignored}, "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, wrong {len(self.wrong)}"
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What both sides say.

    ``acknowledged`` are event ids that got a 2xx; ``events`` Tieout's list (event_id, state, subject, order_no,
    invoice_no, receipt_no); ``p21`` the god view of the P21 simulator; ``paid`` the payments by the events that state them,
    ``amounts`` what was paid, by payment, and ``refunds`` what was given back, by refund, in major units. ``sales`` are
    what was sold and how it should end; ``excused`` are words of the sentences that the scenario's own faults may park with.
    """

    acknowledged: frozenset[str]
    events: Sequence[Mapping[str, Any]]
    p21: Mapping[str, Any]
    paid: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    refunds: Mapping[str, Decimal] = field(default_factory=dict)
    sales: Sequence[Sale] = ()
    excused: Sequence[str] = ()

    def payments(self) -> list[Mapping[str, Any]]:
        """The lines about payments: each is an order, an invoice, or parked."""
        return [line for line in self.events if str(line["subject"]).startswith(PAYMENTS)]

    def told(self) -> list[Mapping[str, Any]]:
        """The lines of events that Stripe told, without the facts that Tieout stated itself."""
        return [line for line in self.events if not str(line["event_id"]).startswith(OWN)]


def audit(evidence: Evidence) -> Audit:
    """The verdict on a trial that has come to rest."""
    states = Counter(str(line["state"]) for line in evidence.told())
    return Audit(
        acked=len(evidence.acknowledged),
        applied=states["applied"],
        parked=states["parked"],
        ignored=states["ignored"],
        lost=tuple(_lost(evidence)),
        doubled=tuple(_doubled(evidence)),
        unbalanced=tuple(_unbalanced(evidence)),
        wrong=tuple(_wrong(evidence)),
    )


def _wrong(evidence: Evidence) -> Iterable[str]:
    """Every sale has the end that its story has, for the reason that was planted, and stands in P21 as it was sold."""
    kept = Kept.of(evidence.p21["books"])
    lines = {str(line["subject"]): line for line in evidence.payments() if line["state"] in ("applied", "parked")}
    for sale in evidence.sales:
        line = lines.get(sale.payment)
        if line is None:
            continue  # what has no end is told as lost
        found = [*_wrong_end(sale, line, evidence.excused)]
        if sale.sold and line["state"] == "applied":
            found += differences(sale.sold, line, kept)
        yield from (f"{sale.payment} ({sale.story}): {words}" for words in found)


def _wrong_end(sale: Sale, line: Mapping[str, Any], excused: Sequence[str]) -> Iterable[str]:
    sentence = str(line.get("sentence") or "")
    if not sale.expected or any(words in sentence for words in excused):
        return
    if line["state"] != sale.expected:
        yield f"it should be {sale.expected} and is {line['state']}: {sentence}"
    elif sale.expected == "parked" and sale.reason.casefold() not in sentence.casefold():
        yield f"it is parked for another reason than {sale.reason!r}: {sentence}"


def _lost(evidence: Evidence) -> Iterable[str]:
    known = Counter(str(line["event_id"]) for line in evidence.events)
    for event_id in sorted(evidence.acknowledged):
        if known[event_id] != 1:
            yield f"event {event_id} was acknowledged and stands {known[event_id]} times in Tieout's list"
    for line in evidence.events:
        if line["state"] not in ENDS:
            yield f"event {line['event_id']} has no end: it is {line['state']}"
    for line in evidence.payments():
        if line["state"] == "applied":
            yield from _unwritten(line, evidence.p21["books"])
    yield from _unhandled(evidence)
    yield from _missing_memos(evidence)
    yield from _missing_journals(evidence)


def _missing_memos(evidence: Evidence) -> Iterable[str]:
    """Every refund that is applied is a credit memo of its amount."""
    memos = _memos(evidence)
    for refund in sorted(_refunded(evidence)):
        amount = evidence.refunds.get(refund)
        if amount is not None and memos[amount] <= 0:
            yield f"{refund} is applied, but P21 has no credit memo of {amount} for it"
        if amount is not None:
            memos[amount] -= 1


def _missing_journals(evidence: Evidence) -> Iterable[str]:
    applied = {
        line["subject"]
        for line in evidence.events
        if str(line["subject"]).startswith("journal_") and line["state"] == "applied"
    }
    there = [row for row in evidence.p21["books"].get("journals", ()) if row["reference"] and not row["voided"]]
    if len(there) < len(applied):
        yield f"{len(applied)} journals are applied, but P21 has {len(there)}"


def _refunded(evidence: Evidence) -> set[str]:
    return {
        str(line["subject"])
        for line in evidence.events
        if str(line["subject"]).startswith("re_") and line["state"] == "applied"
    }


def _memos(evidence: Evidence) -> Counter[Decimal]:
    rows = evidence.p21["books"].get("credit_memos", ())
    return Counter(-Decimal(row["amount"]) for row in rows if row["reference"] and not row["voided"])


def _unwritten(line: Mapping[str, Any], books: Mapping[str, Any]) -> Iterable[str]:
    orders = {str(row["key"]) for row in books["orders"] if not row["voided"]}
    invoices = {str(row["key"]) for row in books["invoices"]}
    payments = {str(row["key"]) for row in books["payments"] if not row["voided"]}
    if not (str(line["order_no"]) in orders or str(line["invoice_no"]) in invoices):
        yield f"{line['subject']} is applied, but P21 has no order {line['order_no'] or line['invoice_no']!r}"
    if str(line["receipt_no"]) not in payments:
        yield f"{line['subject']} is applied, but P21 has no receipt {line['receipt_no']!r}"


def _unhandled(evidence: Evidence) -> Iterable[str]:
    """A payment whose events were acknowledged must be in hand: applied once, or parked once."""
    ends: dict[str, Counter[str]] = {}
    for line in evidence.events:
        payment = evidence.paid.get(str(line["event_id"]))
        if payment:
            ends.setdefault(payment, Counter())[str(line["state"])] += 1
    for payment, states in sorted(ends.items()):
        if states["applied"] + states["parked"] != 1:
            yield f"{payment} ended {dict(states)}, expected one applied or one parked"


def _doubled(evidence: Evidence) -> Iterable[str]:
    for kind, references in sorted(evidence.p21["doubles"].items()):
        yield from (f"{kind} with reference {reference} stand more than once" for reference in references)
    receipts = Counter(str(line["receipt_no"]) for line in evidence.payments() if line["receipt_no"])
    yield from (f"receipt {number} stands for {times} payments" for number, times in receipts.items() if times > 1)
    orders = Counter(str(line["order_no"]) for line in evidence.payments() if line["order_no"])
    yield from (f"order {number} stands for {times} payments" for number, times in orders.items() if times > 1)
    yield from _nobodys(evidence)
    yield from _memos_of_nobody(evidence)
    people = Counter(str(row["name"]).casefold() for row in evidence.p21["books"]["contacts"] if row["reference"])
    yield from (f"{times} customers were created for {mail}" for mail, times in people.items() if mail and times > 1)


def _memos_of_nobody(evidence: Evidence) -> Iterable[str]:
    """Credit memos beyond what was given back: a refund that was written twice under two references."""
    if not evidence.refunds:
        return
    beyond = _memos(evidence) - Counter(evidence.refunds.values())
    yield from (f"{times} credit memos of {amount} stand for no refund" for amount, times in sorted(beyond.items()))


def _unbalanced(evidence: Evidence) -> Iterable[str]:
    if not evidence.p21["gl_balanced"]:
        yield "the general ledger has an entry that is not balanced"
    books = evidence.p21["books"]
    orders = {str(row["key"]): Decimal(row["amount"]) for row in books["orders"]}
    receipts = {str(row["key"]): Decimal(row["amount"]) for row in books["payments"]}
    for line in evidence.events:
        paid = evidence.amounts.get(str(line["subject"]))
        if line["state"] != "applied" or paid is None:
            continue
        if receipts.get(str(line["receipt_no"]), paid) != paid:
            yield f"{line['subject']} paid {paid}, but its receipt is {receipts[str(line['receipt_no'])]}"
        if abs(orders.get(str(line["order_no"]), paid) - paid) > ROUNDING:
            yield f"{line['subject']} paid {paid}, but its order comes to {orders[str(line['order_no'])]}"


def _nobodys(evidence: Evidence) -> Iterable[str]:
    """Orders that were written for a payment and that no payment knows. One whose fate is open may be a parked run's."""
    known = {str(line["order_no"]) for line in evidence.events}
    live = [row for row in evidence.p21["books"]["orders"] if row["reference"] and not row["voided"]]
    strangers = [str(row["key"]) for row in live if str(row["key"]) not in known]
    unsettled = sum(line["state"] == "parked" and not line["order_no"] for line in evidence.events)
    if len(strangers) > unsettled:
        yield f"no payment knows P21's orders {', '.join(strangers)}"
