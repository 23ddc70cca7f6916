"""Where the source says a failure code, and whether what is said there can stop a run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "tieout"
LIST = SOURCE / "kernel" / "failure_codes"
SHOWN = ("Finding", "Probe")
"""What a function answers that connect shows and no run reads."""


def parking_places(code: str) -> list[str]:
    """Places of the source, as file:line, where that code may become the failure of a run; ValueError when it is nowhere."""
    said = [(path, place) for path in _sources() for place in _places(path, code)]
    if not said:
        raise ValueError(f"{code} is said nowhere in the source")
    return [f"{path.name}:{place.lineno}" for path, place in said if _stops(_parents(path), place)]


def _sources() -> Iterator[Path]:
    return (path for path in sorted(SOURCE.rglob("*.py")) if LIST not in path.parents)


def _places(path: Path, code: str) -> list[ast.expr]:
    text = path.read_text(encoding="utf-8")
    if f'"{code}"' not in text:
        return []
    nodes = list(ast.walk(_tree(path)))
    literals = [node for node in nodes if isinstance(node, ast.Constant) and node.value == code]
    names = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and node.value in literals
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [*literals, *(node for node in nodes if isinstance(node, ast.Name) and node.id in names)]


_trees: dict[Path, ast.Module] = {}


def _tree(path: Path) -> ast.Module:
    return _trees.setdefault(path, ast.parse(path.read_text(encoding="utf-8")))


def _parents(path: Path) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(_tree(path)) for child in ast.iter_child_nodes(node)}


def _above(parents: dict[ast.AST, ast.AST], node: ast.AST) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node


def _stops(parents: dict[ast.AST, ast.AST], place: ast.AST) -> bool:
    above = list(_above(parents, place))
    made = {_called(node) for node in above}
    if made & {"Failed", "Rejected", "Retry", "Defect"} or any(isinstance(node, ast.Raise) for node in above):
        return True
    return "Fix" in made and not _only_shown(parents, place)


def _only_shown(parents: dict[ast.AST, ast.AST], place: ast.AST) -> bool:
    within = next(node for node in _above(parents, place) if isinstance(node, ast.FunctionDef))
    answer = ast.unparse(within.returns) if within.returns else ""
    if answer != "Fix":
        return answer in SHOWN
    uses = [node for node in parents if _called(node) == within.name]
    return bool(uses) and all(_only_shown(parents, use) for use in uses)


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
