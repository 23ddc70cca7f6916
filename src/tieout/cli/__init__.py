"""The command line: ``tieout …``."""

from tieout.cli.main import main

__all__ = ["main"]
