"""``tieout connect`` asks for the secrets that the settings need, and for no other."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from simulators.server import Serving
from simulators.webstore import GenericOrderSource
from simulators.webstore.counter import Refusal
from simulators.wire import Request
from simulators.world import VirtualClock, World
from tests.command_line import Ran, tieout
from tieout.connectors.p21.settings import needed_secrets, parse_settings
from tieout.connectors.webstore import open_store
from tieout.domain.sale import imbalance

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "connect-any-store.md").read_text(encoding="utf-8")
USER, PASSWORD = "tieout", "store-password"
LOGIN = {"TIEOUT_STORE_USER": USER, "TIEOUT_STORE_PASSWORD": PASSWORD}
TOKEN = {"TIEOUT_STORE_KEY": "Bearer shop-token"}


def block(language: str) -> str:
    """The one block of a language on the page."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


class Guarded(GenericOrderSource):
    """A shop that lets in whoever has the right Authorization header; an empty one says that none is wanted."""

    def __init__(self, authorization: str) -> None:
        super().__init__(World(5, VirtualClock()))
        self.authorization = authorization

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization", "") != self.authorization:
            raise Refusal(401, "unauthorized", "who are you?")


SHOPS = {
    "basic": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
    "header": "Bearer shop-token",
    "none": "",
}


def connect(folder: Path, url: str, auth: str, **secrets: str) -> Ran:
    sample = folder / "store.toml"
    sample.write_text(block("toml"), encoding="utf-8")
    words = ("--settings", str(sample), "--set", f"url={url}/api/orders/{{id}}", "--set", f"auth={auth}")
    return tieout(folder, "connect", "webstore", "generic", *words, **secrets)


@pytest.mark.parametrize(("auth", "secrets"), [("basic", LOGIN), ("header", TOKEN), ("none", {})])
def test_any_store_is_connected_with_what_lets_us_in(tmp_path: Path, auth: str, secrets: Mapping[str, str]) -> None:
    with Serving(Guarded(SHOPS[auth])) as shop:
        assert "Connected." in connect(tmp_path, shop.url, auth, **secrets).said
        assert tieout(tmp_path, "probe").status == 0


@pytest.mark.parametrize(
    ("auth", "secrets", "variable"),
    [
        ("basic", {}, "TIEOUT_STORE_USER"),
        ("basic", {"TIEOUT_STORE_USER": USER, **TOKEN}, "TIEOUT_STORE_PASSWORD"),
        ("header", LOGIN, "TIEOUT_STORE_KEY"),
    ],
)
def test_a_secret_that_is_missing_is_named(
    tmp_path: Path, auth: str, secrets: Mapping[str, str], variable: str
) -> None:
    ran = connect(tmp_path, "http://127.0.0.1:9", auth, **secrets)
    assert ran.status == 1
    assert "Set the environment variable" in ran.said
    assert variable in ran.said.partition("Set the environment variable")[2]


def test_what_cannot_be_connected_is_refused_before_a_secret_is_asked_for(tmp_path: Path) -> None:
    unknown = tieout(tmp_path, "connect", "webstore", "shoplift")
    assert unknown.status == 1
    assert "There is no web store of the kind 'shoplift'. Choose one of generic, woocommerce." in unknown.said
    unfit = tieout(tmp_path, "connect", "webstore", "woocommerce", "--set", "url=http://shop.example.com")
    assert "The setting url ('http://shop.example.com') of the web-store connection does not fit" in unfit.said
    bare = tieout(tmp_path, "connect", "p21")
    assert "The setting base_url of the P21 connection does not fit: it is missing; add it." in bare.said


def test_the_sample_of_the_page_reads_the_answer_of_the_page() -> None:
    shop = Guarded(SHOPS["basic"])
    shop.add_body("1042", json.loads(block("json")))
    with Serving(shop) as serving:
        sample = {**tomllib.loads(block("toml")), "url": f"{serving.url}/api/orders/{{id}}", "kind": "generic"}
        order = open_store(sample, {"user": USER, "password": PASSWORD}).order("1042")
    assert order is not None
    assert (order.total, order.tax, order.shipping, imbalance(order)) == (3206, 206, 500, 0)
    assert (order.buyer.name, order.ship_to.city, order.lines[0].sku) == ("Ann Lee", "Reno", "WIDGET-001")


@pytest.mark.parametrize(
    ("given", "name"),
    [({}, "password"), ({"auth": "consumer_key"}, "client_secret"), ({"dialect": "gateway"}, "gateway_key")],
)
def test_p21_is_opened_by_the_secret_of_its_login(given: Mapping[str, str], name: str) -> None:
    settings = {"base_url": "https://p21.example", "company_id": "1", "username": "u", "location_id": 1}
    (secret,) = needed_secrets(parse_settings({**settings, "currencies": {"usd": 1}, **given}))
    assert (secret.name, secret.variable) == (name, "TIEOUT_P21_SECRET")
