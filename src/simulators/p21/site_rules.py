"""Rules that a site has made for itself (P21 facts §12): a row that breaks one is refused, in the site's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulators.p21.refusals import Refused

TESTS = frozenset({"", "is", "empty", "longer", "taken"})


@dataclass(frozen=True, slots=True)
class SiteRule:
    """A rule over one column of a table; ``words`` may name the value as {value}.

    ``test``: "is" refuses the value ``detail``, "empty" refuses none, "longer" refuses more than ``detail`` characters,
    "taken" refuses what another row has, "" refuses any value that is written. The words of such rules are the site's: synthetic.
    """

    table: str
    column: str
    words: str
    test: str = ""
    detail: Any = None

    def __post_init__(self) -> None:
        if self.test not in TESTS:
            raise ValueError(f"site rule: test {self.test!r} is none of {', '.join(sorted(TESTS - {''}))}")

    def check(self, values: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> None:
        """Refused when the row breaks this rule; ``others`` are the rows that stand already."""
        value = values.get(self.column)
        if self._broken(value, others):
            raise Refused(self.words.format(value=value), code="site_rule", field=self.column, synthetic=True)

    def _broken(self, value: Any, others: Iterable[Mapping[str, Any]]) -> bool:
        if self.test == "empty":
            return value in (None, "")
        if value in (None, ""):
            return False
        if self.test == "is":
            return str(value) == str(self.detail)
        if self.test == "longer":
            return len(str(value)) > int(self.detail)
        return self.test == "" or any(row[self.column] == value for row in others)
