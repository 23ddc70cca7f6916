"""What the pretend P21 does on demand: the failure model C1 to C22, and the god view (reliability facts §2, §3 C)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from simulators.faults import Fault
from tests.contract.test_simulator_p21_login import Tenant, served

ORDERS = "/api/sales/orders/"


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """A fresh tenant."""
    with served() as one:
        yield one


def _plan(
    tenant: Tenant, kind: str, operation: str = "POST /api/sales/orders/", seconds: float = 0.0, **detail: Any
) -> None:
    tenant.prophet.faults.plan(Fault(kind, operation, times=1, seconds=seconds, detail=detail))


def _typed(tenant: Tenant) -> dict[str, Any]:
    header = {"customer_id": str(tenant.customer), "ship_to_id": str(tenant.customer), "source_loc_id": "10"}
    edits = [{"Name": name, "Value": value} for name, value in header.items()]
    return {"Name": "Order", "Transactions": [{"Status": "New", "DataElements": [
        {"Name": "TABPAGE_1.order", "Type": "Form", "Rows": [{"Edits": edits}]}]}]}  # fmt: skip


def _orders(tenant: Tenant) -> int:
    return len(tenant.prophet.books()["orders"])


def test_late_commit_is_cut_now_and_written_then(tenant: Tenant) -> None:
    """C4."""
    _plan(tenant, "late_commit", seconds=60)
    with pytest.raises(httpx.TransportError):
        tenant.post(ORDERS, tenant.order("REF-L"))
    tenant.clock.advance(59)
    assert tenant.odata("oe_hdr", "web_reference_no eq 'REF-L'") == []
    tenant.clock.advance(1)
    row = tenant.odata("oe_hdr", "web_reference_no eq 'REF-L'")[0]
    tenant.clock.advance(100)
    assert tenant.odata("oe_hdr", "web_reference_no eq 'REF-L'")[0]["date_created"] == row["date_created"]


@pytest.mark.parametrize(("kind", "written"), [("cut", 0), ("down", 0), ("cut_after_commit", 1)])
def test_cut_connections(tenant: Tenant, kind: str, written: int) -> None:
    """C1, C2, C18."""
    _plan(tenant, kind)
    with pytest.raises(httpx.TransportError):
        tenant.post(ORDERS, tenant.order())
    assert _orders(tenant) == written


@pytest.mark.parametrize(
    ("kind", "detail", "status", "written"),
    [
        ("error_after_commit", {"status": 504}, 504, 1),
        ("server_error", {}, 500, 0),
        ("unauthorized", {}, 401, 0),
        ("unauthorized", {"committed": True}, 401, 1),
        ("forbidden", {}, 403, 0),
        ("html_page", {"committed": True}, 200, 1),
        ("pool_exhausted", {}, 503, 0),
        ("rate_limited", {}, 429, 0),
    ],
)
def test_lies_of_the_wire(tenant: Tenant, kind: str, detail: dict[str, Any], status: int, written: int) -> None:
    """C5, C8, C10, C20."""
    _plan(tenant, kind, **detail)
    assert tenant.post(ORDERS, tenant.order()).status_code == status
    assert _orders(tenant) == written
    assert tenant.post(ORDERS, tenant.order("REF-2")).status_code == 200


def test_token_expired_kills_the_token(tenant: Tenant) -> None:
    """C8."""
    _plan(tenant, "token_expired", "")
    assert [tenant.post(ORDERS, tenant.order()).status_code for _ in range(2)] == [401, 401]
    tenant.login()
    assert tenant.post(ORDERS, tenant.order()).status_code == 200


@pytest.mark.parametrize("committed", [False, True])
def test_a_dirty_session_says_failed_either_way(tenant: Tenant, committed: bool) -> None:
    """C6."""
    _plan(tenant, "dirty_session", "tapi Order", committed=committed)
    answer = tenant.post("/uiserver0/api/v2/transaction", _typed(tenant))
    assert (answer.status_code, answer.json()["Summary"]["Failed"]) == (200, 1)
    assert "Unexpected response window" in answer.json()["Messages"][0]
    assert _orders(tenant) == int(committed)


def test_a_partial_summary(tenant: Tenant) -> None:
    """C7."""
    _plan(tenant, "partial_summary", "tapi Order")
    answer = tenant.post("/uiserver0/api/v2/transaction", _typed(tenant)).json()
    assert answer["Summary"] == {"Succeeded": 1, "Failed": 1, "Other": 0} and _orders(tenant) == 1


def test_writes_that_are_bent(tenant: Tenant) -> None:
    """C13, C22."""
    two = {"list": [tenant.order()["Lines"]["list"][0], {"ItemId": "FREIGHT", "UnitQuantity": 1}]}
    _plan(tenant, "drop_line")
    assert len(tenant.post(ORDERS, tenant.order(Lines=two)).json()["Lines"]["list"]) == 1
    _plan(tenant, "ignore_price")
    assert tenant.post(ORDERS, tenant.order()).json()["Lines"]["list"][0]["UnitPrice"] == 12.5
    _plan(tenant, "change_field", table="oe_hdr", column="po_no", value="RULE")
    assert tenant.post(ORDERS, tenant.order()).json()["PoNo"] == "RULE"
    _plan(tenant, "mangle_reference", how="truncate", length=3)
    assert tenant.post(ORDERS, tenant.order("REF-LONG")).json()["WebReferenceNo"] == "REF"


def test_reads_that_mislead(tenant: Tenant) -> None:
    """C12, and a schema that drifts."""
    tenant.post(ORDERS, tenant.order("REF-S"))
    _plan(tenant, "stale_read", "odata oe_hdr", seconds=10)
    assert tenant.odata("oe_hdr", "web_reference_no eq 'REF-S'") == []
    assert len(tenant.odata("oe_hdr", "web_reference_no eq 'REF-S'")) == 1
    _plan(tenant, "schema_drift", "odata oe_hdr", column="web_reference_no")
    assert tenant.get("/odataservice/odata/table/oe_hdr", **{"$select": "web_reference_no"}).status_code == 404
    _plan(tenant, "extra_field", "odata oe_hdr", column="site_colour", value="red")
    assert tenant.odata("oe_hdr")[0]["site_colour"] == "red"


def test_an_early_answer_is_seen_later(tenant: Tenant) -> None:
    _plan(tenant, "early_answer", seconds=30)
    assert tenant.post(ORDERS, tenant.order("REF-E")).json()["WebReferenceNo"] == "REF-E"
    tenant.clock.advance(29)
    assert tenant.odata("oe_hdr", "web_reference_no eq 'REF-E'") == [] and _orders(tenant) == 1
    tenant.clock.advance(1)
    assert len(tenant.odata("oe_hdr", "web_reference_no eq 'REF-E'")) == 1


def test_a_wrong_echo_and_a_half_answer(tenant: Tenant) -> None:
    first = tenant.post(ORDERS, tenant.order("REF-1")).json()["OrderNo"]
    _plan(tenant, "wrong_echo")
    assert tenant.post(ORDERS, tenant.order("REF-2")).json()["OrderNo"] == first and _orders(tenant) == 2
    _plan(tenant, "half_answer")
    answer = tenant.post(ORDERS, tenant.order("REF-3"))
    assert answer.status_code == 200 and _orders(tenant) == 3
    assert answer.text.count("{") > answer.text.count("}")


def test_slow_and_xml(tenant: Tenant) -> None:
    """C19, C10."""
    _plan(tenant, "slow", seconds=0.05)
    assert tenant.post(ORDERS, tenant.order()).elapsed.total_seconds() >= 0.05
    _plan(tenant, "xml_answer")
    assert tenant.post(ORDERS, tenant.order()).text.startswith("<Order")


def test_faults_strike_the_gateway_in_its_own_words(tenant: Tenant) -> None:
    """C5 for the other dialect."""
    tenant.client.headers["authorization"] = "Bearer gateway-key"
    _plan(tenant, "server_error", "GET /api/v2/customers", status=502)
    answer = tenant.get("/api/v2/customers")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "server_error")


def test_the_god_view_counts_doubles_and_takes_faults(tenant: Tenant) -> None:
    """The auditor's side: what really stands in the books."""
    planned = {"plan": [{"kind": "cut_after_commit", "operation": "POST /api/sales/orders/", "times": 1}]}
    assert tenant.post("/_sim/faults", planned).status_code == 200
    with pytest.raises(httpx.TransportError):
        tenant.post(ORDERS, tenant.order("REF-D"))
    tenant.post(ORDERS, tenant.order("REF-D"))
    god = tenant.get("/_sim/god").json()
    assert (god["doubles"], god["gl_balanced"], god["counts"]["orders"]) == ({"orders": ["REF-D"]}, True, 2)
    assert god["struck"] == {"cut_after_commit": 1}
    tenant.post("/_sim/edit", {"table": "oe_hdr", "changes": {"cancel_flag": "Y"}, "where": {"order_no": "1000001"}})
    assert tenant.get("/_sim/god").json()["doubles"] == {}
    assert tenant.post("/_sim/faults", {"plan": [{"kind": "meteor"}]}).status_code == 400
    assert tenant.post("/_sim/faults", {"clear": True}).status_code == 200
    made = tenant.post("/_sim/seed-customer", {"name": "Seed Co", "emails": ["s@seed.example"]}).json()
    assert tenant.odata("customer", f"customer_id eq {made['customer_id']}")
    assert tenant.post("/_sim/seed-item", {"item_id": "SEED-1", "price": "3.00"}).json()["inv_mast_uid"]
