"""Looks up each value that the connection adds to every record, so that a wrong one is found at connect and not by an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.connectors._connector import Finding
from tieout.connectors.p21.answers import text_of
from tieout.connectors.p21.filters import compare, eq
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.writers import Middleware, is_deleted
from tieout.kernel.failures import Failed, Fix

SHOWN_MAX = 12
NOT_OFFERED = "p21.not_offered"


@dataclass(frozen=True, slots=True)
class Listed:
    """A setting whose values P21 lists in a table: the columns of its key, its words and its company (P21 facts §6.4)."""

    setting: str
    title: str
    table: str
    key: str
    words: str
    company: str = ""
    numeric: bool = False


LISTS = (
    Listed("location_id", "sales location", "location", "location_id", "location_name", "company_id", numeric=True),
    Listed("source_location_id", "source location", "location", "location_id", "location_name", "company_id", numeric=True),
    Listed("branch", "branch", "branch", "branch_id", "branch_description", "company_id"),
    Listed("terms", "terms", "terms", "terms_id", "terms_desc"),
    Listed("payment_type_id", "payment type", "payment_types", "payment_type_id", "payment_type_desc", "company_id", numeric=True),
    Listed("bank_no", "bank account", "bank_accounts", "bank_no", "bank_name", "company_no", numeric=True),
    Listed("journal_id", "journal", "journal", "journal_id", "journal_description"),
)  # fmt: skip


def settings_found(p21: Middleware) -> Iterator[Finding]:
    """One finding for each setting that has a value."""
    for one in LISTS:
        if value := text_of(getattr(p21.settings, one.setting)):
            yield _finding(p21, one, value)
    if p21.settings.salesrep:
        yield _salesrep(p21, p21.settings.salesrep)


def _finding(p21: Middleware, one: Listed, value: str) -> Finding:
    title = one.title.capitalize()
    try:
        known = _known(p21, one)
    except Failed as error:
        if error.failure.code == NOT_OFFERED:
            return Finding(title, f"{value}, not checked: this user may not read the table {one.table}")
        return Finding(title, "", error.failure)
    if value in known:
        return Finding(title, f"{value} ({known[value]})")
    there = (
        ", ".join(f"{key} {words}" for key, words in list(known.items())[:SHOWN_MAX]) or "none that this user may see"
    )
    more = f" and {len(known) - SHOWN_MAX} more" if len(known) > SHOWN_MAX else ""
    sentence = f"P21 has no {one.title} {value!r}; it has {there}{more}. Correct {one.setting} of the connection."
    return Finding(title, "", Fix("p21.setting_unknown", sentence, field=one.setting, value=value))


def _known(p21: Middleware, one: Listed) -> dict[str, str]:
    everything = compare(one.key, "ge", 0) if one.numeric else compare(one.key, "ne", "")
    where = everything & eq(one.company, p21.settings.company_id) if one.company else everything
    rows = p21.odata.rows(f"table/{one.table}", where, (one.key, one.words), one.key)
    return {text_of(row.get(one.key)): text_of(row.get(one.words)) for row in rows if _counts(row)}


def _counts(row: Row) -> bool:
    return not is_deleted(row) and text_of(row.get("active")) != "N"


def _salesrep(p21: Middleware, value: str) -> Finding:
    """P21's list of sales representatives is not published; one that some customer has is one."""
    title = "Sales representative"
    where = eq("company_id", p21.settings.company_id)
    try:
        if p21.odata.first(
            "table/customer", where & eq("salesrep_id", value), ("customer_id", "salesrep_id"), "customer_id"
        ):
            return Finding(title, f"{value}, as some customers have")
        page = p21.odata.page("table/customer", where, ("customer_id", "salesrep_id"), "customer_id")
    except Failed as error:
        return Finding(title, "", error.failure)
    used = sorted({text_of(row.get("salesrep_id")) for row in page} - {""})[:SHOWN_MAX]
    sentence = (
        f"No customer of P21 has the sales representative {value!r}; some have {', '.join(used) or 'none'}. Correct salesrep of the "
        "connection, or give this one to a customer in P21 first."
    )
    return Finding(title, "", Fix("p21.setting_unknown", sentence, field="salesrep", value=value))
