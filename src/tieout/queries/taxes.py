"""Reads the documents of a period with the tax that they say, and the tax that their source told when they were written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tieout.domain.ledger.period import Period
from tieout.domain.reconciliation.taxes import NOT_TOLD, SPLIT, TOLD, jurisdiction
from tieout.kernel.canonical import unpack
from tieout.kernel.money import Money
from tieout.kernel.slices import slices
from tieout.queries.originals import READS, SALES
from tieout.queries.originals import SPLIT as SPLITTING
from tieout.store import balance
from tieout.store.dialect import day_of, json_text
from tieout.store.tables import intents, links, steps, workflows

MEMO = "credit_memo"
ENTITIES = (*SALES, MEMO)
PAYMENTS = ("pi_", "ch_", "py_")
READ_MAX = 400

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SentTax:
    """One document. Minor units; those of a credit memo are positive here, as in the document. None is not known.

    ``item_tax`` is the part of ``sent`` that stands on a line of its own, which is no tax to P21. ``total`` is what the
    document comes to, ``given_back`` what was refunded of its payments, ``expected`` P21's own tax when it was written,
    ``split`` what its run split off the sale.
    """

    entity: str
    key: str
    reference: str
    subject: str
    day: str
    place: str
    currency: str
    charged: int | None
    how: str
    sent: int | None
    item_tax: int
    total: int
    given_back: int
    expected: int | None
    split: int | None


@dataclass(frozen=True, slots=True)
class _Kept:
    entity: str
    key: str
    reference: str
    subjects: tuple[str, ...]
    run: str
    day: str
    document: Value
    shown: Value

    @property
    def currency(self) -> str:
        return str(self.document.get("currency") or "").lower()


def sent_taxes(db: sa.Connection, connection: str, p21: str, period: Period, home: str) -> tuple[SentTax, ...]:
    """Every order, invoice and credit memo of a period that a link of ours names."""
    kept = _kept(db, connection, p21, period)
    told = _told(db, [one.run for one in kept])
    places = _places(db, p21, kept)
    back, items = _given_back(db, connection, kept), _tax_items(db)
    return tuple(_sent(one, told.get(one.run, []), places, back, items, one.currency or home) for one in kept)


def _kept(db: sa.Connection, connection: str, p21: str, period: Period) -> list[_Kept]:
    days = [json_text(intents.c.document, name) for name in ("true_date", "order_date", "date")]
    day = sa.func.coalesce(*(sa.func.nullif(one, "") for one in days), day_of(links.c.at))
    same = sa.and_(intents.c.connection == links.c.connection, intents.c.reference == links.c.reference)
    found = (
        sa.select(links, day.label("day"), intents.c.document, intents.c.shown, intents.c.run.label("written_by"))
        .outerjoin(intents, same)
        .where(links.c.connection == p21, links.c.origin == connection, links.c.entity.in_(ENTITIES))
        .where(day.between(period.begins, period.ends))
        .order_by(links.c.at, links.c.reference, links.c.subject)
    )
    whole: dict[tuple[str, str], _Kept] = {}
    for row in db.execute(found):
        before = whole.get((row.entity, row.key))
        subjects = (*(before.subjects if before else ()), row.subject)
        if before and not row.document:
            whole[row.entity, row.key] = replace(before, subjects=subjects)
            continue
        whole[row.entity, row.key] = _Kept(
            row.entity, row.key, row.reference, subjects, row.written_by or "", row.day,
            json.loads(row.document or "{}"), json.loads(row.shown or "{}"),
        )  # fmt: skip
    return list(whole.values())


def _told(db: sa.Connection, runs: Iterable[str]) -> dict[str, list[tuple[str, Value]]]:
    """What these runs read and split, oldest first."""
    found: dict[str, list[tuple[str, Value]]] = {}
    for some in slices(sorted(set(runs)), READ_MAX):
        wanted = sa.select(steps.c.run, steps.c.type, steps.c.outcome).where(
            steps.c.run.in_(some), steps.c.type.in_((*READS, SPLITTING))
        )
        for row in db.execute(wanted.order_by(steps.c.run, steps.c.place)):
            value = unpack(row.outcome)["value"]
            if isinstance(value, dict):
                found.setdefault(row.run, []).append((row.type, value))
    return found


def _tax_items(db: sa.Connection) -> frozenset[str]:
    """The items on which a workflow writes tax as a line, in any version that was published."""
    texts = db.execute(sa.select(workflows.c.text)).scalars()
    return frozenset(str(tomllib.loads(one).get("settings", {}).get("tax_item", "")) for one in texts) - {""}


def _sent(
    kept: _Kept, told: Sequence[tuple[str, Value]], places: Mapping[tuple[str, str], str], back: Mapping[str, int],
    items: frozenset[str], currency: str,
) -> SentTax:  # fmt: skip
    document = kept.document
    tax, total = (_minor(document.get(name), currency) for name in ("tax", "total"))
    item_tax = _item_tax(document, items, currency) if document and not tax else 0
    charged, how = _charged(kept, told, items, total)
    own = kept.shown.get("tax_of_p21")
    return SentTax(
        kept.entity, kept.key, kept.reference, min(kept.subjects, key=_by_name),
        kept.day, _place(kept, told, places), currency, charged, how, tax + item_tax if document else None, item_tax, total,
        sum(back.get(one, 0) for one in kept.subjects), None if own is None else _minor(own, currency),
        _split(told, items),
    )  # fmt: skip


def _by_name(subject: str) -> tuple[bool, bool, str]:
    """A payment first, then any other id of Stripe's, then the P21 record that something is of."""
    return not subject.startswith(PAYMENTS), " " in subject, subject


def _item_tax(document: Value, items: frozenset[str], currency: str) -> int:
    lines = [one for one in document.get("lines", []) if one.get("item_id") in items]
    return sum(_minor(one.get("extended_price") or one.get("amount"), currency) for one in lines)


def _minor(amount: object, currency: str) -> int:
    return Money.rounded(Decimal(str(amount or "0")), currency).minor


def _charged(
    kept: _Kept, told: Sequence[tuple[str, Value]], items: frozenset[str], total: int
) -> tuple[int | None, str]:
    """What the source told of this document, and how; a part of a sale that is owed again has no tax of its own there."""
    order = _order(told)
    if kept.entity != MEMO:
        again = any(one.endswith("recovered") or ":recovered" in one for one in kept.subjects)
        return (int(order["tax"]), TOLD) if order and not again else (None, NOT_TOLD)
    notes = [value for _, value in told if "pre_payment" in value]
    if notes and int(notes[-1]["total"]) == total:
        return int(notes[-1]["tax"]), TOLD
    split = _split(told, items)
    if split is not None:
        return split, SPLIT
    return (-int(order["tax"]), TOLD) if order else (None, NOT_TOLD)


def _split(told: Sequence[tuple[str, Value]], items: frozenset[str]) -> int | None:
    """The tax in what the run split off its sale, also where it stands on a line of its own."""
    splits = [value for kind, value in told if kind == SPLITTING]
    if not splits:
        return None
    lines = [one for one in splits[-1]["lines"] if one["item_id"] in items]
    return int(splits[-1]["tax"]) + sum(int(one["net"]) for one in lines)


def _order(told: Sequence[tuple[str, Value]]) -> Value | None:
    """The order that was read last."""
    for kind, value in reversed(told):
        order = value.get("order", value) if kind in READS else None
        if isinstance(order, dict) and isinstance(order.get("lines"), list) and "shipping_tax" in order:
            return order
    return None


def _place(kept: _Kept, told: Sequence[tuple[str, Value]], places: Mapping[tuple[str, str], str]) -> str:
    """By the ship-to of the document, of the sale that it takes back, or of the order as it was read."""
    if here := _ship_to(kept.document):
        return here
    of = (("order", kept.document.get("order_no")), ("invoice", kept.document.get("invoice_no")))
    if there := next((places[kind, str(key)] for kind, key in of if (kind, str(key)) in places), ""):
        return there
    return _read_place(_order(told) or {}) or jurisdiction("", "")


def _ship_to(document: Value) -> str:
    country, state = (str(document.get(f"ship_to_{name}") or "") for name in ("country", "state"))
    return jurisdiction(country, state) if country or state else ""


def _read_place(order: Value) -> str:
    for address in (order.get("ship_to") or {}, (order.get("buyer") or {}).get("address") or {}):
        country, state = (str(address.get(name) or "") for name in ("country", "state"))
        if country or state:
            return jurisdiction(country, state)
    return ""


def _places(db: sa.Connection, p21: str, kept: Iterable[_Kept]) -> dict[tuple[str, str], str]:
    """The jurisdictions of the sales that credit memos take back, whatever period they are of."""
    memos = [one.document for one in kept if one.entity == MEMO]
    keys = sorted({str(one[name]) for one in memos for name in ("order_no", "invoice_no") if one.get(name)})
    found: dict[tuple[str, str], str] = {}
    for some in slices(keys, READ_MAX):
        wanted = sa.select(intents.c.entity, intents.c.key, intents.c.run, intents.c.document).where(
            intents.c.connection == p21, intents.c.entity.in_(SALES), intents.c.key.in_(some)
        )
        rows = db.execute(wanted).all()
        told = _told(db, [row.run for row in rows])
        for row in rows:
            here = _ship_to(json.loads(row.document)) or _read_place(_order(told.get(row.run, [])) or {})
            if here:
                found["order" if row.entity == "sales_order" else "invoice", row.key] = here
    return found


def _given_back(db: sa.Connection, connection: str, kept: Iterable[_Kept]) -> dict[str, int]:
    """What was refunded, by payment, as the customer saw it."""
    payments = sorted(
        {one for each in kept if each.entity != MEMO for one in each.subjects if one.startswith(PAYMENTS)}
    )
    found: dict[str, int] = {}
    for some in slices(payments, READ_MAX):
        for payment, rows in balance.of_payments(db, connection, some).items():
            found[payment] = sum(abs(row.origin.amount) for row in rows if row.category == "refund")
    return found
