"""What has become of it: asks P21 how far an order is before a refund of it is credited, and asks a person where it is open."""

from __future__ import annotations

from decimal import Decimal

from tieout.connectors.p21._face import OrderProgress
from tieout.domain.undelivered import Standing, Verdict, verdict
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.operations.raise_alert import raise_alert
from tieout.queries.originals import written_for

LINES_SHOWN = 8


def _run(context: Context) -> Done:
    name, p21 = context.ports.connections.p21(context.text("connection"))
    original, amount = context.inputs.get(context.text("original") or "original"), _whole(context, "amount")
    if not isinstance(original, dict) or original.get("entity") != "sales_order":
        return Done({"credit": Decimal(amount), "state": "invoiced"})
    order_no, currency = str(original["key"]), str(original["currency"])
    progress = p21.progress(order_no)
    if progress is None:
        raise unfit(
            context, f"P21 has no order {order_no} any more. Find out what became of it, then replay", "key", order_no
        )
    memos = written_for(context.ports.books, name, context.run.connection, str(original["subject"]), "credit_memo")
    credited = sum(_minor(Decimal(str(one.document.get("total") or 0)), currency) for one in memos)
    standing = Standing(
        int(original["total"]), _minor(progress.total, currency), _minor(progress.invoiced, currency),
        max(amount, _whole(context, "refunded")), credited,
    )  # fmt: skip
    found = verdict(standing, amount)
    receipts = [
        f"receipt {one.key} ({Money(currency, _minor(Decimal(str(one.document.get('amount') or 0)), currency))})"
        for one in written_for(
            context.ports.books,
            name,
            context.run.connection,
            str(context.evaluate("payment", "''") or ""),
            "cash_receipt",
        )
    ]
    if found.to_cancel:
        raise Failed(_question(context, progress, original, found, receipts, amount))
    if not found.credit and receipts:
        _tell(context, progress, receipts, Money(currency, amount))
    return Done({"credit": Decimal(found.credit), "state": "cancelled" if progress.void else "invoiced"})


def _question(
    context: Context,
    progress: OrderProgress,
    original: dict[str, object],
    found: Verdict,
    receipts: list[str],
    amount: int,
) -> Fix:
    currency = str(original["currency"])
    invoiced = (
        f"only {progress.invoiced} of it is invoiced ({', '.join(progress.invoices)})"
        if progress.invoices
        else "nothing of it is invoiced"
    )
    sentence = (
        f"{Money(currency, amount)} were refunded of sales order {progress.order_no}, and {invoiced}: there is nothing to credit "
        f"yet. Cancel {Money(currency, found.to_cancel)} of it in P21 before it ships ({_lines(original, currency)}){_receipts(receipts)}, "
        "then replay. If it has left already, invoice it, then replay: it is credited then."
    )
    return Fix("refund.not_delivered", sentence, field="order_no", value=progress.order_no)


def _receipts(receipts: list[str]) -> str:
    return f" and take the money off {', '.join(receipts)}" if receipts else ""


def _lines(original: dict[str, object], currency: str) -> str:
    lines = original.get("lines")
    rows = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list | tuple) else []
    shown = [
        f"{line.get('item_id') or line.get('description')}: {line.get('quantity')} for {Money(currency, int(line['gross']))}"
        for line in rows[:LINES_SHOWN]
    ]
    return "; ".join(shown) + (f"; and {len(rows) - LINES_SHOWN} more" if len(rows) > LINES_SHOWN else "")


def _tell(context: Context, progress: OrderProgress, receipts: list[str], amount: Money) -> None:
    """The order is cancelled as far as it was refunded; who keeps the books of customers must know what stands there."""
    sentence = (
        f"{amount} were refunded of sales order {progress.order_no}, which is cancelled in P21 to that extent: no credit memo is "
        f"written. Take the money off {', '.join(receipts)} in P21, if that is not done yet; in the ledger it is a deposit given back."
    )
    about = f"{context.run.id} {context.path}"
    raise_alert(context.ports.books, "refund.not_delivered", sentence, about, context.ports.clock())


def _minor(amount: Decimal, currency: str) -> int:
    return Money.rounded(amount, currency).minor


def _whole(context: Context, setting: str) -> int:
    value = context.evaluate(setting, "0")
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise Failed(
        Fix(
            "node.p21_progress",
            f"{setting} must be whole minor units, but is {value!r}. Correct it in the workflow and publish it, then replay.",
            field=setting,
        )
    )


NODE = NodeType(
    NodeForm(
        "p21_progress",
        "What has become of the order?",
        "read",
        (
            CONNECTION,
            SettingField("original", "text", "Root of the original record (empty: original)"),
            SettingField("amount", "expression", "Refunded now, in minor units", required=True, type="number"),
            SettingField("refunded", "expression", "All refunds of the payment together", required=True, type="number"),
            SettingField("payment", "expression", "The payment its receipt stands for", type="text"),
        ),
        lambda settings: {"credit": "number", "state": "text"},
        note="Asks P21 what of an order is invoiced, cancelled or open. Nothing is credited that was not invoiced; while it is open "
        "one question names receipt, order, lines and amounts.",
    ),
    _run,
)
