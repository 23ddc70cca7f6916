"""The choices an accountant signs off: what is wrong with one is said with its name (accounting C4)."""

from __future__ import annotations

import pytest

from tieout.domain.ledger.policy import CHOICES, Policy


def test_a_policy_is_kept_and_read_again() -> None:
    policy = Policy(ledger_currency="eur", closed_period="reject", starts="2026-11-01", balance_branches=True)
    assert Policy.parse(policy.document()) == policy


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"colour": "red"}, "'colour' is no choice of a ledger; known: balance_branches, closed_period, "),
        ({"ledger_currency": "zzz"}, "ledger_currency 'zzz': give a currency code"),
        ({"ledger_currency": 5}, "ledger_currency 5: give a text"),
        ({"time_zone": "Middle/Earth"}, "time_zone 'Middle/Earth': give a name such as"),
        ({"time_zone": ["UTC"]}, r"time_zone \['UTC'\]: give a text"),
        ({"starts": "yesterday"}, "starts 'yesterday': give the first day that is posted as YYYY-MM-DD"),
        ({"balance_branches": "yes"}, "balance_branches 'yes': give true or false"),
        *(({name: "maybe"}, f"{name} 'maybe': give one of {allowed[0]}, ") for name, allowed in CHOICES.items()),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Policy.parse(given)
