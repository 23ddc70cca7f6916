"""The faults this simulator knows, and when each strikes.

An operation is named ``token``, ``router``, ``odata <table>``, ``tapi <service>`` (a save), ``tapi <verb>`` (the rest),
``interactive``, or the method and path as sent: ``POST /api/sales/orders/``, ``GET /api/entity/customers/ACME_1``,
``POST /api/v2/salesorders``. A fault's operation is a prefix of that.
"""

from __future__ import annotations

BEFORE: dict[str, str] = {
    "down": "the connection is cut at once, nothing happens",
    "cut": "the connection is cut, nothing happens",
    "unauthorized": "401",
    "token_expired": "401, and every token is dead from now on",
    "forbidden": "403",
    "server_error": "500 (or detail.status) with an empty body",
    "html_page": "a login page with status 200 (or detail.status)",
    "pool_exhausted": "503 (or detail.status): no free session or licence",
    "rate_limited": "429 with Retry-After (seconds)",
    "dirty_session": "HTTP 200 that says Failed: unexpected response window (Transaction API; elsewhere an empty 500)",
}
AFTER: dict[str, str] = {
    "late_commit": "no answer (cut at once, or after detail.hang seconds); the write commits `seconds` later",
    "cut_after_commit": "the write commits, then the connection is cut",
    "error_after_commit": "the write commits, then 500 (or detail.status) with an empty body",
    "partial_summary": "the write commits, the summary says Succeeded 1 and Failed 1 (Transaction API)",
}
TWISTS: dict[str, str] = {
    "drop_line": "the last line of an order vanishes silently",
    "ignore_price": "the sent unit price is ignored, the item's own price stands",
    "change_field": "a site rule sets detail.column of detail.table to detail.value",
    "mangle_reference": "references are stored detail.how: upper, lower, pad or truncate (to detail.length)",
    "stale_read": "look-ups do not see rows of the last `seconds`",
    "early_answer": "a write is answered at once, look-ups see what it wrote only `seconds` later",
    "schema_drift": "OData does not know detail.column any more",
    "extra_field": "OData shows a site's own detail.column with detail.value",
}
SHAPES: dict[str, str] = {
    "slow": "the answer comes `seconds` later",
    "xml_answer": "the answer is XML although JSON was asked for",
    "half_answer": "the answer has the right status and only the first half of its body",
    "wrong_echo": "a write is done, and answered with what the write of that kind before it was answered with",
}
KINDS = frozenset(BEFORE) | frozenset(AFTER) | frozenset(TWISTS) | frozenset(SHAPES)
"""Every BEFORE fault with detail {"committed": true} lets a write commit first and lies afterwards."""
