"""Every code of an exception has its place in the list of a close (accounting C9)."""

from __future__ import annotations

import pytest

from tieout.domain.close import kinds


@pytest.mark.parametrize(
    ("code", "theirs", "kind"),
    [
        ("row.unknown", "moonbeams/moonbeam", kinds.SUSPENSE_ROWS), ("row.unsound", "", kinds.ROWS),
        ("rate.missing", "", kinds.ROWS), ("period.closed", "", kinds.ROWS), ("period.unknown", "", kinds.ROWS),
        ("account.missing", "", kinds.ACCOUNTS), ("break.posting", "", kinds.STRAYS),
        ("break.posting", "txn_1", kinds.DIFFER), ("break.posting.fx", "txn_1", kinds.DIFFER),
        ("break.row.amount", "txn_1", kinds.DIFFER), ("break.payout.lines", "po_1", kinds.PAYOUTS),
        ("break.bank.amount", "po_1", kinds.PAYOUTS), ("break.balance.stripe", "", kinds.BALANCE),
        ("break.p21.journal", "17", kinds.P21), ("something.new", "", kinds.OTHERS),
    ],
)  # fmt: skip
def test_a_code_has_its_kind(code: str, theirs: str, kind: str) -> None:
    assert kinds.kind_of(code, theirs) == kind
    assert kind in kinds.KINDS
