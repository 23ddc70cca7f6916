"""A line of the log keeps its name, its level and its time, whatever fields it is given (case T5)."""

from __future__ import annotations

import ast
import json
import logging

import pytest

from tests.tidy.repository import PRODUCT, named, tree
from tieout.kernel.log import OWN, JsonLines, log


def line_of(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    (record,) = caplog.records
    line: dict[str, object] = json.loads(JsonLines().format(record))
    return line


@pytest.mark.parametrize("field", sorted(OWN - {"level"}))
def test_a_field_never_takes_the_place_of_what_the_line_says_by_itself(
    caplog: pytest.LogCaptureFixture, field: str
) -> None:
    with caplog.at_level(logging.ERROR, logger="tieout"):
        log("unexpected error", logging.ERROR, **{field: 38})
    line = line_of(caplog)
    assert (line["event"], line["level"], line[f"{field}_"]) == ("unexpected error", "error", 38)
    assert str(line["at"]).endswith("Z")


def test_other_fields_keep_their_names(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="tieout"):
        log("event parked", logging.ERROR, event_id="evt_1", why="card 4242424242424242")
    assert line_of(caplog) | {"at": ""} == {
        "at": "",
        "level": "error",
        "event": "event parked",
        "event_id": "evt_1",
        "why": "card [card number …4242]",
    }


def test_no_line_of_ours_is_given_such_a_field() -> None:
    calls = [(module, node) for module in PRODUCT for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    logged = [(m, node) for m, node in calls if isinstance(node.func, ast.Name) and node.func.id == "log"]
    assert len(logged) > 20
    assert [named(m) for m, node in logged if {word.arg for word in node.keywords} & OWN] == []
