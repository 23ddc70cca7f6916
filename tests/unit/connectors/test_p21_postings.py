"""What is compared of journal entries and of documents by amount, without a P21."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tieout.connectors.p21 import LedgerLine
from tieout.connectors.p21.amounts import SeenAmount, SeenDocument, amount_differences, require_sum
from tieout.connectors.p21.postings import journal_differences, require_balanced
from tieout.domain.writing import Document
from tieout.kernel.failures import Failed

ENTRY: Document = {
    "date": "2026-09-14",
    "period": "09",
    "year": 2026,
    "lines": [
        {"account": "64500", "amount": "1.25"},
        {"account": "64500", "amount": "1.25"},
        {"account": "10950", "amount": "-2.50", "foreign_amount": "-2.10"},
    ],
}
MEMO: Document = {
    "customer_id": "100001",
    "invoice_no": "3000001",
    "lines": [{"item_id": "A", "amount": "5.00", "account": "49000"}, {"amount": "5.00"}],
    "tax": "0.41",
    "total": "10.41",
}


def posted(account: str, amount: str, foreign: str = "0") -> LedgerLine:
    return LedgerLine(account, Decimal(amount), Decimal(foreign), "")


def credited(**more: Any) -> SeenDocument:
    lines = (SeenAmount("", Decimal("5.00"), "40000"), SeenAmount("a", Decimal("5.00"), "49000"))
    given: dict[str, Any] = {
        "customer_id": "100001",
        "invoice_no": "3000001",
        "lines": lines,
        "tax": Decimal("0.41"),
        "freight": Decimal(0),
        "total": Decimal("10.41"),
        "void": False,
    }
    return SeenDocument(**{**given, **more})


def test_postings_are_compared_in_any_order_and_each_once() -> None:
    same = [posted("10950", "-2.5000", "-2.1"), posted("64500", "1.25"), posted("64500", "1.2500", "9")]
    assert list(journal_differences(ENTRY, "2026-09-14T00:00:00Z", ("9", "2026"), same)) == []
    assert list(journal_differences(ENTRY, "2026-09-15", ("10", "2026"), same[:2])) == [
        "it is dated 2026-09-15 instead of 2026-09-14",
        "it stands in period 10/2026 instead of 9/2026",
        "the posting of 1.25 to account 64500 is missing",
    ]
    other = [posted("10950", "-2.50", "-2.50"), *same[1:]]
    assert list(journal_differences(ENTRY, "2026-09-14", ("9", "2026"), other)) == [
        "the posting of -2.50 to account 10950 (-2.10 in the entry's currency) is missing",
        "P21 has a posting of -2.50 to account 10950 that was not sent",
    ]


@pytest.mark.parametrize(
    "lines",
    [[], [{"account": "1", "amount": "0"}], [{"account": "1", "amount": "1"}, {"account": "2", "amount": "-0.99"}]],
)
def test_an_entry_that_does_not_balance_is_never_sent(lines: list[Any]) -> None:
    with pytest.raises(Failed) as told:
        require_balanced({**ENTRY, "lines": lines})
    assert (told.value.failure.code, "replay" in told.value.failure.sentence) == ("p21.refused.unbalanced", True)


def test_a_memo_as_it_was_meant_differs_in_nothing() -> None:
    require_sum(MEMO)
    assert list(amount_differences(MEMO, credited())) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customer_id": "7"}, "it stands on customer 7, not 100001"),
        ({"invoice_no": ""}, "it credits invoice none, not 3000001"),
        ({"tax": Decimal("0.42")}, "its tax is 0.42 instead of 0.41"),
        ({"freight": Decimal(1)}, "its freight is 1.00 instead of 0.00"),
        ({"lines": (SeenAmount("a", Decimal(5), "49000"),)}, "line 2 of 5.00 is missing"),
        ({"void": True}, "it is voided in P21"),
    ],
)
def test_what_differs_is_told_with_both_values(changes: dict[str, Any], words: str) -> None:
    assert list(amount_differences(MEMO, credited(**changes))) == [words]


@pytest.mark.parametrize("changes", [{"total": "10.42"}, {"tax": "-0.41", "total": "9.59"}, {"total": "0"}])
def test_a_document_whose_parts_are_not_its_total_is_never_sent(changes: dict[str, Any]) -> None:
    with pytest.raises(Failed) as told:
        require_sum({**MEMO, **changes})
    assert told.value.failure.code == "p21.document.total"
