"""Reads orders and invoices back from OData, with lines, prices, tax and totals (P21 facts §3.4, §6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tieout.connectors.p21 import failures
from tieout.connectors.p21._face import OrderProgress
from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.comparing import ZERO, Seen, SeenLine
from tieout.connectors.p21.filters import Filter, any_of, eq
from tieout.connectors.p21.odata import OData, Row
from tieout.kernel.failures import Failed

HEADER = (
    "order_no",
    "customer_id",
    "company_id",
    "web_reference_no",
    "po_no",
    "job_name",
    "cancel_flag",
    "delete_flag",
    "completed",
    "approved",
    "freight_out",
)
LINE = (
    "order_no",
    "line_no",
    "unit_quantity",
    "unit_of_measure",
    "unit_price",
    "extended_price",
    "sales_tax",
    "delete_flag",
    "cancel_flag",
)
INVOICE = (
    "invoice_no",
    "order_no",
    "customer_id",
    "company_no",
    "tax_amount",
    "total_amount",
    "amount_paid",
    "paid_in_full_flag",
)


RETURN = "RMA "  # before the number of an order that takes goods back


class OrderRecords:
    """Orders and invoices of one company."""

    def __init__(self, odata: OData, company_id: str) -> None:
        self._odata, self._company = odata, company_id

    def by_reference(self, column: str, reference: str) -> list[Row]:
        """Every order of the company that carries the reference, cancelled ones too."""
        where = eq(column, reference) & eq("company_id", self._company)
        return self._odata.rows("table/oe_hdr", where, HEADER, "order_no")

    def by_number(self, order_no: str) -> Row | None:
        """The order of that number, or None."""
        where = eq("order_no", order_no) & eq("company_id", self._company)
        return self._odata.first("table/oe_hdr", where, HEADER, "order_no")

    def progress(self, order_no: str) -> OrderProgress | None:
        """What its lines come to now, and what of it is invoiced."""
        row = self.by_number(order_no)
        if row is None:
            return None
        try:
            billed = [one for one in self.invoices(order_no) if text_of(one.get("approved")) != "N"]
            invoiced = sum((_number(one, "total_amount") for one in billed), ZERO)
            total = ZERO if void(row) else self.seen(row).total
        except ValueError as error:
            raise failures.unreadable(f"order {order_no}", str(error)) from error
        numbers = tuple(text_of(one.get("invoice_no")) for one in billed)
        return OrderProgress(order_no, total, invoiced, numbers, bool(void(row)))

    def invoices(self, order_no: str) -> list[Row]:
        """The invoices of an order."""
        return [row for row in self._billed(order_no) if decimal_of(row.get("total_amount"), "total_amount") >= 0]

    def credits(self, order_no: str) -> list[Row]:
        """What P21 credits for a return: nothing until goods are received, one credit for each receipt (P21 facts §4.10).

        A credit that was voided is none.
        """
        rows = (row for row in self._billed(order_no) if text_of(row.get("approved")) != "N")
        return [row for row in rows if decimal_of(row.get("total_amount"), "total_amount") < 0]

    def _billed(self, order_no: str) -> list[Row]:
        where = eq("order_no", order_no) & eq("company_no", self._company) & eq("invoice_type", "IN")
        return self._odata.rows("table/invoice_hdr", where, (*INVOICE, "approved"), "invoice_no")

    def seen(self, order: Row) -> Seen:
        """The order with its lines; tax and total are summed from them."""
        rows = self.lines(text_of(order.get("order_no")))
        tax = sum((_number(row, "sales_tax") for row in rows), ZERO)
        goods = sum((_number(row, "extended_price") for row in rows), ZERO)
        total = goods + tax + _number(order, "freight_out")
        lines = tuple(_line(row) for row in rows)
        return Seen(text_of(order.get("customer_id")), lines, tax, total, void(order))

    def lines(self, order_no: str) -> list[Row]:
        """The lines that still count, each with its item_id."""
        where = eq("order_no", order_no)
        try:
            rows = self._odata.rows("view/p21_view_oe_line", where, (*LINE, "item_id"), "line_no")
        except Failed as error:
            if error.failure.code != "p21.not_offered":
                raise
            rows = self._with_items(self._odata.rows("table/oe_line", where, (*LINE, "inv_mast_uid"), "line_no"))
        return [row for row in rows if "Y" not in (row.get("delete_flag"), row.get("cancel_flag"))]

    def _with_items(self, rows: Sequence[Row]) -> list[Row]:
        wanted = [_number(row, "inv_mast_uid") for row in rows]
        names: dict[Decimal, str] = {}
        for where in any_of("inv_mast_uid", wanted):
            names |= self._names(where)
        return [{**row, "item_id": names.get(_number(row, "inv_mast_uid"), "")} for row in rows]

    def _names(self, where: Filter) -> dict[Decimal, str]:
        found = self._odata.rows("table/inv_mast", where, ("inv_mast_uid", "item_id"), "inv_mast_uid")
        return {_number(row, "inv_mast_uid"): text_of(row.get("item_id")) for row in found}


def void(order: Row) -> str:
    """Why the order does not count any more, in a word."""
    if text_of(order.get("delete_flag")) == "Y":
        return "deleted"
    return "cancelled" if text_of(order.get("cancel_flag")) == "Y" else ""


def _line(row: Row) -> SeenLine:
    return SeenLine(
        text_of(row.get("item_id")),
        _number(row, "unit_quantity"),
        _number(row, "unit_price"),
        _number(row, "extended_price"),
        text_of(row.get("unit_of_measure")),
    )


def _number(row: Row, name: str) -> Decimal:
    value = row.get(name)
    return ZERO if value is None else decimal_of(value, name)
