"""No card number and no key in clear, whatever it is hidden in (security S41, S42; reliability G2, G7, G9)."""

from __future__ import annotations

import json
import logging
import random
import timeit

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
        prefix, length = dice.choice([("36", 14), ("34", 15), ("37", 15), ("4", 16), ("55", 16), ("6011", 16)])
        number = luhn(prefix + "".join(dice.choice("0123456789") for _ in range(length - 1 - len(prefix))))
        marks = ["", " ", "-", ".", ", ", ":", "*", "|", "+"] if length == 16 else ["", " ", "-", "."]
        shown = dice.choice(marks).join(number[i : i + 4] for i in range(0, length, 4))
        text = redact(f"paid with {shown}, thanks")
        assert shown not in text
        assert number[-4:] in text


@pytest.mark.parametrize(
    "innocent",
    [
        "order 1013938",
        "2026-09-12T08:30:00Z",
        "20261121082054",
        "1790000000000",
        "+1 555 010 9999",
        "+49 1512 3456784",
        "pi_3Nabc4242424242424241",
        "cs_test_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6",
        "orders 1013938, 1013939, 4000123",
        "12,345,678.90, 4,500.00, 3,200.10",
        "1790000000,1790000001,1790000002",
        "08:30:00, 12:45:10, 16:20:30",
        "455555555555550",
        "655555555555551",
        "the Basic subscription and a bearer bond",
        "write to pat@x.example or see https://shop.example/a@b",
    ],
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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4242 4242 4242 4242 12/27 cvc 123", "[card number …4242] 12/27 cvc 123"),
        ("4242424242424242 123", "[card number …4242] 123"),
        ("4242,4242,4242,4242", "[card number …4242]"),
        ("4242:4242:4242:4242", "[card number …4242]"),
        ("4242*4242|4242+4242", "[card number …4242]"),
        ("3782|822463|10005", "[card number …0005]"),
        ("4,2,4,2,4,2,4,2,4,2,4,2,4,2,4,2", "[card number …4242]"),
        ("94242424242424242", "9[card number …4242]"),
        ("14242 4242 4242 4242", "1[card number …4242]"),
        ("4242424242424242123", "[card number …4242]123"),
        ("4242424242424242-12/27", "[card number …4242]-12/27"),
        ("order 2 4242424242424242", "order 2 [card number …4242]"),
        ("card4242424242424242", "card[card number …4242]"),
        ("4242\u00a04242\u00a04242\u00a04242", "[card number …4242]"),
        ("4242\u200b4242\u200b4242\u200b4242", "[card number …4242]"),
        ("4242/4242/4242/4242", "[card number …4242]"),
        ("4242  4242  4242  4242", "[card number …4242]"),
        ("4242_4242_4242_4242", "[card number …4242]"),
        ("42424242424242425555555555554444", "[card number …4242][card number …4444]"),
        ("３７８２８２２４６３１０００５", "[card number …0005]"),
    ],
)
def test_a_card_number_is_found_between_other_digits_and_behind_any_separator(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_a_card_number_on_several_lines_is_found_before_they_become_one() -> None:
    assert printable("4242\n4242\n4242\n4242") == "[card number …4242]"
    assert printable("4242\x004242\x004242\x004242") == "[card number …4242]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pi_3Nabcdefghijklmnop_secret_AbCdEfGhIjKlMnOp", "pi_3Nabcdefghijklmnop_secret_…"),
        ("Authorization: Basic dXNlcjpodW50ZXIyaHVudGVyMg==", "Authorization: Basic …"),
        ("basic dXNlcjpodW50ZXI", "basic …"),
        ("bearer abcdefghijklmnop", "bearer …"),
        ("BEARER: abc1defg", "BEARER: …"),
        ("https://user:hunter2@p21.example.com/x", "https://…@p21.example.com/x"),
        ("https://:hunter2@p21.example.com/x", "https://…@p21.example.com/x"),
        ("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDIn0..abcdefgh.ijklmnopqrst.uvwxyz", "eyJhbGci…"),
        ("token_eyJhbGciOiJkaXIiLCJlbmMiOiJB", "token_eyJhbGci…"),
        ("x_sk_live_a1b2c3d4e5f6", "x_sk_live_…"),
    ],
)
def test_secrets_of_other_kinds_are_cut_too(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "piece", ["eyJ-", "4", "4 ", "4242 ", "4-", "://", "bearer:", "basic ", "Basic AAAA", "_secret_", "sk_live_", "+4"]
)
def test_the_work_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        return min(timeit.repeat(lambda: printable(text), number=1, repeat=3))

    assert seconds(160_000) < 100 * seconds(10_000) + 0.05


def test_what_is_printed_stays_on_one_line_without_tricks() -> None:
    assert printable("a\r\nb\tc\x1b[31m\u202edlrow\u200b") == "a  b c\ufffd[31m\ufffddlrow\ufffd"


def test_a_log_line_is_one_line_of_json_whatever_is_in_it() -> None:
    record = logging.LogRecord("tieout", logging.INFO, "", 0, "run\nparked", (), None)
    record.fields = {"sentence": 'rk_test_abcdefghijkl\n{"forged": true}', "tries": 3, "none": None}
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "abcdefghijkl" not in line
    assert json.loads(line)["tries"] == 3
