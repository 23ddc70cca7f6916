"""How large an expression, its values and its work may be; every limit is named with its unit."""

from __future__ import annotations

SOURCE_CHARACTERS_MAX = 4_000
NODES_MAX = 500
DEPTH_MAX = 40

DIGITS_MAX = 34
EXPONENT_MAX = 60
TEXT_CHARACTERS_MAX = 65_536
LIST_ELEMENTS_MAX = 10_000

WORK_ELEMENTS_MAX = 10_000
WORK_STEPS_MAX = 200_000
WORK_CHARACTERS_MAX = 1_000_000

INPUT_VALUES_MAX = 200_000
INPUT_DEPTH_MAX = 60
RESULT_VALUES_MAX = 50_000
RESULT_CHARACTERS_MAX = 262_144

SENTENCES: tuple[tuple[str, int, str], ...] = (
    ("length of an expression", SOURCE_CHARACTERS_MAX, "characters"),
    ("size of an expression", NODES_MAX, "parts"),
    ("nesting of an expression", DEPTH_MAX, "levels"),
    ("digits of a number", DIGITS_MAX, "digits"),
    ("size of a number", EXPONENT_MAX, "places before or after the point"),
    ("length of a text", TEXT_CHARACTERS_MAX, "characters"),
    ("length of a list", LIST_ELEMENTS_MAX, "elements"),
    ("elements visited by map, filter and the like", WORK_ELEMENTS_MAX, "elements in one evaluation"),
    ("steps taken inside them", WORK_STEPS_MAX, "steps in one evaluation"),
    ("text read and made by functions", WORK_CHARACTERS_MAX, "characters in one evaluation"),
    ("size of a result", RESULT_VALUES_MAX, "values"),
    ("text in a result", RESULT_CHARACTERS_MAX, "characters"),
)
