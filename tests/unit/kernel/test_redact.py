"""No card number and no key in clear, whatever it is hidden in (security S41, S42; reliability G2, G7, G9)."""

from __future__ import annotations

import json
import logging
import random

import pytest

from tieout.kernel.log import JsonLines
from tieout.kernel.redact import printable, redact


def luhn(body: str) -> str:
    digits = [int(c) for c in body]
    doubled = sum(sum(divmod(2 * d, 10)) for d in digits[::-2])
    return body + str(-(doubled + sum(digits[-2::-2])) % 10)


def test_a_thousand_card_numbers_with_separators_are_all_masked() -> None:
    dice = random.Random(7)
    for _ in range(1_000):
        length = dice.choice([14, 15, 16])
        number = luhn(dice.choice("3456") + "".join(dice.choice("0123456789") for _ in range(length - 2)))
        shown = dice.choice(["", " ", "-", "."]).join(number[i : i + 4] for i in range(0, length, 4))
        text = redact(f"paid with {shown}, thanks")
        assert shown not in text
        assert number[-4:] in text


@pytest.mark.parametrize(
    "innocent", ["order 1013938", "2026-09-12T08:30:00Z", "+1 555 010 9999", "pi_3Nabc4242424242424241"]
)
def test_other_numbers_stay(innocent: str) -> None:
    assert redact(innocent) == innocent


@pytest.mark.parametrize(
    "secret",
    [
        "sk_live_" + "a1" * 12,
        "rk_test_" + "Zz9" * 9,
        "whsec_" + "abcDEF123" * 3,
        "ck_" + "0a" * 20,
        "Bearer abcdef1234567890",
    ],
)
def test_keys_are_cut_to_their_kind(secret: str) -> None:
    assert secret not in redact(f"key {secret} refused")


def test_what_is_printed_stays_on_one_line_without_tricks() -> None:
    assert printable("a\r\nb\tc\x1b[31m\u202edlrow\u200b") == "a  b c\ufffd[31m\ufffddlrow\ufffd"


def test_a_log_line_is_one_line_of_json_whatever_is_in_it() -> None:
    record = logging.LogRecord("tieout", logging.INFO, "", 0, "run\nparked", (), None)
    record.fields = {"sentence": 'rk_test_abcdefghijkl\n{"forged": true}', "tries": 3, "none": None}
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "abcdefghijkl" not in line
    assert json.loads(line)["tries"] == 3
