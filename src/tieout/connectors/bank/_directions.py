"""Money in or out, where a bank writes it as a word beside an amount without a sign (case B9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

OUT = frozenset(
    "d dr db debit dbit debet debits af soll s out withdrawal payment ausgang belastung lastschrift débit debito débito"
    " debe dare cargo -".split()
)
IN = frozenset(
    "c cr credit crdt credits bij haben h in deposit eingang gutschrift crédit credito crédito haber avere abono +".split()
)
WORDS = OUT | IN


def word_of(cell: str) -> str:
    """A cell as the words are kept: ``D.R.`` is ``dr``."""
    return cell.strip().strip("()[]").replace(".", "").casefold()


def way_of(cell: str, money_in: Sequence[str], money_out: Sequence[str]) -> int:
    """1 for money in, -1 for money out, 0 for a word that says neither. Words of the account's own come first."""
    word = word_of(cell)
    if money_in or money_out:
        return (word in map(word_of, money_in)) - (word in map(word_of, money_out))
    return (word in IN) - (word in OUT)


class Unsigned:
    """Whether amounts without a sign stood beside a column that says which way the money went, and nobody asked it."""

    def __init__(self, used: frozenset[int]) -> None:
        self._used = used
        self._rows, self._signed = 0, False
        self._says: Counter[int] = Counter()
        self._out: set[int] = set()

    def see(self, amount: int, cells: Sequence[str]) -> None:
        """A line of the file."""
        self._rows += 1
        self._signed = self._signed or amount < 0
        for place, cell in enumerate(cells):
            if place not in self._used and (word := word_of(cell)) in WORDS:
                self._says[place] += 1
                if word in OUT:
                    self._out.add(place)

    def column(self) -> int | None:
        """The place of the column, from 0."""
        if self._signed or not self._rows:
            return None
        return next((place for place in sorted(self._out) if self._says[place] == self._rows), None)
