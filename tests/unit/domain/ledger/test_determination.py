"""Which P21 account a line goes to: most conditions win, a clash is refused, what is missing is listed (C1; M8)."""

from __future__ import annotations

import pytest

from tieout.domain.ledger.account import CLEARING, PROCESSING, SUSPENSE
from tieout.domain.ledger.determination import AccountMap, AccountRule, read_map


def rule(number: str, account: str = PROCESSING, **when: str) -> AccountRule:
    return AccountRule(account, number, tuple(sorted(when.items())))


MAP = AccountMap(
    [
        rule("6000"),
        rule("6100", currency="eur"),
        rule("6200", branch="10"),
        rule("6300", branch="10", currency="eur"),
        rule("1000", CLEARING),
    ]
)


@pytest.mark.parametrize(
    ("labels", "number"),
    [
        ({}, "6000"),
        ({"currency": "usd", "branch": "20"}, "6000"),
        ({"currency": "eur"}, "6100"),
        ({"branch": "10", "currency": "usd"}, "6200"),
        ({"branch": "10", "currency": "eur", "fee": "tax"}, "6300"),
    ],
)
def test_the_rule_with_most_conditions_that_fit_decides(labels: dict[str, str], number: str) -> None:
    assert MAP.number(PROCESSING, labels) == number


def test_an_account_without_a_rule_has_no_number_and_is_listed() -> None:
    assert MAP.number(SUSPENSE, {}) == ""
    assert MAP.missing([CLEARING, SUSPENSE, PROCESSING]) == [SUSPENSE]
    assert AccountMap([rule("6100", currency="eur")]).missing([PROCESSING]) == [PROCESSING], "conditions may not hold"
    assert MAP.numbers() == {"6000", "6100", "6200", "6300", "1000"}


def test_two_rules_that_could_both_fit_are_refused_unless_a_third_decides() -> None:
    clash = [rule("6100", currency="eur"), rule("6200", branch="10")]
    with pytest.raises(ValueError, match="could both fit one line; add a rule for"):
        AccountMap(clash)
    assert AccountMap([*clash, rule("6300", branch="10", currency="eur")])
    assert AccountMap([rule("6100", currency="eur"), rule("6200", currency="gbp")]), "never both"
    assert AccountMap([rule("6100", currency="eur"), rule("6100", branch="10")]), "the same number either way"


def test_one_place_with_two_numbers_is_refused() -> None:
    with pytest.raises(
        ValueError, match="processing_fees with currency = eur is mapped to both 6100 and 6200; keep one"
    ):
        AccountMap([rule("6100", currency="eur"), rule("6200", currency="eur")])


def test_a_map_is_read_from_its_file() -> None:
    text = '[[account]]\nname = "stripe_clearing"\nnumber = " 1000 "\n[[account]]\nname = "stripe_clearing"\nnumber = "1001"\ncurrency = "eur"\n'
    read = read_map(text)
    assert (read.number(CLEARING, {}), read.number(CLEARING, {"currency": "eur"})) == ("1000", "1001")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[account", "the account map is no TOML file"),
        ("", r"has no \[\[account\]\] table"),
        ("account = 1", r"has no \[\[account\]\] table"),
        ("account = [1]", r"\[\[account\]\] 1 is no table"),
        ('[[account]]\nname = "petty_cash"\nnumber = "1"', "1: name 'petty_cash' is none of stripe_clearing, "),
        ('[[account]]\nname = "stripe_clearing"', r"1 \(stripe_clearing\): number '' must have 1 to 32 characters"),
        ('[[account]]\nname = "stripe_clearing"\nnumber = 1000', "1: number must be a text, got 1000"),
        ('[[account]]\nname = "stripe_clearing"\nnumber = "1"\ncolour = "red"', "'colour' is no condition; known: category, "),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_named_with_its_table(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_map(text)
