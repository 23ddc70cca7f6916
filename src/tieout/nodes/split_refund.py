"""Split refund: what a credit memo takes back of each line, after what earlier memos took (accounting facts C7)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tieout.domain.refunding import Part, Sold, Wish, split
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.queries.originals import Written, split_of, written_for

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier memo of the same original: its parts, and whether it stands for a refund."""

    parts: tuple[Part, ...]
    of_refund: bool


def _run(context: Context) -> Done:
    lines = _list(context, "lines")
    sold = [Sold(int(row["gross"]), int(row["tax"]), Decimal(row["quantity"])) for row in lines]
    earlier = _earlier(context, sold)
    credited = sum(part.gross for one in earlier if one.of_refund for part in one.parts)
    left = sum(line.gross for line in sold) - sum(part.gross for one in earlier for part in one.parts)
    refund = str(context.evaluate("refund") or "")
    amount = _whole(context, "amount", left)
    if refund:
        amount = max(0, min(amount, _standing(context, refund) - credited))
    wishes = _wishes(context, lines)
    parts = split(sold, [one.parts for one in earlier], amount, wishes) if amount else ()
    return Done(_outcome(parts, lines, bool(refund)))


def _standing(context: Context, refund: str) -> int:
    """What all refunds of the charge that have not failed come to, read now and after the memos.

    What was read earlier in the run would lack the refunds that were made since, whose memos are counted already.
    """
    return context.ports.connections.stripe(context.run.connection).refund(refund).standing


def _outcome(parts: Sequence[Part], lines: Sequence[Row], of_refund: bool) -> dict[str, object]:
    rows = [
        {
            "line": Decimal(part.line),
            "item_id": lines[part.line]["item_id"],
            "description": lines[part.line]["description"],
            "account": lines[part.line]["account"],
            "quantity": part.quantity,
            "unit": lines[part.line].get("unit") or "",
            "gross": Decimal(part.gross),
            "tax": Decimal(part.tax),
            "net": Decimal(part.gross - part.tax),
        }
        for part in parts
    ]
    total, tax = sum(part.gross for part in parts), sum(part.tax for part in parts)
    sums = {"total": Decimal(total), "tax": Decimal(tax), "net": Decimal(total - tax)}
    return {"lines": rows, **sums, "of_refund": of_refund}


def _earlier(context: Context, sold: Sequence[Sold]) -> list[_Earlier]:
    """What other runs have credited of the same original. What is not on record any more is split as if it came now."""
    name, _ = context.ports.connections.p21(context.text("connection"))
    subject = str(context.evaluate("of") or "")
    books, besides = context.ports.books, str(context.evaluate("besides") or "")
    brought_back = written_for(books, name, context.run.connection, besides, "credit_memo") if besides else ()
    keys = {memo.key for memo in brought_back}
    written = written_for(books, name, context.run.connection, subject, "credit_memo")
    memos = [memo for memo in written if memo.key not in keys]
    found: list[_Earlier] = []
    for memo in memos:
        if memo.run != context.run.id:
            found.append(_on_record(context, memo) or _as_if_now(sold, found, memo))
    return found


def _on_record(context: Context, memo: Written) -> _Earlier | None:
    kept = split_of(context.ports.books, memo.run)
    if kept is None:
        return None
    parts = tuple(Part(int(row["line"]), int(row["gross"]), int(row["tax"])) for row in kept["lines"])
    return _Earlier(parts, bool(kept["of_refund"]))


def _as_if_now(sold: Sequence[Sold], before: Sequence[_Earlier], memo: Written) -> _Earlier:
    total = Money.rounded(Decimal(str(memo.document["total"])), str(memo.document["currency"])).minor
    return _Earlier(split(sold, [one.parts for one in before], total), of_refund=True)


def _wishes(context: Context, lines: Sequence[Row]) -> list[Wish]:
    wanted = context.evaluate("wanted")
    if not wanted:
        return []
    rows = wanted if isinstance(wanted, list) else _read(context, str(wanted))
    return [wish for row in rows for wish in _wish(context, row, lines)]


def _read(context: Context, text: str) -> list[Any]:
    try:
        rows = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        rows = None
    if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
        return rows
    raise unfit(
        context,
        'refund_lines is not a JSON list such as [{"sku": "A-1", "quantity": 1}] or [{"line": 2, "amount": 500}]. '
        "Correct it in Stripe, then replay",
        "refund_lines",
        text,
    )


def _wish(context: Context, row: Row, lines: Sequence[Row]) -> list[Wish]:
    """A line of a credit note (``place``, ``gross``, ``tax``; a line of its own has no place), or of ``refund_lines``."""
    if "place" in row:
        place = int(row["place"])
        return [Wish(place, gross=int(row["gross"]), tax=int(row["tax"]))] if 0 <= place < len(lines) else []
    line, amount, quantity = _place(context, row, lines), row.get("amount"), row.get("quantity")
    try:
        if amount is not None and int(amount) == Decimal(str(amount)):
            return [Wish(line, gross=int(amount))]
        if quantity is not None and Decimal(str(quantity)) > 0:
            return [Wish(line, quantity=Decimal(str(quantity)))]
    except (InvalidOperation, TypeError, ValueError, OverflowError):
        raise _neither(context, row) from None
    raise _neither(context, row)


def _place(context: Context, row: Row, lines: Sequence[Row]) -> int:
    sku, number = row.get("sku"), row.get("line")
    if type(number) is int and 1 <= number <= len(lines):
        return number - 1
    places = [i for i, line in enumerate(lines) if sku and line["item_id"] == str(sku)]
    if len(places) == 1:
        return places[0]
    known = ", ".join(dict.fromkeys(str(line["item_id"]) for line in lines if line["item_id"]))
    words = f"refund_lines names {sku or number!r}, which is not one line of what was sold ({known})"
    raise unfit(context, f"{words}. Correct it in Stripe, then replay", "refund_lines", str(sku or number))


def _neither(context: Context, row: Row) -> Failed:
    words = "each of refund_lines has a quantity above 0, or an amount in whole minor units"
    return unfit(context, f"{words}. Correct it in Stripe, then replay", "refund_lines", json.dumps(row, default=str))


def _list(context: Context, setting: str) -> list[Row]:
    value = context.evaluate(setting)
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        return value
    raise unfit(
        context,
        f"{setting} must be the lines of the original record. Correct it in the workflow and publish it, then replay",
        setting,
        str(value),
    )


def _whole(context: Context, setting: str, otherwise: int) -> int:
    value = context.evaluate(setting, str(otherwise))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise Failed(
        Fix(
            "node.split_refund",
            f"{setting} must be whole minor units, but is {value!r}. Correct it in the workflow and publish it, then replay.",
            field=setting,
        )
    )


NODE = NodeType(
    NodeForm(
        "split_refund",
        "Split over what was sold",
        "read",
        (
            CONNECTION,
            SettingField("lines", "expression", "Lines of the original record", required=True, type="list"),
            SettingField("of", "expression", "Subject of the original record", required=True, type="text"),
            SettingField("amount", "expression", "Amount in minor units (empty: all that is left)", type="number"),
            SettingField(
                "refund", "expression", "The refund's id: what failed ones credited is not credited again", type="text"
            ),
            SettingField(
                "besides", "expression", "Whose memos took nothing back (what was written off and paid)", type="text"
            ),
            SettingField("wanted", "expression", "Lines of a credit note, or refund_lines of the metadata"),
        ),
        lambda settings: {
            "lines": "list",
            "lines[].item_id": "text",
            "lines[].description": "text",
            "lines[].account": "text",
            "lines[].quantity": "number",
            "lines[].unit": "text",
            "lines[].net": "number",
            "lines[].tax": "number",
            "lines[].gross": "number",
            "total": "number",
            "tax": "number",
            "net": "number",
        },
        note="Credit-note lines first, then refund_lines, the rest in proportion to what is left. A refund that repeats one "
        "that failed credits nothing again: that debt was credited before.",
    ),
    _run,
)
