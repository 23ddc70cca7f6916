"""Keys, passwords, permissions and addresses that are wrong: when connecting, and when they turn wrong later."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.server import Serving
from simulators.trial import workload
from simulators.trial.pretend import SIGNING_SECRET, STRIPE_KEY, PretendSystems
from simulators.trial.processes import get_json
from simulators.wire import Request, Response
from tests.command_line import Ran, tieout
from tests.journey.shop import SECRETS, Shop, open_shop
from tests.journey.test_refunds import alerts

pytestmark = pytest.mark.slow

WRONG_KEY, WEAK_KEY, NEW_KEY = "rk_test_" + "9" * 24, "rk_test_" + "8" * 24, "rk_test_" + "7" * 24
WRONG_PASSWORD = "not-the-prophets-password"
READING = (
    *("rak_charge_read", "rak_payment_intent_read", "rak_customer_read", "rak_checkout_session_read"),
    *("rak_invoice_read", "rak_plan_read", "rak_product_read", "rak_webhook_read"),
    *(
        "rak_credit_note_read",
        "rak_balance_read",
        "rak_balance_transaction_source_read",
        "rak_payout_read",
        "rak_dispute_read",
    ),
)
P21 = {
    "company_id": "ACME",
    "username": "tieout",
    "location_id": "10",
    "terms": "1",
    "salesrep": "812",
    "branch": "01",
    "payment_type_id": "5",
    "currencies.usd": "1",
}


class Portal:
    """A web page where P21's API should be."""

    def respond(self, request: Request) -> Response:
        return Response(200, b"<html><body>Please sign in</body></html>", {"Content-Type": "text/html"})


@pytest.fixture(scope="module")
def systems() -> Iterator[PretendSystems]:
    found = PretendSystems(12)
    found.stripe_account.add_key(WEAK_KEY, ["rak_charge_read", "rak_payment_intent_read", "rak_customer_read"])
    yield found
    found.close()


def connect_stripe(folder: Path, url: str, key: str = STRIPE_KEY, signing: str = SIGNING_SECRET) -> Ran:
    words = ("connect", "stripe", "--set", f"api_base={url}", "--set", "calls_per_second=100000")
    return tieout(folder, *words, TIEOUT_STRIPE_KEY=key, TIEOUT_STRIPE_WEBHOOK_SECRET=signing)


def connect_p21(folder: Path, url: str, password: str = "prophet-password", **settings: str) -> Ran:
    chosen = {**P21, "base_url": url, **settings}
    words = [word for name, value in chosen.items() for word in ("--set", f"{name}={value}")]
    return tieout(folder, "connect", "p21", *words, TIEOUT_P21_SECRET=password)


def refused(folder: Path, ran: Ran, *words: str) -> None:
    """The command says the words, keeps nothing and tells no secret."""
    assert ran.status == 1, ran
    assert all(word in ran.said for word in words), ran.said
    assert not any(one in ran.said for one in (*SECRETS, WRONG_KEY, WEAK_KEY, WRONG_PASSWORD, "prophet-password"))
    assert "There is no connection." in tieout(folder, "probe").said
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not any(one.encode() in kept for one in (*SECRETS, WRONG_KEY, WEAK_KEY, WRONG_PASSWORD))


def test_a_stripe_key_that_does_not_fit_is_refused(systems: PretendSystems, tmp_path: Path) -> None:
    url, keys = systems.stripe_url, "https://dashboard.stripe.com/apikeys"
    unknown = connect_stripe(tmp_path, url, WRONG_KEY)
    refused(tmp_path, unknown, "Stripe does not accept the key rk_test_…9999", "Make a new restricted key", keys)
    refused(tmp_path, connect_stripe(tmp_path, url, "hello"), "is not a Stripe key. Make a restricted key at")
    live = connect_stripe(tmp_path, url, "rk_live_" + "1" * 24)
    refused(tmp_path, live, "is a live key, but this connection is for test mode. Enter a test key.")
    powerful = connect_stripe(tmp_path, url, "sk_live_" + "1" * 24)
    refused(tmp_path, powerful, "which may do everything with your money; Tieout does not take it")
    signing = connect_stripe(tmp_path, url, signing="hello")
    refused(tmp_path, signing, "The webhook signing secret is missing or is not one: it begins with whsec_.")


def test_a_missing_stripe_permission_is_named_as_the_dashboard_names_it(
    systems: PretendSystems, tmp_path: Path
) -> None:
    weak = connect_stripe(tmp_path, systems.stripe_url, WEAK_KEY)
    refused(
        tmp_path, weak, 'lacks the permission "Checkout Sessions: Read" (rak_checkout_session_read)', "set it to Read"
    )
    for name in ("rak_invoice_read", "rak_webhook_read", "rak_balance_read", "rak_payout_read", "rak_dispute_read"):
        assert name in weak.said
    assert 'lacks the permission "Customers: Read"' not in weak.said


def test_a_stripe_address_that_is_wrong_is_refused(systems: PretendSystems, tmp_path: Path) -> None:
    refused(tmp_path, connect_stripe(tmp_path, "http://example.com"), "api_base", "use https://")
    refused(
        tmp_path, connect_stripe(tmp_path, "https://stripe.invalid"), "Stripe cannot be reached", "Check its network"
    )


def test_a_p21_password_that_is_wrong_is_refused(systems: PretendSystems, tmp_path: Path) -> None:
    wrong = connect_p21(tmp_path, systems.p21_url, WRONG_PASSWORD)
    refused(tmp_path, wrong, "P21 refuses the user name 'tieout' or its password. Correct it in the connection")


def test_a_p21_address_that_is_wrong_is_refused(systems: PretendSystems, tmp_path: Path) -> None:
    with Serving(Portal()) as portal:
        refused(tmp_path, connect_p21(tmp_path, portal.url), "answered no token. Check that base_url is the address of")
    nobody = connect_p21(tmp_path, "https://p21.invalid")
    refused(tmp_path, nobody, "P21 at p21.invalid cannot be reached. Check that it is running, that base_url is right")
    refused(tmp_path, connect_p21(tmp_path, portal.url), "cannot be reached. Check that it is running")
    plain = connect_p21(tmp_path, "http://p21.example.com")
    refused(
        tmp_path, plain, "base_url ('http://p21.example.com')", "use https://; plain http is only for what runs on this"
    )
    bare = connect_p21(tmp_path, "p21.example.com")
    refused(tmp_path, bare, "write the whole address, beginning with https://")
    secured = connect_p21(tmp_path, systems.p21_url.replace("http:", "https:"))
    refused(tmp_path, secured, "does not answer with TLS (https). Check the scheme and the port of base_url")
    inside = connect_p21(tmp_path, systems.p21_url.replace("//", "//tieout:secret@"))
    refused(tmp_path, inside, "leave user name and password out of the address")
    assert "secret@" not in inside.said


def test_a_p21_setting_that_does_not_fit_names_what_there_is(systems: PretendSystems, tmp_path: Path) -> None:
    url = systems.p21_url
    company = connect_p21(tmp_path, url, company_id="NOPE")
    refused(tmp_path, company, "P21 has no company 'NOPE'; it has ACME. Correct company_id")
    currency = connect_p21(tmp_path, url, **{"currencies.usd": "77"})
    refused(tmp_path, currency, "P21 has no currency 77 (mapped from USD); it has 1 US Dollar, 2 Euro")
    refused(
        tmp_path, connect_p21(tmp_path, url, colour="red"), "colour", "there is no such setting; known are base_url"
    )


def away(shop: Shop, name: str) -> bool:
    """Whether a connection is away, as the page shows it."""
    return f"{name} is away: " in shop.text("/")


def test_credentials_that_turn_wrong_pause_their_connection_and_work_resumes_when_they_are_mended(
    tmp_path: Path,
) -> None:
    once = {"TIEOUT_RETRY_ATTEMPTS_MAX": "1", "TIEOUT_RETRY_FIRST_SECONDS": "0.1"}
    with open_shop(tmp_path, settle_seconds=1, variables=once) as shop:
        account, tenant = shop.systems.stripe_account, shop.systems.p21_tenant
        shop.sell(workload.known_by_mail)
        krona = shop.sell(workload.unmapped_currency)
        shop.rest()
        assert "SEK" in shop.told(krona)

        account.expire_key(STRIPE_KEY)
        revoked = shop.sell(workload.brand_new)
        shop.until("Stripe is away", lambda: away(shop, "stripe"))
        assert "Stripe does not accept the key rk_test_…5555: it is mistyped, or was revoked" in shop.told(revoked)
        account.add_key(NEW_KEY)
        assert connect_stripe(tmp_path, shop.systems.stripe_url, NEW_KEY).status == 0
        assert shop.rest().clean

        account.add_key(NEW_KEY, [name for name in READING if name != "rak_customer_read"])
        unread = shop.sell(workload.brand_new)
        shop.until("Stripe is away", lambda: away(shop, "stripe"))
        assert 'Give it the permission "Customers: Read" (rak_customer_read) at' in shop.told(unread)
        account.add_key(NEW_KEY, READING)
        shop.until("the order is written, without a note", lambda: shop.line(unread)["state"] == "applied")
        assert 'Give it the permission "PaymentIntents: Write" (rak_payment_intent_write) at' in alerts(shop)
        account.add_key(NEW_KEY)
        assert shop.rest().clean

        tenant.state.options = replace(tenant.state.options, password="a-new-password")
        tenant.login.expire_all()
        locked = shop.sell(workload.brand_new)
        shop.until("P21 is away", lambda: away(shop, "p21"))
        assert "P21 refuses the user name 'tieout' or its password." in shop.told(locked)
        wrong = connect_p21(tmp_path, shop.systems.p21_url, WRONG_PASSWORD)
        assert (wrong.status, "Nothing was kept." in wrong.said) == (1, True)
        assert shop.line(locked)["state"] == "waiting"
        mapped = {"currencies.sek": "2", "settle_seconds": "1", "bank_no": "2"}
        assert connect_p21(tmp_path, shop.systems.p21_url, "a-new-password", **mapped).status == 0
        shop.command("replay", krona.payment)
        shop.expect("applied", krona)
        found = shop.rest()
        assert found.clean, found
        assert (found.applied, found.parked) == (5, 0), shop.events()
        assert all(shop.shown(sale)["attempts"] == 0 for sale in shop.sales)
        assert get_json(f"{shop.tieout.page}/health") == {"ok": True, "away": [], "files": []}
        everything = shop.everything_kept_or_shown()
        for secret in (*SECRETS, NEW_KEY, WRONG_PASSWORD, "a-new-password", "prophet-password"):
            assert secret.encode() not in everything
        assert "is away" not in html.unescape(shop.text("/"))
