"""Texts too long for their field run over at a word into the next fields, as lines of an address do (case A13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tieout.domain.mapping.field_map import TargetField
from tieout.domain.mapping.transforms._graphemes import cut
from tieout.domain.mapping.values import Value


def run_over(targets: Sequence[TargetField], values: Mapping[str, Value]) -> dict[str, Value]:
    """The values with what was too long in the next lines; what does not fit there stays as it was, to be refused or told."""
    spread = dict(values)
    known = {target.name: target for target in targets}
    for head in _heads(targets):
        chain = _chain(head, known)
        texts = [spread.get(one.name) for one in chain]
        if any(one.name in values for one in chain) and all(text is None or isinstance(text, str) for text in texts):
            spread |= _spread(chain, [text if isinstance(text, str) else "" for text in texts])
    return {name: value for name, value in spread.items() if name in values or value}


def words_within(text: str, width: int) -> str:
    """As many whole words as fit, or as many characters as fit where the first word is longer."""
    lines = wrapped(text, width)
    return lines[0] if lines else ""


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of whole words, each at most ``width`` characters; a longer word is taken apart."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        while len(word) > width:
            piece = cut(word, width) or word[:width]
            lines.append(piece)
            word = word[len(piece) :]
        if word:
            lines.append(word)
    return lines


def _heads(targets: Sequence[TargetField]) -> list[TargetField]:
    followers = {target.onto for target in targets if target.onto}
    return [target for target in targets if target.onto and target.name not in followers]


def _chain(head: TargetField, known: Mapping[str, TargetField]) -> list[TargetField]:
    found, target = [head], head
    while target.onto:
        target = known[target.onto]
        found.append(target)
    return found


def _spread(chain: Sequence[TargetField], texts: Sequence[str]) -> dict[str, Value]:
    """A head that may be told apart (``over``) keeps what fits and gives the rest; it is cut where the rest has no room."""
    head, rest = chain[0], chain[1:]
    lines, first = list(texts), texts[0]
    width = head.length or len(first)
    if head.over and len(first) > width:
        own, *more = wrapped(first, width)
        fitted = _fitted([" ".join(more), *texts[1:]], rest)
        if fitted is not None:
            return _named(chain, [own, *fitted])
    kept, tail = ([first], texts[1:]) if head.over else ([], texts)
    fitted = _fitted(tail, rest if head.over else chain)
    return _named(chain, [*kept, *fitted]) if fitted is not None else _named(chain, lines)


def _fitted(texts: Sequence[str], fields: Sequence[TargetField]) -> list[str] | None:
    """The texts in as many lines as there are fields: each in its own, else one after the other; None without room."""
    if len(texts) == len(fields) and all(_fits(text, one) for text, one in zip(texts, fields, strict=True)):
        return list(texts)
    width = min(one.length or 65_536 for one in fields)
    apart = [line for text in texts for line in wrapped(text, width)]
    joined = wrapped(", ".join(text.strip() for text in texts if text.strip()), width)
    for lines in (apart, joined):
        if len(lines) <= len(fields):
            return [*lines, *[""] * (len(fields) - len(lines))]
    return None


def _fits(text: str, target: TargetField) -> bool:
    return target.length is None or len(text) <= target.length


def _named(chain: Sequence[TargetField], lines: Sequence[str]) -> dict[str, Value]:
    return {one.name: line for one, line in zip(chain, lines, strict=True)}
