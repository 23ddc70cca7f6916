"""The pretend P21's read service (P21 facts §6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.test_simulator_p21_login import Tenant, served


@pytest.fixture(scope="module")
def tenant() -> Iterator[Tenant]:
    """One tenant for all reads."""
    with served() as one:
        yield one


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("item_id eq 'widget-001'", ["WIDGET-001"]),
        ("item_id eq 'WIDGET-001' or item_id eq 'TAX'", ["TAX", "WIDGET-001"]),
        ("startswith(item_id,'GADGET') and price1 gt 45", ["GADGET-200", "GADGET-300"]),
        ("startswith(item_id,'GADGET') and not (price1 gt 45)", ["GADGET-100"]),
        ("endswith(item_id,'-PRO') eq true", ["PLAN-PRO", "WIDGET-PRO"]),
        ("contains(tolower(item_desc),'transfer') and price1 le 329", ["PUMP-050"]),
        ("price1 ge 12.5 and price1 lt 13 and item_id ne 'x'", ["WIDGET-001"]),
        ("inactive eq 'Y' and short_code eq null", ["OBSOLETE-9"]),
        ("item_id eq 'it''s'", []),
    ],
)
def test_filters(tenant: Tenant, where: str, expected: list[str]) -> None:
    """P21 facts §6.1."""
    rows = tenant.odata("inv_mast", where, orderby="item_id", select="item_id")
    assert rows == [{"item_id": item_id} for item_id in expected]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("customer_id eq '100001'", "incompatible types"),
        ("legacy_id eq 5", "incompatible types"),
        ("email_address eq 'a@b.c'", "Could not find a property named 'email_address' on type 'dbo.customer'"),
        ("customer_id eq credit_limit", "Failed to convert parameter value"),
        ("date_created gt now()", "now"),
        ("customer_id eq", "end of the expression"),
    ],
)
def test_every_mistake_is_a_404(tenant: Tenant, where: str, message: str) -> None:
    """P21 facts §6.1: never 'no rows'."""
    answer = tenant.get("/odataservice/odata/table/customer", **{"$filter": where})
    assert (answer.status_code, message in answer.text) == (404, True)


def test_in_is_ignored_and_returns_everything(tenant: Tenant) -> None:
    """P21 facts §6.1."""
    assert len(tenant.odata("terms", "terms_id in ('1','2')")) == len(tenant.odata("terms")) > 2


def test_the_wrong_kind_is_an_empty_404(tenant: Tenant) -> None:
    """P21 facts §6.1."""
    for path in ("view/oe_hdr", "table/p21_view_oe_line", "table/nothing"):
        answer = tenant.get(f"/odataservice/odata/{path}")
        assert (answer.status_code, answer.content) == (404, b"")


def test_paging_counts_all_and_has_no_next_link(tenant: Tenant) -> None:
    """P21 facts §6.1."""
    options = {"$orderby": "item_id desc", "$top": "2", "$skip": "1", "$count": "true", "$select": "item_id"}
    answer = tenant.get("/odataservice/odata/table/inv_mast", **options).json()
    assert answer["@odata.count"] == len(tenant.prophet.rows("inv_mast"))
    assert [row["item_id"] for row in answer["value"]] == ["WIDGET-003", "WIDGET-002"]
    assert "@odata.nextLink" not in answer


def test_company_and_customer_columns_differ_between_tables(tenant: Tenant) -> None:
    """P21 facts §6.2."""
    assert tenant.odata("customer", "company_id eq 'ACME'", top="1")
    assert tenant.get("/odataservice/odata/table/customer", **{"$filter": "company_no eq 'ACME'"}).status_code == 404
    assert tenant.odata("periods", "company_no eq 'ACME' and period_closed eq 'N'", top="1")
    assert tenant.odata("invoice_hdr", f"customer_id eq '{tenant.customer}'") == []
    mistaken = tenant.get("/odataservice/odata/table/invoice_hdr", **{"$filter": f"customer_id eq {tenant.customer}"})
    assert mistaken.status_code == 404


def test_a_shared_mailbox_is_found_under_both_customers(tenant: Tenant) -> None:
    """P21 facts §2.4, route B."""
    query = {"$filter": "tolower(email_address) eq 'ap@sharedbooks.example'", "$select": "link_id,link_name"}
    found = tenant.get("/odataservice/odata/view/p21_view_contacts_x_links", **query).json()["value"]
    assert sorted(row["link_name"] for row in found) == ["Shared Mailbox North", "Shared Mailbox South"]


def test_moments_compare_as_bare_literals(tenant: Tenant) -> None:
    """P21 facts §6.1."""
    assert tenant.odata("customer", "date_last_modified ge 2026-01-01T00:00:00.000Z", top="1")
    assert tenant.odata("customer", "date_last_modified ge 2090-01-01") == []
