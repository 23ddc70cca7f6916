"""Reads documents back by their numbers, many in one question, as P21 keeps them now (P21 facts §6.3, §6.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from tieout.connectors.p21 import failures
from tieout.connectors.p21._face import READ_BACK, DocumentRecord, LedgerLine, MadeInvoice, OpenReceivable, OrderState
from tieout.connectors.p21.answers import decimal_of, text_of, whole_of
from tieout.connectors.p21.comparing import ZERO
from tieout.connectors.p21.filters import Literal, any_of, eq
from tieout.connectors.p21.journals import GL, entries, is_void_entry, ledger_lines
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.order_records import HEADER, LINE, RETURN, void
from tieout.connectors.p21.receipts import PAYMENT, RECEIPT, taken_back
from tieout.connectors.p21.writers import Middleware, is_deleted
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.slices import slices

KEYS_AT_ONCE = 40
DOCUMENT = (
    "invoice_no",
    "order_no",
    "customer_id",
    "company_no",
    "external_reference_no",
    "total_amount",
    "tax_amount",
    "approved",
    "currency_id",
)
OPEN = (
    "invoice_no",
    "company_no",
    "customer_id",
    "bill2_name",
    "invoice_date",
    "net_due_date",
    "total_amount",
    "amount_paid",
    "terms_taken",
    "allowed",
    "memo_amount",
    "bad_debt_amount",
    "currency_id",
    "order_no",
)
MADE = (
    "invoice_no", "order_no", "company_no", "customer_id", "invoice_date", "total_amount", "tax_amount", "freight",
    "approved", "currency_id",
)  # fmt: skip
TAKEN = ("amount_paid", "terms_taken", "allowed", "memo_amount", "bad_debt_amount")
INVOICES = "view/p21_view_invoice_hdr"


def require_read_back(entity: str) -> None:
    """Failed(Fix) for a kind of record that is not read back."""
    if entity not in READ_BACK:
        sentence = f"Records of kind {entity!r} are not read back from P21. Choose one of {', '.join(READ_BACK)}."
        raise Failed(Fix("p21.entity", sentence, field="entity", value=entity))


class ReadBack:
    """The documents of one company."""

    def __init__(self, p21: Middleware) -> None:
        self._odata, self._settings = p21.odata, p21.settings

    def documents(self, entity: str, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
        """By number; what is not there is left out."""
        require_read_back(entity)
        wanted = list(dict.fromkeys(key for key in keys if key))
        found: dict[str, DocumentRecord] = {}
        try:
            for some in slices(wanted, KEYS_AT_ONCE):
                found |= self._read(entity, some)
        except ValueError as error:
            raise failures.unreadable(f"the read-back of {entity}", str(error)) from error
        return found

    def order_states(self, order_nos: Sequence[str]) -> Mapping[str, OrderState]:
        """How each of these orders stands, by number; one that P21 does not have is left out."""
        found: dict[str, OrderState] = {}
        for some in slices(list(dict.fromkeys(order_nos)), KEYS_AT_ONCE):
            for row in self._among("table/oe_hdr", "order_no", some, HEADER, "company_id"):
                found[text_of(row["order_no"])] = OrderState(text_of(row.get("approved")) == "Y", bool(void(row)))
        return found

    def open_receivables(self) -> Iterator[OpenReceivable]:
        """Open invoices and open credits: what is not paid in full, with its balance (P21 facts §6.4)."""
        where = eq("paid_in_full_flag", "N") & eq("invoice_type", "IN") & eq("company_no", self._settings.company_id)
        for page in self._odata.pages(INVOICES, where, OPEN, "invoice_no"):
            for row in page:
                try:
                    yield self._open(row)
                except ValueError as error:
                    raise failures.unreadable("the open receivables", str(error)) from error

    def invoices_of(self, orders: Mapping[str, str]) -> Iterator[MadeInvoice]:
        """Invoices by the order they are of; a credit or a prepayment of it is none."""
        try:
            for some in slices(list(orders), KEYS_AT_ONCE):
                for row in self._among(INVOICES, "order_no", some, MADE, "company_no", "invoice_no"):
                    if text_of(row.get("approved")) != "N" and _number(row, "total_amount") > 0:
                        yield self._made(row)
        except ValueError as error:
            raise failures.unreadable("the invoices of orders", str(error)) from error

    def _made(self, row: Row) -> MadeInvoice:
        number, order, customer, day = (
            text_of(row.get(name)) for name in ("invoice_no", "order_no", "customer_id", "invoice_date")
        )
        total, tax, freight = (_number(row, name) for name in ("total_amount", "tax_amount", "freight"))
        currency = self._settings.currency_code(text_of(row.get("currency_id")))
        return MadeInvoice(number, order, customer, day[:10], total, tax, freight, currency)

    def _read(self, entity: str, keys: Sequence[str]) -> dict[str, DocumentRecord]:
        if entity == "sales_order":
            return self._orders(entity, keys)
        if entity in ("cash_receipt", "refund_payment"):
            return self._payments(entity, keys)
        if entity == "journal_entry":
            return self._entries(keys)
        returns = {key.removeprefix(RETURN): key for key in keys if key.startswith(RETURN)}
        found = self._invoices(entity, [key for key in keys if key not in returns.values()])
        for number, one in self._orders(entity, list(returns)).items() if returns else ():
            found[returns[number]] = one
        return found

    def _orders(self, entity: str, keys: Sequence[str]) -> dict[str, DocumentRecord]:
        rows = self._among("table/oe_hdr", "order_no", keys, HEADER, "company_id")
        lines = self._among("table/oe_line", "order_no", keys, (*LINE, "oe_line_uid"), "", "oe_line_uid")
        standing: dict[str, list[Row]] = {}
        for line in lines:
            if "Y" not in (line.get("delete_flag"), line.get("cancel_flag")):
                standing.setdefault(text_of(line.get("order_no")), []).append(line)
        currencies = self._currencies(text_of(row.get("customer_id")) for row in rows)
        return {
            text_of(row.get("order_no")): DocumentRecord(
                entity,
                text_of(row.get("order_no")),
                _first(row, self._settings.order_reference, "web_reference_no", "job_name"),
                _lines_total(standing.get(text_of(row.get("order_no")), [])) + _number(row, "freight_out"),
                currencies.get(text_of(row.get("customer_id")), ""),
                bool(void(row)),
                text_of(row.get("customer_id")),
                tax=_told_sum(standing.get(text_of(row.get("order_no")), []), "sales_tax"),
            )
            for row in rows
        }

    def _invoices(self, entity: str, keys: Sequence[str]) -> dict[str, DocumentRecord]:
        rows = self._among(INVOICES, "invoice_no", keys, DOCUMENT, "company_no")
        references = self._order_references(rows)
        return {
            text_of(row.get("invoice_no")): DocumentRecord(
                entity,
                text_of(row.get("invoice_no")),
                _first(row, "external_reference_no") or references.get(text_of(row.get("order_no")), ""),
                _number(row, "total_amount") * (-1 if entity == "credit_memo" else 1),
                self._settings.currency_code(text_of(row.get("currency_id"))),
                text_of(row.get("approved")) == "N",
                text_of(row.get("customer_id")),
                tax=_signed(_told_sum([row], "tax_amount"), entity),
            )
            for row in rows
        }

    def _order_references(self, rows: Sequence[Row]) -> dict[str, str]:
        """The reference of an invoice that has none of its own stands on its order."""
        wanted = [text_of(row.get("order_no")) for row in rows if not text_of(row.get("external_reference_no"))]
        orders = self._among("table/oe_hdr", "order_no", [one for one in wanted if one], HEADER, "company_id")
        column = self._settings.reference_fields.invoice
        return {text_of(row.get("order_no")): _first(row, column, "job_name", "po_no") for row in orders}

    def _payments(self, entity: str, keys: Sequence[str]) -> dict[str, DocumentRecord]:
        numbers = [number for key in keys if (number := whole_of(key)) is not None]
        rows = self._among("table/ar_payment_details", "payment_number", numbers, PAYMENT, "")
        kept = self._among("table/ar_receipts", "payment_number", numbers, RECEIPT, "company_id", "receipt_number")
        receipts: dict[str, list[Row]] = {}
        for one in kept:
            receipts.setdefault(text_of(one.get("payment_number")), []).append(one)
        payers = {number: text_of(found[0].get("remitter_id")) for number, found in receipts.items()}
        currencies = self._currencies(payers.values())
        records = {}
        for row in rows:
            key = text_of(row.get("payment_number"))
            own, payer = receipts.get(key, []), payers.get(key, "")
            records[key] = DocumentRecord(
                entity,
                key,
                _first(row, self._settings.reference_fields.receipt),
                _number(row, "payment_amount") * (-1 if entity == "refund_payment" else 1),
                currencies.get(payer, ""),
                is_deleted(row) or (bool(own) and all(map(taken_back, own))),
                payer,
            )
        return records

    def _entries(self, keys: Sequence[str]) -> dict[str, DocumentRecord]:
        numbers = [number for key in keys if (number := whole_of(key)) is not None]
        rows = self._among("table/gl", "transaction_number", numbers, GL, "company_no", "gl_uid")
        return {one.key: one for one in map(self._entry, entries(rows))}

    def _entry(self, entry: Row) -> DocumentRecord:
        return DocumentRecord(
            "journal_entry",
            text_of(entry.get("transaction_number")),
            _first(entry, self._settings.reference_fields.journal),
            debits(lines := ledger_lines(entry)),
            self._settings.currency_code(text_of(entry.get("currency_id"))),
            is_void_entry(entry),
            lines=lines,
        )

    def _open(self, row: Row) -> OpenReceivable:
        total = _number(row, "total_amount")
        invoiced, due = (text_of(row.get(name))[:10] for name in ("invoice_date", "net_due_date"))
        return OpenReceivable(
            text_of(row.get("invoice_no")),
            text_of(row.get("customer_id")),
            text_of(row.get("bill2_name")),
            invoiced,
            due,
            total,
            total - sum((_number(row, name) for name in TAKEN), ZERO),
            self._settings.currency_code(text_of(row.get("currency_id"))),
            text_of(row.get("order_no")),
        )

    def _currencies(self, customers: Iterable[str]) -> dict[str, str]:
        numbers = [number for one in customers if (number := whole_of(one)) is not None]
        columns = ("customer_id", "company_id", "currency_id")
        rows = self._among("table/customer", "customer_id", numbers, columns, "company_id")
        code = self._settings.currency_code
        return {text_of(row.get("customer_id")): code(text_of(row.get("currency_id"))) for row in rows}

    def _among(
        self, source: str, column: str, values: Sequence[Literal], select: Sequence[str], company: str, key: str = ""
    ) -> list[Row]:
        rest = eq(company, self._settings.company_id) if company else None
        found: list[Row] = []
        for where in any_of(column, values, rest):
            found += self._odata.rows(source, where, select, key or column)
        return found


def debits(lines: Iterable[LedgerLine]) -> Decimal:
    """The sum of what is debited."""
    return sum((line.amount for line in lines if line.amount > 0), ZERO)


def _lines_total(lines: Iterable[Row]) -> Decimal:
    return sum((_number(line, "extended_price") + _number(line, "sales_tax") for line in lines), ZERO)


def _told_sum(rows: Iterable[Row], name: str) -> Decimal | None:
    """None as soon as P21 does not tell one of them: that is no zero."""
    rows = list(rows)
    return None if any(row.get(name) is None for row in rows) else sum((_number(row, name) for row in rows), ZERO)


def _signed(amount: Decimal | None, entity: str) -> Decimal | None:
    return -amount if amount is not None and entity == "credit_memo" else amount


def _first(row: Row, *columns: str) -> str:
    return next((value for value in (text_of(row.get(column)) for column in columns) if value), "")


def _number(row: Row, name: str) -> Decimal:
    value = row.get(name)
    return ZERO if value is None else decimal_of(value, name)
