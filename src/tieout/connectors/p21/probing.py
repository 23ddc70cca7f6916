"""Probes the middleware: harmless calls, one finding each, every failure a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tieout.connectors._connector import Capability, Finding, Probe
from tieout.connectors.p21.answers import json_of, text_of
from tieout.connectors.p21.customers import COLUMNS as CUSTOMER
from tieout.connectors.p21.entities import entity_named
from tieout.connectors.p21.filters import Filter, compare, eq
from tieout.connectors.p21.items import COLUMNS as ITEM
from tieout.connectors.p21.journals import ACCOUNT, GL, PERIOD
from tieout.connectors.p21.ledger_reads import JOURNAL
from tieout.connectors.p21.order_records import HEADER, INVOICE, LINE
from tieout.connectors.p21.read_back import DOCUMENT, INVOICES, OPEN
from tieout.connectors.p21.receipts import PAYMENT, RECEIPT
from tieout.connectors.p21.setting_values import settings_found
from tieout.connectors.p21.windows import Windows
from tieout.connectors.p21.writers import Middleware
from tieout.kernel.failures import Failed, Fix

VERSION_PATH = "/api/environment/systems/"
NOBODY = 0
Ask = Callable[[str], Capability]


def probe_middleware(p21: Middleware, windows: Windows, ask: Ask, written: Sequence[str]) -> Probe:
    """Log in, find the UI server, read every table that is needed, and ask for each capability."""
    login = _finding("Login", lambda: _login(p21))
    if login.failure is not None:
        return Probe((login,), tuple(_unknown(name, login.title) for name in written))
    findings = [login, _finding("UI server", p21.session.ui_path), _version(p21)]
    company = _finding("Company", lambda: _company(p21))
    findings += [company, _finding("Currencies", lambda: _currencies(p21))]
    findings += settings_found(p21) if company.failure is None else ()
    findings += _tables(p21)
    capabilities = []
    for name in written:
        try:
            capabilities.append(_with_what_is_not_set(p21, ask(name)))
        except Failed as error:
            title = entity_named(name).title
            findings.append(Finding(title, "", error.failure))
            capabilities.append(_unknown(name, title))
    return Probe(tuple(findings), tuple(capabilities))


def _finding(title: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(title, ask())
    except Failed as error:
        return Finding(title, "", error.failure)


def _login(p21: Middleware) -> str:
    p21.session.token()
    return f"{p21.session.host} accepts the credentials of {p21.settings.username or 'the consumer key'}"


def _version(p21: Middleware) -> Finding:
    """For information: not every P21 tells its version here, and none is refused for it."""
    try:
        body = json_of(p21.session.read("its version", VERSION_PATH))
    except (Failed, ValueError):
        return Finding("Version", "this P21 does not tell its version")
    found = next((text_of(value) for name, value in _members(body) if "version" in name.lower() and value), "")
    return Finding("Version", found or "this P21 does not tell its version")


def _members(body: object) -> Iterator[tuple[str, object]]:
    if isinstance(body, dict):
        for name, value in body.items():
            yield from _members(value) if isinstance(value, dict | list) else ((str(name), value),)
    elif isinstance(body, list):
        for one in body[:20]:
            yield from _members(one)


def _company(p21: Middleware) -> str:
    wanted = p21.settings.company_id
    rows = p21.odata.rows(
        "table/company", compare("company_id", "ne", ""), ("company_id", "company_name"), "company_id"
    )
    names = {text_of(row.get("company_id")): text_of(row.get("company_name")) for row in rows}
    if wanted not in names:
        sentence = (
            f"P21 has no company {wanted!r}; it has {', '.join(sorted(names)) or 'none that this user may see'}. Correct "
            "company_id of the connection."
        )
        raise Failed(Fix("p21.company", sentence, field="company_id", value=wanted))
    return f"{wanted} ({names[wanted]})"


def _currencies(p21: Middleware) -> str:
    columns = ("currency_id", "currency_desc")
    rows = p21.odata.rows("table/currency_hdr", compare("currency_id", "gt", NOBODY), columns, "currency_id")
    names = {text_of(row.get("currency_id")): text_of(row.get("currency_desc")) for row in rows}
    for code, number in p21.settings.currencies.items():
        if str(number) not in names:
            known = ", ".join(f"{one} {name}" for one, name in names.items())
            sentence = f"P21 has no currency {number} (mapped from {code.upper()}); it has {known}. Correct currencies."
            raise Failed(Fix("p21.currency", sentence, field=f"currencies.{code}", value=str(number)))
    return ", ".join(f"{code.upper()} is {names[str(number)]}" for code, number in p21.settings.currencies.items())


def _tables(p21: Middleware) -> list[Finding]:
    settings = p21.settings
    references = settings.reference_fields
    nobody, nothing = eq("payment_number", NOBODY), eq("order_no", "")
    wanted: tuple[tuple[str, Filter, Sequence[str], str], ...] = (
        ("table/customer", eq("customer_id", NOBODY), (*CUSTOMER, references.customer), "customer_id"),
        ("table/address", eq("id", NOBODY), ("id", "name", "email_address", references.address, "delete_flag"), "id"),
        (
            "table/contacts",
            eq("id", ""),
            ("id", "address_id", "email_address", references.contact, "delete_flag"),
            "id",
        ),
        ("table/inv_mast", eq("item_id", ""), ITEM, "inv_mast_uid"),
        ("table/oe_hdr", nothing, HEADER, "order_no"),
        ("table/oe_line", nothing, (*LINE, "inv_mast_uid"), "line_no"),
        ("table/invoice_hdr", eq("invoice_no", ""), INVOICE, "invoice_no"),
        ("table/ar_payment_details", nobody, PAYMENT, "payment_number"),
        ("table/ar_receipts", nobody, RECEIPT, "receipt_number"),
        ("table/ar_receipts_detail", eq("receipt_number", NOBODY), ("receipt_number", "invoice_no"), "invoice_no"),
        ("table/gl", eq("gl_uid", NOBODY), (*GL, references.journal), "gl_uid"),
        ("table/chart_of_accts", eq("account_no", ""), ACCOUNT, "account_no"),
        ("table/periods", eq("year_for_period", NOBODY), PERIOD, "year_for_period"),
        ("table/journal", eq("journal_id", ""), JOURNAL, "journal_id"),
        (INVOICES, eq("invoice_no", ""), (*DOCUMENT, *OPEN, references.document), "invoice_no"),
        ("table/remittances", nobody, ("remittance_number", "order_no", "payment_number"), "remittance_number"),
    )
    failed = [one for one in (_readable(p21, *each) for each in wanted) if one.failure is not None]
    return failed or [Finding("Tables", f"all {len(wanted)} tables can be read")]


def _readable(p21: Middleware, source: str, where: Filter, select: Sequence[str], key: str) -> Finding:
    def read() -> str:
        p21.odata.rows(source, where, select, key)
        return "can be read"

    return _finding(f"Table {source.partition('/')[2]}", read)


def _with_what_is_not_set(p21: Middleware, found: Capability) -> Capability:
    """What a payment needs and the connection does not say is told before the first one is parked for it."""
    settings = p21.settings
    missing = [name for name in ("payment_type_id", "bank_no") if getattr(settings, name) is None]
    if (
        not found.on
        or found.name not in ("cash_receipt", "refund_payment")
        or settings.receipts_by != "window"
        or not missing
    ):
        return found
    return replace(found, reason=f"{' and '.join(missing)} not set here: set it, or let the workflow feed it")


def _unknown(entity: str, finding: str) -> Capability:
    return Capability(entity, entity_named(entity).title, False, f"Not known until {finding} is corrected, see above.")
