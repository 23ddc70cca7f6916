"""Every failure code of the source is in the list, every entry of the list is used, and each tells a person enough."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tieout.app.error_pages import error_pages
from tieout.kernel.failure_codes import Code, areas, code_named

SOURCE = Path(__file__).parents[2] / "src" / "tieout"
LIST = SOURCE / "kernel" / "failure_codes"
KINDS = ("Fix", "Retry", "Defect")
CODES = [code for area in areas().values() for code in area.codes]


def trees() -> Iterator[ast.AST]:
    for path in sorted(SOURCE.rglob("*.py")):
        if not path.is_relative_to(LIST):
            yield ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_every_code_that_is_raised_is_in_the_list() -> None:
    written = {name for tree in trees() for name in raised(tree)}
    assert len(written) > 100, "the search finds what is raised"
    assert [name for name in sorted(written) if code_named(name) is None] == []


def test_nothing_is_in_the_list_that_the_source_does_not_know() -> None:
    texts = {node.value for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    known = {text for text in texts if isinstance(text, str)}
    assert [code.name for code in CODES if not is_known(code.name, known)] == []


def test_no_code_stands_twice_in_the_list() -> None:
    assert len({code.name for code in CODES}) == len(CODES)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_an_entry_says_what_happened_why_what_to_do_and_what_happens_by_itself(code: Code) -> None:
    for told in (code.happened, code.why, code.do, code.itself):
        assert re.fullmatch(r"\S.{5,}", told)
        assert told.endswith((".", ":")) or "tieout " in told


def raised(tree: ast.AST) -> Iterator[str]:
    """The codes of failures that are made with a text: what is put together is found by the tests that raise it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and node.args:
            yield from texts_of(node.args[0])


def texts_of(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)


def is_known(name: str, texts: set[str]) -> bool:
    """Whether the source has the whole code, or (for one that is put together) its last part."""
    return name in texts or name.endswith(".*") or name.rpartition(".")[2] in texts


def test_the_committed_pages_are_the_generated_ones() -> None:
    written = {
        path.name: path.read_text(encoding="utf-8") for path in (SOURCE.parents[1] / "docs" / "errors").glob("*.md")
    }
    assert written == error_pages(), "run: python -m tieout.app.error_pages docs/errors"
