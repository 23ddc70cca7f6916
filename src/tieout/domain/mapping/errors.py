"""What can go wrong in an expression: one error, with a place, a caret and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SUGGESTION_CHARACTERS_MAX = 80


class ExpressionError(Exception):
    """The only error an expression ends in. ``start`` and ``end`` are character offsets in its source."""

    def __init__(self, message: str, start: int = 0, end: int = 0, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = max(end, start + 1)
        self.hint = hint

    @property
    def sentence(self) -> str:
        """The message and the hint in one line, for a list of problems."""
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def show(self, source: str) -> str:
        """The message, the line of ``source`` it is about with carets below the place, and the hint."""
        first = source.rfind("\n", 0, self.start) + 1
        last = source.find("\n", first)
        line = source[first:] if last < 0 else source[first:last]
        carets = "^" * max(1, min(self.end, first + len(line)) - self.start)
        shown = [self.message, f"  {line}", f"  {' ' * (self.start - first)}{carets}"]
        return "\n".join([*shown, f"  {self.hint}"] if self.hint else shown)


class Refused(ValueError):
    """Raised by functions and operators, which do not know their place; becomes an ExpressionError with one."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def at(self, start: int, end: int) -> ExpressionError:
        """The same complaint with its place."""
        return ExpressionError(self.message, start, end, self.hint)


def suggestion(word: str, options: Iterable[str]) -> str | None:
    """ "did you mean 'money'?" when one of ``options`` looks like ``word``."""
    if len(word) > SUGGESTION_CHARACTERS_MAX:
        return None
    near = get_close_matches(word, sorted(options), 1)
    return f"did you mean {near[0]!r}?" if near else None


def shortened(text: str, characters: int = 40) -> str:
    """A text as it stands in a sentence: quoted and cut; control characters are shown, not obeyed."""
    return repr(text if len(text) <= characters else text[: characters - 1] + "…")
