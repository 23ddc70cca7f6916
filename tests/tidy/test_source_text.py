"""The source read as text: what no linter looks for. One test a rule; it lists every place that breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.repository import MODULES, PRODUCT, imports, named, tree

LINES_MAX = 400
AVOIDED = {
    "sync",
    "job",
    "jobs",
    "task",
    "tasks",
    "manager",
    "helper",
    "helpers",
    "util",
    "utils",
    "handler",
    "handlers",
}
A_FLOAT_MAY_BE = ("# seconds", "# float: ")  # a number of seconds, or a reason that a reader can judge


def found(pattern: str, modules: list[Path]) -> list[str]:
    """Every line of the modules in which the pattern is found, as ``file:line  text``."""
    return [f"{place}  {line.strip()}" for place, line in lines_of(modules) if re.search(pattern, line)]


def lines_of(modules: list[Path]) -> Iterator[tuple[str, str]]:
    for module in modules:
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{named(module)}:{number}", line


def test_a_module_says_first_what_it_is() -> None:
    first = {
        named(module): (ast.get_docstring(tree(module), clean=False) or "").partition("\n")[0] for module in MODULES
    }
    assert not [name for name, line in first.items() if not line.strip()], "say in the first line what the module is"


def test_a_module_is_short_enough_to_hold_one_idea() -> None:
    lengths = {named(module): module.read_text(encoding="utf-8").count("\n") for module in MODULES}
    assert not {name: lines for name, lines in lengths.items() if lines > LINES_MAX}, "split it by idea"


def test_names_avoid_words_that_say_nothing() -> None:
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    vague = []
    for module in MODULES:
        names = [module.stem, *(node.name for node in ast.walk(tree(module)) if isinstance(node, defined))]
        vague += [f"{named(module)}: {name}" for name in names if AVOIDED & set(words_of(name))]
    assert not vague, f"a name with one of {sorted(AVOIDED)} does not say what it is"


def words_of(name: str) -> list[str]:
    """``WriteJob`` and ``write_job`` are both write, job."""
    return re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", name).lower())


def test_nothing_is_left_for_later() -> None:
    assert not found(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", MODULES)


def test_no_failure_is_swallowed() -> None:
    swallowed = []
    for module in MODULES:
        clauses = [node for node in ast.walk(tree(module)) if isinstance(node, ast.ExceptHandler)]
        swallowed += [f"{named(module)}:{clause.lineno}" for clause in clauses if swallows(clause)]
    assert not swallowed, "name the failures that are expected, and say what becomes of them"


def swallows(clause: ast.ExceptHandler) -> bool:
    """Whether the clause catches all there is without a word: ``except:``, or ``except Exception: pass``."""
    if clause.type is None:
        return True
    kinds = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
    broad = any(isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"} for kind in kinds)
    return broad and all(isinstance(line, ast.Pass | ast.Continue) for line in clause.body)


def test_the_product_never_runs_what_it_is_given() -> None:
    dangerous = {"pickle", "marshal", "shelve", "yaml", "subprocess"}
    used_by = {named(module): used for module in PRODUCT if (used := imports(module) & dangerous)}
    assert used_by == {"src/tieout/app/page_process.py": {"subprocess"}}, (
        "which starts our own page, with a fixed command"
    )
    assert not found(r"(?<![\w.])(eval|exec|compile|__import__)\(", PRODUCT)


def test_no_amount_of_money_is_ever_a_float() -> None:
    floats = [line for line in found(r"\bfloat\(", PRODUCT) if not any(reason in line for reason in A_FLOAT_MAY_BE)]
    assert not floats, "money is whole minor units; what is none ends its line with '# seconds' or '# float: <why>'"


def test_certificates_are_always_checked() -> None:
    assert not found(r"verify\s*=\s*False|CERT_NONE", MODULES)
