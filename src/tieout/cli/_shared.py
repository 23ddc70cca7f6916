"""What all commands share: opening the house, printing for people or machines, and ending with a sentence."""

from __future__ import annotations

import json
import logging
import os
import pwd
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tieout.app.house import House, open_house
from tieout.domain.audit.act import Actor
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.log import JsonLines
from tieout.kernel.redact import printable
from tieout.settings import Settings, read_settings

WIDTH_WHEN_PIPED = 160
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH_WHEN_PIPED)
err = Console(stderr=True, soft_wrap=True)

Folder = Annotated[Path | None, typer.Option("--folder", help="Where this installation keeps its files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

ActorName = Annotated[
    str, typer.Option("--actor", help="Who does this; kept in the audit trail.", envvar="TIEOUT_ACTOR")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")]


@contextmanager
def house_of(folder: Path | None, *, new: bool = False) -> Iterator[House]:
    """The installation in a folder (TIEOUT_FOLDER, or tieout-data here); a failure ends the command with a sentence.

    ``new``: where there is no such folder, it is made.
    """
    settings = read_settings(**({} if folder is None else {"folder": folder}))
    if not new and not settings.folder.exists():
        sentence = (
            f"There is no installation in {settings.folder}. Name the folder of yours (--folder, or TIEOUT_FOLDER), or begin one "
            "with: tieout connect"
        )
        raise ended(Failed(Fix("cli.folder", sentence, field="folder", value=str(settings.folder))))
    house = _opened(settings)
    try:
        yield house
    except Failed as error:
        raise ended(error) from None
    finally:
        house.close()


def _opened(settings: Settings) -> House:
    try:
        return open_house(settings, who=acting())
    except OSError as error:
        sentence = (
            f"The folder {settings.folder} cannot be used ({error.strerror}). Name another: --folder, or TIEOUT_FOLDER."
        )
        raise Failed(Fix("cli.folder", sentence, field="folder", value=str(settings.folder))) from None


def acting(actor: str = "", approver: str = "") -> Actor:
    """Who acts here: the user of the operating system, and the name that was stated (or TIEOUT_ACTOR)."""
    return Actor(_user(), actor or os.environ.get("TIEOUT_ACTOR", ""), approver)


def _user() -> str:
    """The user whose rights this process has; with ``sudo``, the one who asked for them too."""
    number = os.getuid()
    try:
        user = pwd.getpwuid(number).pw_name
    except KeyError:  # in a container a number may have no name
        user = str(number)
    asked = os.environ.get("SUDO_USER", "")
    return f"{user} (sudo by {asked})" if asked and asked != user else user


def ended(error: Failed) -> typer.Exit:
    """Say what happened and what to do, and end with status 1."""
    err.print(_plain_text(error.failure.sentence, "bold red"))
    if error.failure.detail:
        err.print(_plain_text(error.failure.detail, "dim"))
    return typer.Exit(1)


def text_of(file: Path) -> str:
    """The text of a file that was named. Failed(Fix) when it cannot be read or is no text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        sentence = f"{file} is not a text file in UTF-8. Save it as UTF-8, or name the right file."
        raise Failed(Fix("cli.file", sentence, field=str(file))) from None
    except OSError as error:
        sentence = f"{file} cannot be read ({error.strerror}). Correct its permissions, or name the right file."
        raise Failed(Fix("cli.file", sentence, field=str(file))) from None


def say(text: str, style: str = "") -> None:
    """Print a text for people. Nothing in it is markup, and none of its control characters reaches the terminal."""
    out.print(_plain_text(text, style))


def say_hash(words: str, digest: str) -> None:
    """Print a hash of our own after some words: it is compared letter by letter, and some of its digits may look like a card's."""
    line = _plain_text(words)
    out.print(line.append(f" {digest}") if re.fullmatch("[0-9a-f]{64}", digest) else line)


def print_json(value: object) -> None:
    """Print dataclasses and plain values as JSON."""
    out.print_json(json.dumps(value, default=_plain), ensure_ascii=True)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], styles: dict[str, str] | None = None) -> None:
    """Print rows as a table; a cell whose text is a key of ``styles`` takes that style."""
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_plain_text(cell, (styles or {}).get(cell, "")) for cell in row))
    out.print(table)


def start_logging(level: str) -> None:
    """Log JSON lines to standard error."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(JsonLines())
    logging.getLogger().handlers[:] = [stream]
    logging.getLogger("tieout").setLevel(level)


def secret(what: str, variable: str) -> str:
    """A secret from its environment variable, or asked for without echo; never from the arguments, which ``ps`` shows."""
    if given := os.environ.get(variable):
        return given
    if not sys.stdin.isatty():
        raise Failed(Fix("cli.secret", f"{what} is missing. Set the environment variable {variable}.", field=variable))
    return str(typer.prompt(what, hide_input=True))


def _plain_text(text: str, style: str = "") -> Text:
    return Text("\n".join(printable(line) for line in text.split("\n")), style)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
