"""The command line: its options, and how it ends."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli._commands import Commands
from tieout.cli._printing import ended
from tieout.kernel.failures import Failed

VERSION = "0.1.0"  # as in pyproject.toml

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"tieout {VERSION}")
        raise typer.Exit


@app.callback()
def tieout(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Tieout connects Stripe and Prophet 21: every paid order written once, every write provable."""


def main() -> None:
    """Run the command line; a failure is a sentence, never a traceback."""
    try:
        app(prog_name="tieout")
    except Failed as error:
        raise SystemExit(ended(error).exit_code) from None
