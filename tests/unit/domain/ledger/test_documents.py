"""Documents in double entry: whatever parts one has, it balances."""

from __future__ import annotations

import pytest

from tests.unit.domain.ledger.rows import book
from tieout.domain.ledger.account import FREIGHT, RECEIVABLE, RETURNS
from tieout.domain.ledger.documents import Document, document_entry

DAY = "2026-11-03"
PARTS = {"net": 9_000, "freight": 700, "tax": 825, "total": 10_525, "refunded": 10_525}


@pytest.mark.parametrize(("kind", "sign"), [("credit_memo", 1), ("credit_memo_void", -1)])
def test_freight_that_is_credited_is_no_longer_earned(kind: str, sign: int) -> None:
    entry = document_entry(Document(kind, "p21:CM1", "cn_1", DAY, "usd", PARTS), book())
    moved = (entry.moved(RETURNS), entry.moved(FREIGHT), entry.moved(RECEIVABLE))
    assert moved == (9_000 * sign, 700 * sign, -10_525 * sign)
