"""Writing metadata, probing and endpoints (Stripe B6; reliability §2.3; security §6.1)."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.unit.connectors.stripe_wire import Wired, listed, okay, refused
from tieout.connectors.stripe._permissions import READS
from tieout.connectors.stripe.settings import API_VERSION
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, NotSent, Rejected
from tieout.kernel.failures import Failed, Fix, Retry

REFERENCE = "TOABCDEFGHIJKLMNOPQR"
DOCUMENT: Document = {
    "object": "payment_intent",
    "id": "pi_1",
    "metadata": {"p21_order_no": "1001", "p21_customer_id": "7"},
}
PATH = "payment_intents/pi_1"


def holding(**metadata: str) -> dict[str, Any]:
    return {"id": "pi_1", "object": "payment_intent", "metadata": metadata}


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        ({}, ()),
        ({"other": "x"}, ()),
        ({"p21_order_no": "1001"}, ()),
        ({"p21_order_no": "1001", "p21_customer_id": "7", "other": "x"}, (Found("pi_1"),)),
    ],
)
def test_looking_up_tells_unset_from_set(metadata: dict[str, str], found: tuple[Found, ...]) -> None:
    assert Wired(**{PATH: holding(**metadata)}).stripe().metadata_writer().look_up(REFERENCE, DOCUMENT) == found


def test_another_value_is_a_difference_that_names_both() -> None:
    writer = Wired(**{PATH: holding(p21_order_no="999")}).stripe().metadata_writer()
    (found,) = writer.look_up(REFERENCE, DOCUMENT)
    assert found.differences == ("metadata p21_order_no is '999', should be '1001'",)


def test_sending_uses_the_write_key_and_the_reference_as_idempotency_key() -> None:
    wire = Wired(**{PATH: holding(p21_order_no="1001", p21_customer_id="7")})
    assert wire.stripe().metadata_writer().send(REFERENCE, DOCUMENT) == Confirmed("pi_1", proven=True)
    (request,) = wire.asked
    assert request.method == "POST"
    assert request.headers["idempotency-key"] == REFERENCE
    assert request.headers["authorization"].endswith("rk_test_write_5678")
    assert wire.form() == {"metadata[p21_order_no]": "1001", "metadata[p21_customer_id]": "7"}


def test_an_answer_that_is_not_the_record_proves_nothing() -> None:
    assert Wired(**{PATH: holding()}).stripe().metadata_writer().send(REFERENCE, DOCUMENT) == Confirmed("pi_1")


@pytest.mark.parametrize(
    ("answer", "kind", "word"),
    [
        (httpx2.ConnectError("refused"), NotSent, "cannot be reached"),
        (refused(429, "x"), NotSent, "slows down"),
        (refused(429, "x", code="lock_timeout"), NotSent, "same Stripe object"),
        (refused(401, "x"), NotSent, "rk_test_…5678"),
        (refused(403, "needs 'rak_payment_intent_write'"), Rejected, "PaymentIntents: Write"),
        (refused(403, "no words"), Rejected, "rak_payment_intent_write"),
        (refused(404, "x", code="resource_missing"), Rejected, "'pi_1'"),
        (refused(400, "You cannot use this"), Rejected, "You cannot use this"),
        (refused(400, "Keys", kind="idempotency_error"), Rejected, "24 hours"),
        (refused(409, "in progress", kind="idempotency_error"), Indeterminate, ""),
        (refused(500, "x", kind="api_error"), Indeterminate, ""),
        (refused(503, "x", kind="api_error"), Indeterminate, ""),
        (httpx2.ReadTimeout("slow"), Indeterminate, ""),
        (httpx2.ReadError("reset"), Indeterminate, ""),
        (httpx2.Response(200, content=b"<html>"), Indeterminate, ""),
        (httpx2.Response(302), Indeterminate, ""),
    ],
)
def test_every_answer_is_classified(answer: Any, kind: type, word: str) -> None:
    sent = Wired(**{"*": answer}).stripe().metadata_writer().send(REFERENCE, DOCUMENT)
    assert isinstance(sent, kind), sent
    if isinstance(sent, NotSent | Rejected):
        assert word in sent.failure.sentence
    if isinstance(sent, NotSent) and "rk_test" in word:
        assert sent.failure.outage


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"object": "payout", "id": "po_1", "metadata": {"a": "b"}}, "object"),
        ({"object": "charge", "id": "", "metadata": {"a": "b"}}, "id"),
        ({"object": "charge", "id": "ch/1", "metadata": {"a": "b"}}, "id"),
        ({"object": "charge", "id": "ch_1", "metadata": {}}, "metadata"),
        ({"object": "charge", "id": "ch_1", "metadata": {str(n): "x" for n in range(51)}}, "metadata"),
        ({"object": "charge", "id": "ch_1", "metadata": {"k" * 41: "x"}}, "metadata." + "k" * 41),
        ({"object": "charge", "id": "ch_1", "metadata": {"a[b]": "x"}}, "metadata.a[b]"),
        ({"object": "charge", "id": "ch_1", "metadata": {"a": "x" * 501}}, "metadata.a"),
        ({"object": "charge", "id": "ch_1", "metadata": {"a": ["x"]}}, "metadata.a"),
    ],
)
def test_what_stripe_would_not_take_is_never_sent(document: Document, field: str) -> None:
    wire = Wired()
    sent = wire.stripe().metadata_writer().send(REFERENCE, document)
    assert isinstance(sent, Rejected)
    assert sent.failure.field == field
    assert not wire.asked


ACCOUNT = {
    "id": "acct_1",
    "object": "account",
    "country": "US",
    "default_currency": "usd",
    "settings": {"dashboard": {"display_name": "Acme"}},
}


def granted(**more: Any) -> Wired:
    return Wired(**{one.path: listed() for one in READS} | {"account": ACCOUNT} | more)


def test_a_probe_of_a_good_key_finds_nothing_wrong() -> None:
    probe = granted().stripe(account_id="acct_1").probe()
    assert probe.works
    assert probe.findings[0].found == "acct_1 Acme"


@pytest.mark.parametrize("permission", READS, ids=lambda one: one.name)
def test_each_missing_permission_is_named_as_the_dashboard_names_it(permission: Any) -> None:
    denied = refused(403, "The provided key does not have the required permissions for this endpoint")
    probe = granted(**{permission.path: denied}).stripe().probe()
    told = [finding.failure.sentence for finding in probe.findings if isinstance(finding.failure, Fix)]
    asked = [one for one in READS if one.path == permission.path]
    assert len(told) == len(asked), "the same list may need two: itself, and what stands in it"
    assert any(f'"{permission.label}: Read" (rak_{permission.name})' in sentence for sentence in told)


def test_a_probe_tells_the_wrong_account_a_dead_key_and_no_network() -> None:
    wrong = granted().stripe(account_id="acct_2").probe()
    assert [finding.failure.code for finding in wrong.findings if finding.failure] == ["stripe.account"]
    for answer, code in ((refused(401, "x"), "stripe.unauthorized"), (httpx2.ConnectError("x"), "stripe.unreachable")):
        probe = Wired(**{"*": answer}).stripe().probe()
        assert [finding.failure.code for finding in probe.findings if finding.failure] == [code]


def test_the_account_is_known_by_its_key() -> None:
    account = granted().stripe().account()
    assert (account.id, account.livemode, account.name, account.currency) == ("acct_1", False, "Acme", "usd")


URL = "https://tieout.example/webhooks/stripe/main"


def endpoint(**more: Any) -> dict[str, Any]:
    return {"id": "we_1", "url": URL, "status": "enabled", "api_version": API_VERSION, "enabled_events": ["*"]} | more


def test_an_endpoint_is_registered_with_our_version_and_events() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return okay(listed() if request.method == "GET" else endpoint(secret="whsec_new"))

    wire = Wired(webhook_endpoints=answer)
    assert wire.stripe().create_endpoint(URL) == ("we_1", "whsec_new")
    form = wire.form()
    assert (form["url"], form["api_version"]) == (URL, API_VERSION)
    assert "charge.succeeded" in form.values()


def test_an_endpoint_is_not_registered_twice_and_refusals_are_failures() -> None:
    with pytest.raises(Failed) as caught:
        Wired(webhook_endpoints=listed(endpoint())).stripe().create_endpoint(URL)
    assert isinstance(caught.value.failure, Fix)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return okay(listed()) if request.method == "GET" else refused(403, "needs 'rak_webhook_write'")

    with pytest.raises(Failed) as caught:
        Wired(webhook_endpoints=answer).stripe().create_endpoint(URL)
    assert "Webhook Endpoints: Write" in caught.value.failure.sentence
    assert not isinstance(caught.value.failure, Retry)


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        ([endpoint()], []),
        ([], ["stripe.endpoint_missing"]),
        ([endpoint(status="disabled")], ["stripe.endpoint_off"]),
        ([endpoint(api_version="2020-08-27")], ["stripe.endpoint_version"]),
        ([endpoint(enabled_events=["charge.succeeded"])], ["stripe.endpoint_events"]),
    ],
)
def test_an_endpoint_is_checked(found: list[dict[str, Any]], codes: list[str]) -> None:
    findings = Wired(webhook_endpoints=listed(*found)).stripe().check_endpoint(URL)
    assert [finding.failure.code for finding in findings if finding.failure] == codes
