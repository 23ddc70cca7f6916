"""Makes an order ready to be written: lines that sell nothing, gift cards, a rounding residue, tax facts (cases A6, A9, A12).

Amounts are whole minor units. Each rule answers the order and what is to be told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from tieout.domain.remark import Remark
from tieout.domain.sale import Order, OrderLine, imbalance, per_piece
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money

GIFT_CARD = "gift_card"
ROUNDING = "rounding"
Told = tuple[Order, tuple[Remark, ...]]


def ready(order: Order, *, gift_card_item: str = "", rounding_item: str = "") -> Told:
    """The order as it is written, and what is to be told. Failed(Fix) for a line that is charged and counts nothing."""
    remarks: list[Remark] = []
    rules: Sequence[Callable[[Order], Told]] = (
        without_empty_lines,
        lambda one: with_gift_cards(one, gift_card_item),
        lambda one: with_residue(one, rounding_item),
        with_tax_facts,
    )
    for rule in rules:
        order, told = rule(order)
        remarks += told
    return order, tuple(remarks)


def without_empty_lines(order: Order) -> Told:
    """Lines of quantity 0 that cost nothing are left out; one that costs something parks."""
    kept, remarks = [], []
    for number, line in enumerate(order.lines, 1):
        if line.quantity > 0:
            kept.append(line)
        elif (line.subtotal, line.net, line.tax) == (0, 0, 0):
            named = line.description or line.sku or line.id
            remarks.append(
                Remark(f"lines[{number}]", named, "it sells nothing (quantity 0, amount 0) and was left out")
            )
        else:
            raise Failed(_uncounted(order, number, line))
    return replace(order, lines=tuple(kept)), tuple(remarks)


def with_gift_cards(order: Order, item: str) -> Told:
    """What gift cards paid becomes a line below zero: the order then comes to what the payment paid."""
    if not order.gift_cards:
        return order, ()
    paid = Money(order.currency.lower(), order.gift_cards)
    if not item:
        sentence = (
            f"{paid} of {order.source} order {order.number or order.id} were paid with a gift card. Set gift_card_item in the "
            "workflow to the P21 item that stands for gift cards, publish it, then replay."
        )
        raise Failed(Fix("order.gift_card", sentence, field="gift_card_item"))
    line = _extra(GIFT_CARD, item, "Gift card", -order.gift_cards)
    told = Remark("gift_cards", str(paid), f"paid with a gift card: it is a line of its own with item {item}")
    return replace(order, lines=(*order.lines, line), gift_cards=0), (told,)


def with_residue(order: Order, item: str) -> Told:
    """A rounding difference of up to one minor unit a line goes to the rounding item, or to the largest line."""
    missing = -imbalance(order)
    if not missing or abs(missing) > len(order.lines):
        return order, ()
    amount = Money(order.currency.lower(), missing)
    if item:
        lines = (*order.lines, _extra(ROUNDING, item, "Rounding", missing))
        where = f"item {item}"
    else:
        lines, where = _on_largest(order.lines, missing)
    why = f"lines, shipping and tax were rounded one by one; what the total differs by stands on {where}"
    return replace(order, lines=lines), (Remark("rounding", str(amount), why),)


def with_tax_facts(order: Order) -> Told:
    """Each line knows whether it is taxed, as far as somebody told: by its reason, by its tax, or because the buyer is exempt."""
    told_by_line = order.shipping_tax != 0 or any(line.tax for line in order.lines)
    lines = tuple(replace(line, taxable=_taxable(order, line, told_by_line)) for line in order.lines)
    return replace(order, lines=lines), ()


def _taxable(order: Order, line: OrderLine, told_by_line: bool) -> bool | None:
    if line.tax:
        return True
    if line.kind != "goods" and line.kind != "fee":
        return False
    if line.taxable is not None:
        return line.taxable
    if told_by_line and line.net:
        return False
    return False if order.tax_exempt and not order.tax else None


def _on_largest(lines: Sequence[OrderLine], missing: int) -> tuple[tuple[OrderLine, ...], str]:
    place = max(range(len(lines)), key=lambda i: (abs(lines[i].net), -i))
    line = lines[place]
    subtotal = line.subtotal + missing
    mended = replace(line, subtotal=subtotal, net=line.net + missing, unit_amount=per_piece(subtotal, line.quantity))
    named = line.description or line.sku or line.id
    return (*lines[:place], mended, *lines[place + 1 :]), f"the largest line ({named})"


def _extra(kind: str, item: str, description: str, amount: int) -> OrderLine:
    return OrderLine(
        id=kind,
        sku=item,
        description=description,
        quantity=Decimal(1),
        unit_amount=Decimal(amount),
        subtotal=amount,
        discount=0,
        tax=0,
        net=amount,
        kind=kind,
    )


def _uncounted(order: Order, number: int, line: OrderLine) -> Fix:
    named = line.description or line.sku or line.id
    sentence = (
        f"Line {number} ({named}) of {order.source} order {order.number or order.id} has quantity {line.quantity} but comes to "
        f"{Money(order.currency.lower(), line.net)}: P21 takes no line that counts nothing. Give it a quantity where it comes "
        "from, then replay; or enter this order in P21 by hand."
    )
    return Fix("order.quantity", sentence, field=f"lines[{number}].quantity", value=str(line.quantity))
