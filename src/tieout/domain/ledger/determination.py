"""Account determination: which P21 account a line goes to, chosen by rules that are data (accounting C1; M8)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tieout.domain.ledger.account import ACCOUNTS

CONDITIONS = ("category", "type", "fee", "currency", "stripe", "branch", "location", "product")
NUMBER_CHARACTERS_MAX = 32


@dataclass(frozen=True, slots=True)
class AccountRule:
    """One rule: lines of ``account`` for which all of ``when`` holds go to the P21 account ``number``."""

    account: str
    number: str
    when: tuple[tuple[str, str], ...] = ()

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Whether every condition holds."""
        return all(labels.get(name, "") == value for name, value in self.when)


class AccountMap:
    """All rules of a ledger. The rule with most conditions wins; two equally narrow ones that differ are refused."""

    def __init__(self, rules: Sequence[AccountRule]) -> None:
        self.rules = tuple(rules)
        self._by_account: dict[str, list[AccountRule]] = {}
        for rule in sorted(rules, key=lambda rule: -len(rule.when)):
            self._by_account.setdefault(rule.account, []).append(rule)
        if twice := _ambiguous(rules):
            raise ValueError(twice)

    def number(self, account: str, labels: Mapping[str, str]) -> str:
        """P21's account number, or an empty text when no rule fits."""
        return next((rule.number for rule in self._by_account.get(account, ()) if rule.fits(labels)), "")

    def numbers(self) -> set[str]:
        """Every P21 account that is named."""
        return {rule.number for rule in self.rules}

    def missing(self, needed: Iterable[str]) -> list[str]:
        """The accounts that have no rule without conditions: a line could find no number."""
        whole = {rule.account for rule in self.rules if not rule.when}
        return sorted(set(needed) - whole)


def read_map(text: str) -> AccountMap:
    """The map in a file of ``[[account]]`` tables; ValueError names the table and field that is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(f"the account map is no TOML file: {wrong}") from None
    tables = document.get("account")
    if not isinstance(tables, list) or not tables:
        raise ValueError("the account map has no [[account]] table")
    return AccountMap([_rule(place, table) for place, table in enumerate(tables, 1)])


def _rule(place: int, table: object) -> AccountRule:
    if not isinstance(table, dict):
        raise ValueError(f"[[account]] {place} is no table")
    given = {str(name): value for name, value in table.items()}
    for name, value in given.items():
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"[[account]] {place}: {name} must be a text, got {value!r}")
    account, number = given.pop("name", ""), given.pop("number", "").strip()
    if account not in ACCOUNTS:
        raise ValueError(f"[[account]] {place}: name {account!r} is none of {', '.join(ACCOUNTS)}")
    if not number or len(number) > NUMBER_CHARACTERS_MAX:
        raise ValueError(
            f"[[account]] {place} ({account}): number {number!r} must have 1 to {NUMBER_CHARACTERS_MAX} characters"
        )
    if unknown := sorted(set(given) - set(CONDITIONS)):
        raise ValueError(
            f"[[account]] {place} ({account}): {unknown[0]!r} is no condition; known: {', '.join(CONDITIONS)}"
        )
    return AccountRule(account, number, tuple(sorted((name, value.strip()) for name, value in given.items())))


def _ambiguous(rules: Sequence[AccountRule]) -> str:
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    for rule in rules:
        kept = seen.setdefault((rule.account, rule.when), rule.number)
        if kept != rule.number:
            when = ", ".join(f"{name} = {value}" for name, value in rule.when) or "no condition"
            return f"{rule.account} with {when} is mapped to both {kept} and {rule.number}; keep one"
    return _overlap(rules)


def _overlap(rules: Sequence[AccountRule]) -> str:
    """Two rules of equal width on different conditions could both fit one line: one with the conditions of both decides."""
    known = {(rule.account, rule.when) for rule in rules}
    for place, one in enumerate(rules):
        for other in rules[place + 1 :]:
            both = tuple(sorted({*one.when, *other.when}))
            if _could_clash(one, other) and (one.account, both) not in known:
                return (
                    f"{one.account}: the rules {dict(one.when)} and {dict(other.when)} could both fit one line; "
                    f"add a rule for {dict(both)}"
                )
    return ""


def _could_clash(one: AccountRule, other: AccountRule) -> bool:
    if one.account != other.account or one.number == other.number or len(one.when) != len(other.when):
        return False
    shared = dict(one.when).keys() & dict(other.when).keys()
    return one.when != other.when and all(dict(one.when)[name] == dict(other.when)[name] for name in shared)
