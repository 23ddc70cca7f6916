"""Where the surname begins in a person's full name."""

from __future__ import annotations

from typing import Final

TITLES: Final = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herr", "frau"])
SUFFIXES: Final = frozenset(["jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "dds", "cpa"])
PARTICLES: Final = frozenset(
    [
        "al",
        "bin",
        "da",
        "de",
        "del",
        "della",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "st",
        "ter",
        "van",
        "von",
        "zu",
    ]
)
WORDS_MAX = 30


def words(full_name: str) -> list[str]:
    """The words of the name in spoken order, without titles and suffixes: 'Smith, Ann' is Ann Smith."""
    family, comma, given = full_name[:500].partition(",")
    if comma and _bare(given) not in SUFFIXES:
        full_name = f"{given} {family}"
    found = [word.strip(",") for word in full_name[:500].split()[:WORDS_MAX]]
    while len(found) > 1 and _bare(found[0]) in TITLES:
        del found[0]
    while len(found) > 1 and _bare(found[-1]) in SUFFIXES:
        del found[-1]
    return [word for word in found if word]


def surname_at(name: list[str]) -> int:
    """The index of the word that begins the surname; particles such as 'van der' belong to it."""
    start = len(name) - 1
    while start > 1 and _bare(name[start - 1]) in PARTICLES:
        start -= 1
    return max(start, 1)


def _bare(word: str) -> str:
    return word.strip(" .,").casefold()
