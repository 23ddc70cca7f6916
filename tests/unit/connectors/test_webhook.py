"""Webhooks: what is believed, what is refused, what is read (Stripe B4, B5; reliability A10 to A16)."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from typing import Any

import pytest

from tieout.connectors.stripe.webhook import ReceivedEvent, Refused, Unreadable, Verified, read_event, verify

NOW = 1_790_000_000
SECRET = "whsec_first_secret"
OTHER = "whsec_second_secret"
BODY = b'{"id": "evt_1", "type": "charge.succeeded", "livemode": false, "created": 1789999999}'


def signature(body: bytes, stamp: int, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def header(body: bytes = BODY, stamp: int = NOW, secret: str = SECRET) -> str:
    return f"t={stamp},v1={signature(body, stamp, secret)}"


def event(**changes: Any) -> bytes:
    charge = {"id": "ch_1", "object": "charge", "customer": "cus_1", "payment_intent": "pi_1"}
    fields = {
        "id": "evt_1",
        "object": "event",
        "type": "charge.succeeded",
        "created": 1_789_999_999,
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "data": {"object": charge},
    }
    return json.dumps(fields | changes).encode()


def read(body: bytes) -> ReceivedEvent:
    found = read_event(body)
    assert isinstance(found, ReceivedEvent), found
    return found


def test_a_signed_body_is_believed() -> None:
    assert verify(BODY, header(), [SECRET], NOW) == Verified(NOW, 0)


def test_any_of_several_secrets_and_signatures_will_do_while_a_secret_is_rolled() -> None:
    both = f"t={NOW},v1={signature(BODY, NOW, 'whsec_gone')},v1={signature(BODY, NOW, OTHER)}"
    assert verify(BODY, both, [SECRET, OTHER], NOW) == Verified(NOW, 1)
    assert verify(BODY, header(), [OTHER, SECRET], NOW) == Verified(NOW, 1)


def test_old_and_unknown_schemes_are_passed_over() -> None:
    good = signature(BODY, NOW)
    assert isinstance(verify(BODY, f"t={NOW},v0={good},v1={good},v2=x,scheme", [SECRET], NOW), Verified)
    assert isinstance(verify(BODY, f"t={NOW},v0={good}", [SECRET], NOW), Refused)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "",
        "t=",
        f"t={NOW}",
        f"v1={signature(BODY, NOW)}",
        f"t={NOW},t={NOW},v1={signature(BODY, NOW)}",
        f"t=-{NOW},v1={signature(BODY, NOW)}",
        f"t=١٢٣,v1={signature(BODY, NOW)}",
        f"t={NOW}.0,v1={signature(BODY, NOW)}",
        f"t={NOW},v1={signature(BODY, NOW).upper()}",
        f"t={NOW},v1={signature(BODY, NOW)[:-1]}",
        f"t={NOW},v1=é{signature(BODY, NOW)[1:]}",
        f"t={NOW}," + ",".join(["v1=" + signature(BODY, NOW)] * 17),
        "t=1," * 5000,
    ],
)
def test_a_header_that_is_not_as_stripe_writes_it_is_refused(broken: str | None) -> None:
    assert isinstance(verify(BODY, broken, [SECRET], NOW), Refused)


@pytest.mark.parametrize("secrets", [[], [""], ["  "], [OTHER]])
def test_without_the_right_secret_nothing_is_believed(secrets: list[str]) -> None:
    empty_key = f"t={NOW},v1={signature(BODY, NOW, '')}"
    assert isinstance(verify(BODY, header(), secrets, NOW), Refused)
    assert isinstance(verify(BODY, empty_key, secrets, NOW), Refused)


@pytest.mark.parametrize(
    ("age", "accepted"), [(0, True), (300, True), (300.5, False), (301, False), (-60, True), (-60.5, False)]
)
def test_a_signature_is_fresh_for_300_seconds_and_at_most_60_ahead(age: float, accepted: bool) -> None:
    assert isinstance(verify(BODY, header(), [SECRET], NOW + age), Verified) is accepted


def test_no_reason_tells_a_secret_or_a_signature() -> None:
    for wrong in (header(b"other"), header(stamp=NOW - 900), "t=1,v1=zz"):
        refused = verify(BODY, wrong, [SECRET], NOW)
        assert isinstance(refused, Refused)
        assert SECRET not in refused.reason
        assert signature(BODY, NOW) not in refused.reason


def test_a_snapshot_is_read_into_one_form() -> None:
    found = read(event(account="acct_1"))
    assert (found.id, found.type, found.created, found.livemode) == ("evt_1", "charge.succeeded", 1_789_999_999, False)
    assert (found.account, found.api_version, found.thin) == ("acct_1", "2026-10-28.endive", False)
    assert (found.object_id, found.object_type, found.lane) == ("ch_1", "charge", "cus_1")
    assert found.body == event(account="acct_1").decode()


@pytest.mark.parametrize(
    ("subject", "lane"),
    [
        ({"id": "ch_1", "object": "charge", "customer": {"id": "cus_9"}, "payment_intent": "pi_1"}, "cus_9"),
        ({"id": "ch_1", "object": "charge", "customer": None, "payment_intent": {"id": "pi_1"}}, "pi_1"),
        ({"id": "ch_1", "object": "charge"}, "ch_1"),
        ({"id": "cus_7", "object": "customer", "customer": "no"}, "cus_7"),
        ({"id": "pi_2", "object": "payment_intent", "customer": ""}, "pi_2"),
        ({}, "evt_1"),
    ],
)
def test_events_of_one_customer_or_payment_share_a_lane(subject: dict[str, Any], lane: str) -> None:
    assert read(event(data={"object": subject})).lane == lane


def test_a_thin_event_is_called_as_its_snapshot_twin() -> None:
    thin = {
        "id": "evt_test_1",
        "object": "v2.core.event",
        "type": "v1.charge.succeeded",
        "created": "2026-09-21T13:46:40.250Z",
        "livemode": True,
        "related_object": {"id": "ch_1", "type": "charge", "url": "/v1/charges/ch_1"},
    }
    found = read(json.dumps(thin).encode())
    assert (found.type, found.thin, found.object_id, found.object_type) == ("charge.succeeded", True, "ch_1", "charge")
    assert (found.created, found.lane) == (1_789_998_400, "ch_1")


def test_card_numbers_are_taken_out_and_the_body_stays_json() -> None:
    subject = {
        "id": "ch_1",
        "description": "card 4242 4242 4242 4242",
        "metadata": {"number": 4242424242424242, "dashed": "4242\u20114242"},
        "created": 1_790_000_000_123,
        "rate": 13.2136,
    }
    found = read(event(data={"object": subject}))
    assert "4242 4242" not in found.body
    assert "4242424242424242" not in found.body
    kept = json.loads(found.body)["data"]["object"]
    assert kept["created"] == 1_790_000_000_123
    assert kept["rate"] == 13.2136
    assert "4242" in kept["description"]


NETWORK, AMEX = "371449635398431", "378282246310005"


def test_what_networks_number_payments_with_stays_and_no_name_of_a_stranger_s_excuses_a_card() -> None:
    """Case D4: one network_transaction_id in twenty was masked, and metadata could hide a card behind a name."""
    metadata = {"network_transaction_id": AMEX, "card_id": "4012 8888 8888 1881", "paid": "4000056655665556"}
    card = {"network_transaction_id": NETWORK, "fingerprint": "Xt5EWLLDS7FJjR1c"}
    subject = {
        "id": "ch_1",
        "payment_method_details": {"card": card},
        "metadata": {**metadata, "sku": "4917610000000000"},
    }
    kept = json.loads(read(event(data={"object": subject, "previous_attributes": {"metadata": metadata}})).body)["data"]
    assert kept["object"]["payment_method_details"]["card"] == card
    for found in (kept["object"]["metadata"], kept["previous_attributes"]["metadata"]):
        assert all(value.startswith("[card number …") for value in found.values())


def test_a_network_s_number_that_is_too_long_to_be_one_is_no_excuse() -> None:
    subject = {"id": "ch_1", "card": {"network_transaction_id": "4242424242424242"}}
    assert "4242424242424242" not in read(event(data={"object": subject})).body


def test_an_escaped_card_number_is_found_too() -> None:
    found = read(event().replace(b'"cus_1"', b'"\\u0034242424242424242"'))
    assert json.loads(found.body)["data"]["object"]["customer"] == "[card number …4242]"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"\xff\xfe{}", "UTF-8"),
        (b'{"id": "\xed\xa0\x80"}', "UTF-8"),
        (b'{"id": "evt_1", "id": "evt_2"}', "twice"),
        (b'{"id": NaN}', "NaN"),
        (b'{"id": -Infinity}', "Infinity"),
        (b'{"id": 1e99999999999999999999}', "too large"),
        (b'{"id": ' + b"9" * 31 + b"}", "30 digits"),
        (b'{"id": ' + b"9" * 100_000 + b"}", "30 digits"),
        (b'{"id": 0.' + b"1" * 100 + b"}", "characters"),
        (b"[" * 100_000, "deeper"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "deeper"),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', "1048576"),
        (b'{"id": "evt_1", "type": "x", "livemode": 1}', "livemode"),
        (b'{"type": "x", "livemode": true}', "id"),
        (b'{"id": "evt 1", "type": "x", "livemode": true}', "id"),
        (b'{"id": "evt_1", "type": null, "livemode": true}', "type"),
        (b'{"id": "evt_1", "type": "x", "livemode": true, "created": "soon"}', "created"),
        (b'{"id": "evt_1"} x', "not JSON"),
    ],
)
def test_what_cannot_be_read_says_why_and_raises_nothing(body: bytes, word: str) -> None:
    found = read_event(body)
    assert isinstance(found, Unreadable)
    assert word in found.reason


def test_brackets_inside_texts_are_not_nesting() -> None:
    assert read(event(note="[" * 500 + '\\"{' * 50)).id == "evt_1"


def test_ids_with_odd_characters_fit_into_any_database() -> None:
    found = read(event(data={"object": {"id": "a\x00b\ud800" + "x" * 400, "object": "product"}}))
    assert len(found.object_id) == 255
    found.object_id.encode()
    assert "\x00" not in found.object_id
    found.body.encode()


FORGERIES = 100_000


def forged(dice: random.Random, body: bytes) -> tuple[bytes, str, list[str]]:
    """A body with a header that was not made for it: one thing is wrong, so little that it might be overlooked."""
    stamp, secret = NOW - dice.randrange(250), f"whsec_{dice.randrange(10**9)}"
    right = signature(body, stamp, secret)
    place = dice.randrange(64)
    other = "0123456789abcdef".replace(right[place], "")[dice.randrange(15)]
    changed = bytearray(body)
    changed[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    kinds: list[tuple[bytes, str]] = [
        (body, f"t={stamp},v1={right[:place]}{other}{right[place + 1 :]}"),
        (bytes(changed), f"t={stamp},v1={right}"),
        (body + b" ", f"t={stamp},v1={right}"),
        (body[:-1], f"t={stamp},v1={right}"),
        (body, f"t={stamp + 1},v1={right}"),
        (body, f"t={stamp},v0={right}"),
        (body, f"t={stamp},v1={right[:place]}"),
        (body, f"t={stamp},v1={right}{other}"),
        (body, f"t={stamp},v1={right.upper() if right.upper() != right else other}"),
        (body, f"t={stamp},v1={signature(body, stamp, secret + 'x')},v1={signature(body, stamp, '')}"),
        (body, f"t={NOW - 301 - place},v1={signature(body, NOW - 301 - place, secret)}"),
        (body, f"t={NOW + 61 + place},v1={signature(body, NOW + 61 + place, secret)}"),
    ]
    found, given = dice.choice(kinds)
    return found, given, [secret]


def test_of_a_hundred_thousand_forgeries_none_is_accepted() -> None:
    dice, accepted = random.Random(4), []
    for _ in range(FORGERIES):
        body, given, secrets = forged(dice, BODY)
        if isinstance(verify(body, given, secrets, NOW), Verified):
            accepted.append((body, given))
    assert accepted == []


def test_what_the_forgeries_were_made_from_is_accepted() -> None:
    for age in range(0, 250, 10):
        assert isinstance(verify(BODY, header(stamp=NOW - age), [SECRET], NOW), Verified)
