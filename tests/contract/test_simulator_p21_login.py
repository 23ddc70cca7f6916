"""The pretend P21 over HTTP: tokens, router and transport (P21 facts §1, §12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
import pytest

from simulators.p21 import Prophet21, seed_books
from simulators.server import Serving
from simulators.world import VirtualClock, World


class Tenant:
    """A served tenant and a client that is logged in."""

    def __init__(self, prophet: Prophet21, clock: VirtualClock, client: httpx.Client) -> None:
        self.prophet, self.clock, self.client = prophet, clock, client
        self.customer = int(prophet.rows("customer")[0]["customer_id"])

    def login(self) -> None:
        """Take a token and keep it."""
        options = self.prophet.options
        answer = self.client.post(
            "/api/security/token/v2", json={"username": options.username, "password": options.password}
        )
        self.client.headers["authorization"] = f"Bearer {answer.json()['AccessToken']}"

    def get(self, path: str, **params: str) -> httpx.Response:
        """GET with query parameters."""
        return self.client.get(path, params=params or None)

    def post(self, path: str, body: object) -> httpx.Response:
        """POST a JSON body."""
        return self.client.post(path, json=body)

    def odata(self, table: str, where: str = "", **options: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        params = {f"${name}": value for name, value in options.items()} | ({"$filter": where} if where else {})
        answer = self.get(f"/odataservice/odata/table/{table}", **params)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["value"])

    def order(self, reference: str = "REF-1", **more: Any) -> dict[str, Any]:
        """The body of an order, classic spelling."""
        line = {"ItemId": "WIDGET-001", "UnitQuantity": 2, "UnitPrice": 12.55, "ManualPriceOveride": "Y"}
        return {
            "CustomerId": self.customer,
            "CompanyId": "ACME",
            "WebReferenceNo": reference,
            "Lines": {"list": [line]},
            **more,
        }


@contextmanager
def served(**options: Any) -> Iterator[Tenant]:
    """A tenant with seeded books on a port, its clock virtual."""
    clock = VirtualClock()
    prophet = Prophet21(World(7, clock), **options)
    seed_books(prophet)
    with (
        Serving(prophet) as serving,
        httpx.Client(base_url=serving.url, headers={"accept": "application/json"}) as client,
    ):
        tenant = Tenant(prophet, clock, client)
        if options.get("token_format") != "xml":
            tenant.login()
        yield tenant


def test_a_user_token_says_expires_in_seconds_and_dies_by_the_clock() -> None:
    """P21 facts §1.1."""
    with served() as tenant:
        assert tenant.get("/api/entity/contacts/new").status_code == 200
        tenant.clock.advance(86_401)
        assert tenant.get("/api/entity/contacts/new").status_code == 401
        tenant.login()
        assert tenant.get("/api/entity/contacts/new").status_code == 200


def test_a_consumer_key_says_expires_in() -> None:
    """P21 facts §1.1, §1.2."""
    with served() as tenant:
        body = {"ClientSecret": tenant.prophet.options.client_secret, "GrantType": "client_credentials"}
        token = tenant.post("/api/security/token/v2", body).json()
        assert token["ExpiresIn"] == 630_720_000
        assert "ExpiresInSeconds" not in token
        wrong = tenant.post("/api/security/token/v2", {"ClientSecret": "no", "GrantType": "client_credentials"})
        assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_a_wrong_password_is_an_invalid_grant() -> None:
    """P21 facts §1.6."""
    with served() as tenant:
        answer = tenant.post("/api/security/token/v2", {"username": "tieout", "password": "wrong"})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_grant")


def test_token_and_router_may_speak_xml_whatever_is_accepted() -> None:
    """P21 facts §1.1, traps."""
    with served(token_format="xml") as tenant:
        options = tenant.prophet.options
        token = tenant.post("/api/security/token/v2", {"username": options.username, "password": options.password})
        assert "<AccessToken>sim." in token.text
        old = tenant.client.post(
            "/api/security/token", headers={"username": options.username, "password": options.password}
        )
        assert "<TokenResponse" in old.text


def test_a_new_login_may_kill_the_old_token() -> None:
    """P21 facts §1.1, traps."""
    with served(single_session=True) as tenant:
        old = dict(tenant.client.headers)
        tenant.login()
        assert tenant.client.get("/api/entity/contacts/new", headers=old).status_code == 401


def test_the_router_needs_its_slash() -> None:
    """P21 facts §1.4."""
    with served() as tenant:
        answer = tenant.get("/api/ui/router/v1", urlType="external")
        assert (answer.status_code, answer.headers["location"]) == (307, "/api/ui/router/v1/?urlType=external")
        assert tenant.get("/api/ui/router/v1/", urlType="external").json()["Url"].endswith("/uiserver0")


@pytest.mark.parametrize("path", ["/api/sales/invoices/", "/api/nothing", "/elsewhere"])
def test_a_wrong_path_gets_an_html_page(path: str) -> None:
    """P21 facts §1.5, §7.3."""
    with served() as tenant:
        answer = tenant.get(path)
        assert (answer.status_code, answer.headers["content-type"].startswith("text/html")) == (404, True)


def test_rest_without_accept_is_xml() -> None:
    """P21 facts §1.5."""
    with served() as tenant:
        answer = tenant.client.get("/api/entity/contacts/17001", headers={"accept": "*/*"})
        assert answer.headers["content-type"].startswith("application/xml")
        assert "<EmailAddress>" in answer.text


def test_interactive_sessions_are_one_a_user_and_go_after_a_minute() -> None:
    """P21 facts §5, §14 of the build differences."""
    with served() as tenant:
        path = "/uiserver0/api/ui/interactive/sessions"
        assert tenant.client.post(path, json={}, headers={"accept": "*/*"}).status_code == 500
        assert tenant.post(path, {}).json()["Id"]
        assert tenant.post(path, {}).status_code == 409
        tenant.clock.advance(61)
        assert tenant.post(path, {}).status_code == 200
    with served(build="25.2") as tenant:
        assert "SessionId" in tenant.post("/uiserver0/api/ui/interactive/sessions", {}).json()


def test_options_are_checked_when_a_tenant_is_built() -> None:
    """An unknown option or value is named."""
    from simulators.p21 import build

    world = World(1, VirtualClock())
    assert build(world, {"dialect_orders": "short", "single_session": "yes"}).options.single_session
    with pytest.raises(ValueError, match="dialect_orders"):
        build(world, {"dialect_orders": "long"})
    with pytest.raises(ValueError, match="colour"):
        build(world, {"colour": "red"})
    assert build(world, {"services": json.dumps({"invoice": {"service": ""}}), "books": "empty"}).rows("inv_mast") == []
