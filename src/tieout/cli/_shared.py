"""What all commands share: opening the house, who acts, files and secrets that a person gives."""

from __future__ import annotations

import logging
import os
import pwd
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli._printing import ended, err, out, print_json, print_table, say, say_hash
from tieout.domain.audit.act import Actor
from tieout.kernel.failures import Failed, Fix

if TYPE_CHECKING:
    from tieout.app.house import House
    from tieout.settings import Settings

__all__ = ["ended", "err", "out", "print_json", "print_table", "say", "say_hash"]

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
    settings = _settings_for(folder)
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
    except Exception as error:
        from tieout.app.installation import failed_file

        if known := failed_file(settings.folder, error):
            raise ended(known) from None
        raise
    finally:
        house.close()


def folder_of(folder: Path | None) -> Path:
    """The folder of the installation that is meant, whether there is one or not."""
    return _settings_for(folder).folder


def _settings_for(folder: Path | None) -> Settings:
    from tieout.settings import read_settings

    return read_settings(**({} if folder is None else {"folder": folder}))


def _opened(settings: Settings) -> House:
    from tieout.app.house import open_house

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


def text_of(file: Path) -> str:
    """The text of a file that was named, without a byte order mark at its head. Failed(Fix) when it cannot be read or is no text."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        sentence = f"{file} is not a text file in UTF-8. Save it as UTF-8, or name the right file."
        raise Failed(Fix("cli.file", sentence, field=str(file))) from None
    except OSError as error:
        sentence = f"{file} cannot be read ({error.strerror}). Correct its permissions, or name the right file."
        raise Failed(Fix("cli.file", sentence, field=str(file))) from None


def start_logging(level: str) -> None:
    """Log JSON lines to standard error."""
    from tieout.kernel.log import JsonLines

    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(JsonLines())
    logging.getLogger().handlers[:] = [stream]
    logging.getLogger("tieout").setLevel(level)


def secrets_of(needed: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Secrets by their environment variable: from there, or asked for without echo; never from arguments, which ``ps`` shows.

    ``needed`` are (what it is, its variable). Failed(Fix) names all that are missing where nobody can be asked.
    """
    missing = [(what, variable) for what, variable in needed if not os.environ.get(variable)]
    if missing and not sys.stdin.isatty():
        raise Failed(Fix("cli.secret", _missing(missing), field=missing[0][1]))
    asked = {variable: str(typer.prompt(what, hide_input=True)) for what, variable in missing}
    return {variable: asked.get(variable) or os.environ[variable] for _, variable in needed}


def _missing(secrets: Sequence[tuple[str, str]]) -> str:
    whats, variables = zip(*secrets, strict=True)
    if len(secrets) == 1:
        return f"{whats[0]} is missing. Set the environment variable {variables[0]}."
    return f"{' and '.join(whats)} are missing. Set the environment variables {' and '.join(variables)}."
