"""Where an exception stands in the list of a close (accounting C9)."""

from __future__ import annotations

ROWS = "Rows without posting"
SUSPENSE_ROWS = "Suspense"
STRAYS = "Postings without row"
DIFFER = "Rows that differ from their posting"
PAYOUTS = "Payouts that do not tie out"
NO_BANK = "Payouts without bank line"
REFUNDS = "Customer refunds payable"
DISPUTES = "Disputes"
BALANCE = "Balance that does not agree"
P21 = "P21 documents that differ"
ACCOUNTS = "Accounts without a P21 number"
OTHERS = "Others"
KINDS = (ROWS, SUSPENSE_ROWS, STRAYS, DIFFER, PAYOUTS, NO_BANK, REFUNDS, DISPUTES, BALANCE, P21, ACCOUNTS, OTHERS)

_BY_PREFIX = (
    ("row.unknown", SUSPENSE_ROWS),
    ("row.", ROWS),
    ("rate.", ROWS),
    ("period.", ROWS),
    ("account.", ACCOUNTS),
    ("break.row", DIFFER),
    ("break.posting", DIFFER),
    ("break.payout", PAYOUTS),
    ("break.bank", PAYOUTS),
    ("break.balance", BALANCE),
    ("break.p21", P21),
    ("break.order", P21),
)


def kind_of(code: str, theirs: str) -> str:
    """The kind of an exception by its code; a posting that Stripe has nothing for names no id of theirs."""
    if code == "break.posting" and not theirs:
        return STRAYS
    return next((kind for prefix, kind in _BY_PREFIX if code.startswith(prefix)), OTHERS)
