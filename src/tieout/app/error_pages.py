"""Writes the pages of failure codes from their list: ``python -m tieout.app.error_pages docs/errors``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tieout.kernel.failure_codes import Area, Code, areas

HEAD = """# What went wrong

Each failure has a code that never changes. `tieout show` prints it under the sentence, and so do the log and `--json`.
Look the code up here: what happened, why, what to do, and what happens by itself.
"""


def error_pages() -> Mapping[str, str]:
    """Every page by its file name."""
    pages = {f"{name}.md": "\n".join(_page(area)) for name, area in areas().items()}
    return {"README.md": "\n".join(_index()), **pages}


def _index() -> Iterator[str]:
    yield HEAD
    for name, area in areas().items():
        yield f"- [{area.title}]({name}.md)"
    yield ""


def _page(area: Area) -> Iterator[str]:
    yield f"# {area.title}\n"
    for code in sorted(area.codes, key=lambda code: code.name):
        yield from _entry(code)


def _entry(code: Code) -> Iterator[str]:
    yield f"## `{code.name}`\n"
    yield f"{code.happened}\n"
    yield f"- **Why:** {code.why}"
    yield f"- **What to do:** {code.do}"
    yield f"- **By itself:** {code.itself}\n"


if __name__ == "__main__":
    for name, text in error_pages().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")
