"""Runs ``tieout …`` inside the test: the real entry, without the half second that a process of its own takes."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tieout.cli import main

WIDE = "2000"  # columns, so that no sentence is broken over lines


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All it said, with every run of spaces as one."""
        return " ".join(f"{self.out} {self.err}".split())


def tieout(folder: Path, *words: str, **variables: str) -> Ran:
    """Run one command on an installation, with nobody at the keyboard. Any traceback fails the test."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    environment = {"TIEOUT_FOLDER": str(folder), "COLUMNS": WIDE, **variables}
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "argv", ["tieout", *words]),
        patch.object(sys, "stdin", io.StringIO()),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Ran(status, out.getvalue(), err.getvalue())
