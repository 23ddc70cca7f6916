"""Documents are checked before they are sent; entities say what they have."""

from __future__ import annotations

from typing import Any

import pytest

from tieout.connectors.p21.documents import requested_day, require_fit
from tieout.connectors.p21.entities import all_entities, entity_named
from tieout.connectors.p21.settings import parse_settings
from tieout.domain.writing import Document, Json
from tieout.kernel.failures import Failed, Fix

SETTINGS = parse_settings(
    {
        "base_url": "https://p21.example.com",
        "company_id": "ACME",
        "username": "tieout",
        "location_id": 10,
        "currencies": {"usd": 1},
    }
)
LINE: dict[str, Json] = {"item_id": "A", "quantity": "1", "unit_price": "1.00", "extended_price": "1.00"}
ORDER: Document = {"customer_id": "7", "order_date": "2026-09-12", "currency": "usd", "lines": [LINE], "total": "1.00"}


def test_every_kind_of_record_is_a_plug() -> None:
    parties, money = ["address", "contact", "customer", "item"], ["cash_receipt", "refund_payment", "journal_entry"]
    names = sorted([*parties, *money, "sales_order", "invoice", "ar_invoice", "credit_memo"])
    assert [one.name for one in all_entities()] == names
    assert all(one.title and one.key and one.fields and one.natural_key for one in all_entities())
    with pytest.raises(Failed, match="no kind of record 'vendor'"):
        entity_named("vendor")


def test_lengths_are_those_of_p21() -> None:
    lengths = {field.name: field.length for one in all_entities() for field in one.fields}
    wanted = {
        "first_name": 15,
        "last_name": 24,
        "po_no": 50,
        "postal_code": 10,
        "address1": 50,
        "terms": 2,
        "taker": 30,
        "deposit_number": 40,
        "ship_to_name": 50,
    }
    assert {name: lengths[name] for name in wanted} == wanted


def test_a_good_document_fits() -> None:
    require_fit("sales_order", ORDER, SETTINGS)
    assert requested_day(ORDER) == "2026-09-13"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"customer_id": None}, "p21.document.required", "customer_id"),
        ({"lines": []}, "p21.document.required", "lines"),
        ({"lines": [{**LINE, "item_id": "x" * 41}]}, "p21.document.length", "lines[0].item_id"),
        ({"lines": [LINE, {**LINE, "quantity": "two"}]}, "p21.document.kind", "lines[1].quantity"),
        ({"lines": ["A"]}, "p21.document.kind", "lines[0]"),
        ({"total": "1.00001"}, "p21.document.decimals", "total"),
        ({"total": "NaN"}, "p21.document.kind", "total"),
        ({"order_date": "12/09/2026"}, "p21.document.kind", "order_date"),
        ({"approved": "Y"}, "p21.document.kind", "approved"),
        ({"note": "a\nb"}, "p21.document.characters", "note"),
        ({"currency": "eur"}, "p21.currency_unmapped", "currency"),
        ({"payment": {"amount": "1"}}, "p21.document.required", "payment.date"),
    ],
)
def test_what_does_not_fit_names_field_and_value(changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Failed) as told:
        require_fit("sales_order", {**ORDER, **changes}, SETTINGS)
    failure = told.value.failure
    assert isinstance(failure, Fix)
    assert (failure.code, failure.field) == (code, field)
    assert failure.sentence.endswith("then replay.")
