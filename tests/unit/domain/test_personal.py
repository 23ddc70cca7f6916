"""What tells who somebody is, and a document without it (case D14)."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.personal import KEYS, MARK, Personal, texts_in, without

ADA = {
    "billing_details": {
        "name": "Ada Byron", "email": "ada@example.com", "phone": "+1 503 555 0100",
        "address": {"line1": "1 Mill Road", "city": "Portland", "postal_code": "97201", "state": "OR", "country": "US"},
    },
    "description": "Order of Ada Byron (ADA@example.com)", "amount": 2500, "id": "ch_1",
    "line_items": [{"name": "Widget", "quantity": 2}],
}  # fmt: skip


def test_a_person_goes_and_amounts_ids_state_country_and_goods_stay() -> None:
    erased = without(ADA, Personal.of(set(texts_in(ADA))))
    said = json.dumps(erased)
    assert not [one for one in ("Ada", "ada@", "ADA@", "503", "Mill", "Portland", "97201") if one in said]
    assert isinstance(erased, dict)
    assert (erased["amount"], erased["id"], erased["line_items"]) == (2500, "ch_1", [{"name": "Widget", "quantity": 2}])
    assert [one in said for one in ('"OR"', '"US"')] == [True, True]


def test_the_reason_for_a_field_goes_with_its_value() -> None:
    reasons = {"reasons": [["city", "order.billing.city", "Portland"], ["total", "order.total", "25.00"]]}
    assert without(reasons, Personal()) == {
        "reasons": [["city", "order.billing.city", MARK], ["total", "order.total", "25.00"]]
    }


@given(st.sampled_from(sorted(KEYS)), st.text(min_size=1), st.dictionaries(st.text(), st.integers()))
def test_nothing_personal_is_left_and_once_is_as_twice(key: str, said: str, others: dict[str, int]) -> None:
    document = {**others, "email": "x@example.com", key: said}
    erased = without(document, Personal())
    assert isinstance(erased, dict) and erased[key] == MARK
    assert {name: erased[name] for name in others if name not in (key, "email")} == {
        name: value for name, value in others.items() if name not in (key, "email")
    }
    assert without(erased, Personal()) == erased
