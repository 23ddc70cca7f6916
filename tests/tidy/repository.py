"""The files of the repository, for the tests that read it as text."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURES = {".png", ".jpg", ".ico", ".gif", ".webp"}
PRODUCT = sorted((ROOT / "src" / "tieout").rglob("*.py"))
MODULES = sorted((ROOT / "src").rglob("*.py"))


def named(path: Path) -> str:
    """The path as a person writes it, from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def tree(module: Path) -> ast.Module:
    """The module, parsed."""
    return ast.parse(module.read_text(encoding="utf-8"))


def imports(module: Path) -> set[str]:
    """The top-level names of all that the module imports, at its head or late."""
    nodes = list(ast.walk(tree(module)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names}


def text_files() -> Iterator[Path]:
    """Every text file that git does not ignore. Works without git, which a bare machine lacks."""
    ignored = [".git", *_ignored()]
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not _matches(name, ignored)]
        for name in files:
            path = Path(folder, name)
            if not _matches(name, ignored) and path.suffix not in PICTURES and path.is_file():
                yield path


def _ignored() -> list[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [line.strip("/") for line in lines if line and not line.startswith("#")]


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
