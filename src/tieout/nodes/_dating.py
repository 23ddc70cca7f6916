"""Dates what goes to P21: on its day, or where the ledger's policy lets it stand when that period is closed (accounting C4).

The policy is the one that entries follow, so that a document and its entry stand in one period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tieout.connectors.p21._face import Prophet21
from tieout.connectors.p21.entities import entity_named
from tieout.domain.ledger.period import Booked, Calendar, Period, Refused
from tieout.domain.ledger.policy import Policy
from tieout.domain.writing import Document, Json, State
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.nodes._node import Context
from tieout.nodes._writing import Target, Written, reference_for, write_once
from tieout.operations.ask_for_open_period import ask_no_more, may_stand_later
from tieout.store import intents, ledgers
from tieout.store.exceptions import ExceptionRow

REFUSED, CLOSED = "p21.refused.closed_period", "p21.closed_period"
DATES: Mapping[str, str] = {
    "ar_invoice": "date",
    "credit_memo": "date",
    "cash_receipt": "date",
    "refund_payment": "date",
    "invoice": "order_date",
}
TOLD_IN: Mapping[str, str] = {
    "ar_invoice": "description",
    "credit_memo": "reason",
    "cash_receipt": "description",
    "refund_payment": "description",
}
POSTED = (*DATES, "sales_order")
TRUE_DATE = "true_date"


def write_dated(context: Context, target: Target, p21: Prophet21, document: Document) -> Written:
    """Write it on its day, or on the first day of the next open period with its true day in its text; Failed as ``write_once``.

    Failed(Fix) when the policy lets it stand nowhere by itself.
    """
    place = _Place(context, target, p21)
    if not _day(target.entity, document) or not place.policy:
        return write_once(context, target, document)
    placed = place.as_before(document) or place.by(place.kept_calendar(), document)
    try:
        written = write_once(context, target, placed)
    except Failed as error:
        if error.failure.code != REFUSED:
            raise
        again = place.by(place.fresh_calendar(), document)
        if again == placed:
            raise
        written = write_once(context, target, again)
    if place.policy.closed_period == "approver":
        ask_no_more(context.ports.books, context.run.connection, place.about, context.ports.clock())
    return written


@dataclass(frozen=True, slots=True)
class _Place:
    context: Context
    target: Target
    p21: Prophet21

    @property
    def policy(self) -> Policy | None:
        """The policy of this account's ledger, where it is kept for this P21."""
        with self.context.ports.books.reading() as db:
            kept = ledgers.get(db, self.context.run.connection)
        return kept.policy if kept and kept.policy.p21 == self.target.connection else None

    @property
    def about(self) -> str:
        return f"{self.target.entity}:{self.target.subject}"

    def kept_calendar(self) -> Calendar:
        with self.context.ports.books.reading() as db:
            return ledgers.calendar(db, self.target.connection, self.context.run.connection)

    def fresh_calendar(self) -> Calendar:
        """The periods as P21 has them now, and what is locked here."""
        with self.context.ports.books.reading() as db:
            locked = ledgers.locked_periods(db, self.context.run.connection)
        found = [Period(one.year, one.period, one.begins, one.ends, one.closed) for one in self.p21.periods()]
        return Calendar([Period(p.year, p.number, p.begins, p.ends, p.closed or p.name in locked) for p in found])

    def as_before(self, document: Document) -> Document | None:
        """As it was sent for the same day before: by another run, or before a period was opened or closed."""
        reference = reference_for(self.context, self.target.connection, self.target.entity, self.target.subject)
        with self.context.ports.books.reading() as db:
            kept = intents.get(db, self.target.connection, reference)
        if kept is None or kept.intent.state not in (State.SENDING, State.CONFIRMED):
            return None
        sent, entity = kept.intent.document, self.target.entity
        return _on(document, entity, _day(entity, sent)) if sent.get(TRUE_DATE) == _day(entity, document) else None

    def by(self, calendar: Calendar, document: Document) -> Document:
        """The document where the policy lets it stand."""
        day = _day(self.target.entity, document)
        if isinstance(calendar.booked(day, "reject"), Booked):
            return document
        fresh, policy = self.fresh_calendar(), self.policy
        assert policy is not None, "asked before"
        booked = fresh.booked(day, policy.closed_period)
        if isinstance(booked, Refused) and booked.code == "period.unknown":
            return document
        if isinstance(booked, Refused):
            booked = self._asked(fresh, document, day, booked, policy)
        return document if booked.day == day else _on(document, self.target.entity, booked.day)

    def _asked(self, calendar: Calendar, document: Document, day: str, refused: Refused, policy: Policy) -> Booked:
        """Where an approver lets it stand; Failed(Fix) says what a person can do."""
        act = "Open the period in P21, or keep the ledger with --closed-period next_open, then replay."
        if policy.closed_period == "approver":
            later = calendar.booked(day, "next_open")
            if isinstance(later, Booked) and self._may_stand_later(calendar, document, day, refused):
                return later
            act = "Open the period in P21, or let an approver post it (tieout resolve … --post-in-open-period), then replay."
        if policy.closed_period == "next_open":
            act = "There is no later open period either; open one in P21, then replay."
        named = calendar.name_of(day)
        title = entity_named(self.target.entity).title
        sentence = f"{title} of {day}: period {named} is closed. {act}"
        raise Failed(Fix(CLOSED, sentence, field="date", value=day))

    def _may_stand_later(self, calendar: Calendar, document: Document, day: str, refused: Refused) -> bool:
        ports, currency = self.context.ports, str(document.get("currency") or "usd").lower()
        amount = Money.rounded(Decimal(str(document.get("total") or document.get("amount") or "0")), currency).minor
        title = entity_named(self.target.entity).title
        words = f"{title} for {self.target.subject}: {refused.sentence} Then replay run {self.context.run.id}."
        connection = self.context.run.connection
        question = ExceptionRow(
            connection, refused.code, self.about, amount, currency, words, ours=day, theirs=self.target.entity
        )
        return may_stand_later(ports.books, question, calendar, ports.clock())


def _day(entity: str, document: Document) -> str:
    """The day on which it is posted in P21 (YYYY-MM-DD), empty when it is not: an order is posted with its payment."""
    payment = document.get("payment")
    within = (payment if isinstance(payment, dict) else {}) if entity == "sales_order" else document
    return str(within.get(DATES.get(entity, "date"), ""))[:10] if entity in POSTED else ""


def _on(document: Document, entity: str, day: str) -> Document:
    """The document on a later day, which says the true one in its text and, for the books, by itself."""
    true = _day(entity, document)
    moved: dict[str, Json] = {**document, TRUE_DATE: true}
    if field := DATES.get(entity):
        moved[field] = day
    if told := TOLD_IN.get(entity, ""):
        moved[told] = _with_day(entity, told, str(document.get(told) or ""), true)
    if entity == "invoice" and str(document.get("requested_date") or day) <= day:
        moved.pop("requested_date", None)
    if isinstance(payment := document.get("payment"), dict):
        moved["payment"] = {**payment, "date": day}
    return moved


def _with_day(entity: str, name: str, text: str, day: str) -> str:
    room = next(one.length for one in entity_named(entity).fields if one.name == name) or 40
    words = f"of {day}"
    return f"{text[: room - len(words) - 1]} {words}".strip()
