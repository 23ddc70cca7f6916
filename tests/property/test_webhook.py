"""Properties of the webhook door: only the very bytes that were signed, only in time, and reading never raises."""

from __future__ import annotations

import hashlib
import hmac
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.connectors.stripe.webhook import (
    FUTURE_SECONDS,
    PAST_SECONDS,
    ReceivedEvent,
    Refused,
    Unreadable,
    Verified,
    read_event,
    verify,
)

NOW = 1_790_000_000
SECRET = "whsec_property"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def header(body: bytes, stamp: int) -> str:
    return f"t={stamp},v1={hmac.new(SECRET.encode(), f'{stamp}.'.encode() + body, hashlib.sha256).hexdigest()}"


@given(st.binary(max_size=300), st.integers(-1_000_000, 1_000_000))
def test_exactly_the_signatures_inside_the_window_are_accepted(body: bytes, offset: int) -> None:
    accepted = isinstance(verify(body, header(body, NOW), [SECRET], NOW + offset), Verified)
    assert accepted is (-FUTURE_SECONDS <= offset <= PAST_SECONDS)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_every_mutation_of_body_or_header_is_refused(body: bytes, data: st.DataObject) -> None:
    real = header(body, NOW)
    if data.draw(st.booleans()):
        other = data.draw(st.binary(max_size=300).filter(lambda found: found != body))
        assert isinstance(verify(other, real, [SECRET], NOW), Refused)
        return
    place = data.draw(st.integers(0, len(real) - 1))
    letter = data.draw(st.characters(codec="latin-1").filter(lambda found: found != real[place]))
    assert isinstance(verify(body, real[:place] + letter + real[place + 1 :], [SECRET], NOW), Refused)


@given(st.binary(max_size=200), st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_verifying_never_raises(body: bytes, given_header: str, secrets: list[str]) -> None:
    assert isinstance(verify(body, given_header, secrets, NOW), Refused)


@given(st.binary(max_size=500))
def test_reading_bytes_never_raises(body: bytes) -> None:
    assert isinstance(read_event(body), Unreadable | ReceivedEvent)


@given(st.dictionaries(st.sampled_from(["id", "type", "created", "livemode", "data", "account", "object"]), JSON), JSON)
@settings(max_examples=300)
def test_reading_any_json_never_raises_and_what_is_read_can_be_stored(
    fields: dict[str, object], subject: object
) -> None:
    whole = {"id": "evt_1", "type": "charge.updated", "livemode": True, "data": {"object": subject}} | fields
    found = read_event(json.dumps(whole).encode())
    if isinstance(found, ReceivedEvent):
        for text in (found.id, found.type, found.object_id, found.object_type, found.lane, found.account, found.body):
            text.encode("utf-8")
            assert "\x00" not in text
        assert isinstance(json.loads(found.body), dict)
