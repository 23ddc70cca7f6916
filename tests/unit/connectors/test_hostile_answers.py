"""Answers made to cost: work grows with their length and no faster, numbers and nesting have limits (security S20, S35)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tieout.connectors._wire import Reply
from tieout.connectors.p21 import open_p21
from tieout.connectors.p21.answers import decimal_of, json_of, said, xml_value
from tieout.connectors.p21.refusals import doubtful, import_messages, refusal
from tieout.connectors.p21.settings import parse_settings
from tieout.connectors.stripe.webhook import Unreadable, read_event
from tieout.connectors.webstore import open_store
from tieout.kernel.failures import Defect, Failed, Retry

GATEWAY: dict[str, Any] = {
    "base_url": "https://p21.example.com",
    "dialect": "gateway",
    "company_id": "1",
    "currencies": {"usd": 1},
}
STORE: dict[str, Any] = {"kind": "woocommerce", "url": "https://shop.example", "calls_per_second": 100_000}
KEYS = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
ENDLESS = {
    "an exponent": b'{"CustomerNumber": 1e99999999}',
    "a small exponent": b'{"CustomerNumber": 1e-99999999}',
    "a zero with an exponent": b'{"CustomerNumber": 0e99999999}',
    "many digits": b'{"CustomerNumber": ' + b"9" * 100_000 + b"}",
    "nesting": b"[" * 200_000,
    "nesting that ends": b'{"CustomerNumber": ' + b"[" * 900 + b"]" * 900 + b"}",
    "no number": b'{"CustomerNumber": NaN}',
}


def answering(body: bytes) -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda request: httpx2.Response(200, content=body))


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_p21_answers_without_measure_break_the_contract(body: bytes) -> None:
    p21 = open_p21(parse_settings(GATEWAY), {"gateway_key": "k"}, transport=answering(body))
    with pytest.raises(Failed) as told:
        p21.customer("1")
    assert isinstance(told.value.failure, Defect)
    assert told.value.failure.code == "p21.contract"


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_store_answers_without_measure_are_broken(body: bytes) -> None:
    store = open_store(STORE, KEYS, transport=answering(body))
    with pytest.raises(Failed) as told:
        store.order("17")
    assert isinstance(told.value.failure, Retry)
    assert told.value.failure.code == "webstore.broken"


@pytest.mark.parametrize("value", ["1e99999999", "1e-99999999", Decimal("1e99999999"), "NaN", "Infinity"])
def test_a_number_written_as_text_has_a_measure_too(value: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        decimal_of(value, "payment_amount")


def test_numbers_of_any_real_size_are_read() -> None:
    assert json_of(Reply(200, {}, b"\xef\xbb\xbf[79228162514264337593543950335, 4.440892098500626E-16]")) == [
        79228162514264337593543950335,
        Decimal("4.440892098500626E-16"),
    ]


def test_a_refusal_longer_than_anybody_reads_leaves_a_doubt() -> None:
    words = "Item NOPE is not valid. "
    assert refusal(words) is not None
    assert refusal(words * 1_000) is None
    assert doubtful(words * 1_000)


def strictly(text: str) -> None:
    assert isinstance(read_event(text.encode()), Unreadable)


LOOKS_MAX = 20
HOSTILE: dict[str, tuple[Callable[[str], object], Callable[[int], str]]] = {
    "an element that does not end": (
        lambda text: xml_value(text, "AccessToken"),
        lambda n: "<AccessToken " * (n // 13),
    ),
    "messages that do not end": (import_messages, lambda n: "<ImportMessage>" * (n // 15)),
    "an import set that does not end": (
        import_messages,
        lambda n: f"<ImportMessage>{'Import Set No ' * (n // 14)}</ImportMessage>",
    ),
    "a refusal": (refusal, lambda n: "item " * (n // 5)),
    "a refusal that is still read": (refusal, lambda n: "item " * (n // 160)),
    "an answer of tokens": (lambda text: said(Reply(500, {}, text.encode())), lambda n: "eyJ-" * (n // 4)),
    "a text that does not end": (strictly, lambda n: '"' + '\\"' * (n // 2)),
    "names of which the last stands twice": (
        strictly,
        lambda n: "{" + ",".join(f'"{one}":1' for one in [*range(n // 10), n // 10 - 1]) + "}",
    ),
}


@pytest.mark.parametrize(("read", "made"), HOSTILE.values(), ids=HOSTILE)
def test_work_grows_with_the_length_and_no_faster(read: Callable[[str], object], made: Callable[[int], str]) -> None:
    """Sixteen times the length, and not the 256 times the work of what looks at everything again at each place."""
    short, long = made(20_000), made(320_000)
    least_short = least_long = math.inf
    for _ in range(LOOKS_MAX):  # another program on the machine can make one look slow, and never all of them
        least_short = min(least_short, seconds_spent(read, short))
        least_long = min(least_long, seconds_spent(read, long))
        if least_long < 100 * least_short + 0.05:
            return
    pytest.fail(f"{least_long:.3f} s for the long text, {least_short:.3f} s for the short one")


def seconds_spent(read: Callable[[str], object], text: str) -> float:
    """Of the processor, by this process."""
    began = time.process_time()
    read(text)
    return time.process_time() - began
