"""The journal entry: balanced postings, through the accounting family of the REST API (P21 facts §7.1)."""

from __future__ import annotations

from tieout.connectors.p21.entities._entity import entity, field

LINE = (
    field("account", length=32, required=True),
    field("amount", "number", required=True, decimals=4),
    field("foreign_amount", "number", decimals=4),
    field("description", length=255),
)
ENTITY = entity(
    "journal_entry",
    "Journal entry",
    "entry_no",
    (
        field("date", "date", required=True),
        field("period", "number", required=True, decimals=0),
        field("year", "number", required=True, decimals=0),
        field("currency", length=3, required=True),
        field("journal", length=2),
        field("description", length=255),
        field("lines", "list", required=True, fields=LINE),
    ),
    natural_key="gl.source",
    written="POST /api/accounting/gl/",
    read="OData gl, chart_of_accts, periods, journal",
    notes={
        "period": "P21's fiscal period, which need not be the month",
        "journal": "empty: the connection's journal_id",
        "lines": "amounts in the company's own currency, debits positive, credits negative; their sum is zero",
        "currency": "the currency of the foreign amounts",
    },
)
