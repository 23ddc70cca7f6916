"""Checks a map of accounts against P21's chart before anything is posted by it, and keeps it (accounting C1; M8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from tieout.connectors.p21._face import AccountRecord
from tieout.domain.ledger.account import ACCOUNTS, INTERBRANCH
from tieout.domain.ledger.determination import AccountMap, read_map
from tieout.domain.ledger.policy import Policy
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.keep_ledger import keep_accounts
from tieout.store import ledgers
from tieout.store.ledgers import LedgerRow

SUGGESTED = 3
MUCH_LESS = 0.25  # beside a good name, a worse one only distracts
ALIKE = 0.55  # of 1.0; below it two names have hardly a word in common
WORD = re.compile("[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class AccountProblem:
    """What is wrong with the mapping of one account, and what to do; ``number`` is empty when it has none."""

    account: str
    number: str
    sentence: str


def needed_accounts(policy: Policy) -> tuple[str, ...]:
    """The accounts that must have a P21 number whatever a row says, in the order of the chart."""
    return tuple(name for name in ACCOUNTS if name != INTERBRANCH or policy.balance_branches)


def account_problems(
    accounts: AccountMap, policy: Policy, chart: Mapping[str, AccountRecord]
) -> tuple[AccountProblem, ...]:
    """Every account without a rule that always fits, and every number that P21 does not have or has no longer."""
    missing = set(accounts.missing(needed_accounts(policy)))
    found = [_missing(name, chart) for name in ACCOUNTS if name in missing]
    for rule in accounts.rules:
        record = chart.get(rule.number)
        if record is None:
            found.append(_unknown(rule.account, rule.number, chart))
        elif not record.active:
            sentence = f"P21's account {rule.number} ({record.description}) is deleted. Name one that is in use."
            found.append(AccountProblem(rule.account, rule.number, sentence))
    return tuple(found)


def check_kept_accounts(ports: Ports, connection: str) -> tuple[AccountProblem, ...]:
    """Check the map that is kept against P21's chart as it is now. Raises Failed."""
    ledger = _ledger(ports, connection)
    if ledger.accounts is None:
        return tuple(_missing(name, {}) for name in needed_accounts(ledger.policy))
    return account_problems(ledger.accounts, ledger.policy, _chart(ports, ledger.policy))


def take_accounts(ports: Ports, connection: str, text: str, reason: str = "") -> tuple[AccountProblem, ...]:
    """Keep a map (the text of its file) when nothing is wrong with it; else answer what is. Failed(Fix) when it is no map."""
    ledger = _ledger(ports, connection)
    try:
        accounts = read_map(text)
    except ValueError as wrong:
        sentence = f"The map is not taken: {wrong}. Correct it in the file."
        raise Failed(Fix("account.map", sentence, field="account map")) from None
    chart = _chart(ports, ledger.policy)
    problems = account_problems(accounts, ledger.policy, chart)
    if not problems:
        branches = {number: one.branch_id for number, one in chart.items()}
        keep_accounts(ports.books, connection, text, branches, ports.clock(), ports.who, reason)
    return problems


def _ledger(ports: Ports, connection: str) -> LedgerRow:
    with ports.books.reading() as db:
        found = ledgers.get(db, connection)
    if found is None:
        sentence = f"No ledger is kept for {connection}. Keep it first: tieout ledger keep {connection}"
        raise Failed(Fix("ledger.missing", sentence, field="ledger", value=connection))
    return found


def _chart(ports: Ports, policy: Policy) -> Mapping[str, AccountRecord]:
    if not policy.p21:
        sentence = "The ledger names no P21, so its accounts cannot be checked. Name it: tieout ledger keep --p21 NAME"
        raise Failed(Fix("ledger.p21", sentence, field="p21"))
    _, p21 = ports.connections.p21(policy.p21)
    return p21.chart_of_accounts()


def _missing(name: str, chart: Mapping[str, AccountRecord]) -> AccountProblem:
    sentence = f"{ACCOUNTS[name].title} has no rule without conditions. Add its P21 account{_near(name, '', chart)}."
    return AccountProblem(name, "", sentence)


def _unknown(name: str, number: str, chart: Mapping[str, AccountRecord]) -> AccountProblem:
    sentence = f"P21 has no account {number}. Create it there, or name another{_near(name, number, chart)}."
    return AccountProblem(name, number, sentence)


def _near(name: str, number: str, chart: Mapping[str, AccountRecord]) -> str:
    """The accounts of the chart whose number or description is nearest, in words; nothing when none is near."""
    scored = [(_alike(name, number, one), one) for one in chart.values() if one.active]
    least = max(ALIKE, max((score for score, _ in scored), default=0.0) - MUCH_LESS)
    best = sorted((each for each in scored if each[0] >= least), key=lambda each: (-each[0], each[1].account_no))
    told = [f"{one.account_no} {one.description}" for _, one in best[:SUGGESTED]]
    return f"; near: {', '.join(told)}" if told else ""


def _alike(name: str, number: str, record: AccountRecord) -> float:
    """How alike they are, 0 to 1: by letters, by whole words in any order, and less by the number."""
    ours, theirs = ACCOUNTS[name].title.partition(" (")[0].lower(), record.description.lower()
    letters = SequenceMatcher(None, ours, theirs).ratio()
    words, others = set(WORD.findall(ours)), set(WORD.findall(theirs))
    shared = len(words & others) / max(len(words), len(others), 1)
    digits = SequenceMatcher(None, number, record.account_no).ratio() if number else 0.0
    return max(letters, shared, digits - 0.2)  # a name says more than a number that only looks alike
