"""The pretend P21's customers, contacts and addresses over REST (P21 facts §2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.test_simulator_p21_login import Tenant, served


@pytest.fixture(scope="module")
def tenant() -> Iterator[Tenant]:
    """One tenant for the module; every test makes its own parties."""
    with served() as one:
        yield one


def test_address_then_contact_then_customer(tenant: Tenant) -> None:
    """P21 facts §2.2: the order of calls of a full create."""
    address = tenant.post("/api/entity/addresses/", {"Name": "Example LLC", "PhysState": "CA", "Url": "REF-A"}).json()
    contact = tenant.post(
        "/api/entity/contacts/",
        {"AddressId": address["AddressId"], "FirstName": "Ann", "LastName": "Lee", "EmailAddress": "ann@example.com"},
    ).json()
    body = {
        "CompanyId": "ACME", "CustomerName": "Example LLC", "SalesrepId": "812", "TermsId": "1", "LegacyId": "cus_1",
        "CodRequiredFlag": "N", "Taxable": "Y", "CustomerAddress": {"AddressId": address["AddressId"]},
        "CustomerContacts": {"list": [{"CompanyId": "ACME", "ContactId": contact["Id"]}]},
    }  # fmt: skip
    made = tenant.post("/api/entity/customers/", body).json()
    assert made["CustomerId"] == address["AddressId"]
    key = f"/api/entity/customers/ACME_{made['CustomerId']}"
    assert tenant.get(key).json()["CustomerContacts"] is None
    full = tenant.get(key, extendedproperties="CustomerContacts").json()
    assert full["CustomerContacts"]["list"][0]["ContactId"] == contact["Id"]
    assert tenant.odata("customer", "legacy_id eq 'cus_1'")[0]["customer_id"] == made["CustomerId"]


def test_a_key_in_the_body_and_put_both_update(tenant: Tenant) -> None:
    """P21 facts §2.1."""
    body = {"CompanyId": "ACME", "CustomerId": tenant.customer, "LegacyId": "cus_2"}
    assert tenant.post("/api/entity/customers/", body).json()["LegacyId"] == "cus_2"
    key = f"/api/entity/customers/ACME_{tenant.customer}"
    assert tenant.client.put(key, json={"LegacyId": "cus_3"}).json()["LegacyId"] == "cus_3"
    assert len(tenant.odata("customer", "legacy_id eq 'cus_3'")) == 1


def test_the_quirks_of_addresses(tenant: Tenant) -> None:
    """P21 facts §2.1."""
    assert tenant.get("/api/entity/addresses/new").status_code == 500
    assert tenant.client.put(f"/api/entity/addresses/{tenant.customer}", json={}).status_code == 405
    assert tenant.get("/api/entity/addresses").status_code == 307


def test_an_unknown_key_has_the_envelope_of_the_family(tenant: Tenant) -> None:
    """P21 facts §2.5."""
    answer = tenant.get("/api/entity/customers/ACME_999999")
    assert answer.status_code == 404
    assert answer.json()["ErrorMessage"].startswith("Your query did not yield any results.")
    assert answer.json()["ErrorType"].endswith("NotFoundException")


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("contacts", {"FirstName": "A" * 16}, "first_name has 16 characters"),
        ("addresses", {"Name": "A" * 51}, "address.name has 51 characters"),
        ("addresses", {}, "'Name' is a required column."),
        ("customers", {"CompanyId": "ACME", "CustomerName": "X", "TermsId": "1"}, "Salesrep ID is required"),
        ("customers", {"CompanyId": "FAKE99", "CustomerName": "X"}, 'The company "FAKE99" could not be retrieved'),
    ],
)
def test_business_rules_are_500(tenant: Tenant, path: str, body: dict[str, str], said: str) -> None:
    """P21 facts §2.3, §2.5; nothing is written."""
    before = {table: len(tenant.prophet.rows(table)) for table in ("contacts", "address", "customer")}
    answer = tenant.post(f"/api/entity/{path}/", body)
    assert (answer.status_code, answer.json()["ErrorType"]) == (500, "P21.Business.Common.BusinessException")
    assert said in answer.json()["ErrorMessage"]
    assert before == {table: len(tenant.prophet.rows(table)) for table in before}


@pytest.mark.parametrize("query", ["startswith(CustomerName,'Acorn')", "startswith(customer_name,'Acorn')"])
def test_queries_in_both_spellings(tenant: Tenant, query: str) -> None:
    """P21 facts §2.1: the sources disagree, this tenant takes both."""
    found = tenant.get("/api/entity/customers/", **{"$query": query}).json()
    assert [one["CustomerName"] for one in found] == ["Acorn Supply"]


def test_a_contact_is_found_by_mail_and_an_unknown_field_is_an_error(tenant: Tenant) -> None:
    """P21 facts §2.4, route A."""
    found = tenant.get("/api/entity/contacts/", **{"$query": "email_address eq 'BILLING@birch.example'"}).json()
    assert len(found) == 1
    assert tenant.get("/api/entity/contacts/", **{"$query": "colour eq 'x'"}).status_code == 500
