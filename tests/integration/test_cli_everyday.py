"""What people expect of a command line: help at once, statuses that scripts can tell apart, lists, state, JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import tieout
from tests.integration.test_cli import file_with
from tieout.cli._commands import PLACES, _loaded
from tieout.cli._printing import NEEDS_A_PERSON, NO_SUCH_THING, REFUSED
from tieout.store.database import open_file
from tieout.store.tables import book_tables, events

HEAVY = ("sqlalchemy", "stripe", "httpx2", "cryptography", "dbos", "fastapi")


@pytest.mark.parametrize("name", PLACES)
def test_the_list_of_commands_says_of_each_what_it_says_of_itself(name: str) -> None:
    own = _loaded(name, PLACES[name]).help or ""
    assert PLACES[name].summary == own.split("\n")[0]


@pytest.mark.parametrize("words", [("-h",), ("--version",), ("--help",)])
def test_help_is_there_at_once_without_loading_what_no_help_needs(words: tuple[str, ...]) -> None:
    asked = f"import sys; sys.argv = ['tieout', *{words!r}]\nfrom tieout.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    looked = f"print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked + looked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_commands(shell: str, tmp_path: Path) -> None:
    typed = {"COMP_WORDS": "tieout re", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "tieout re"}
    fish = {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    ran = tieout(tmp_path, _TIEOUT_COMPLETE=f"complete_{shell}", **typed, **fish)
    assert {"replay", "resolve"} <= set(re.findall(r"\w+", ran.out))


def test_a_mistyped_command_is_told_what_was_meant(tmp_path: Path) -> None:
    ran = tieout(tmp_path, "rums")
    assert ran.status == 2
    assert "runs" in ran.said


def test_statuses_tell_refused_from_not_found_from_needing_a_person(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert tieout(tmp_path, "runs").status == 0
    assert tieout(tmp_path, "runs", "--state", "perked").status == REFUSED
    assert tieout(tmp_path, "show", "R999").status == NO_SUCH_THING
    assert tieout(tmp_path, "status").status == NEEDS_A_PERSON


def test_status_says_what_is_missing_and_how_to_begin(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    said = tieout(tmp_path, "status", TIEOUT_WEBHOOK_PORT="1", TIEOUT_PAGE_PORT="1").said
    for words in ("start one: tieout work", "start it: tieout serve", "add one: tieout connect", "Parked none"):
        assert words in said


def test_status_for_machines_is_one_object(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    found = json.loads(tieout(tmp_path, "status", "--json").out)
    assert found["workers"] == []
    assert found["status"]["events"] == {"acked": 0, "applied": 0, "parked": 0, "ignored": 0, "open": 0}


def test_what_is_active_is_listed(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert "order_to_cash 1" in tieout(tmp_path, "workflows", "list").said
    assert json.loads(tieout(tmp_path, "connect", "list", "--json").out) == []


def test_a_workflow_with_a_problem_needs_a_person(tmp_path: Path) -> None:
    broken = file_with(tmp_path, "next = 'who_writes_invoices'", "next = 'who_writes_invoises'")
    assert tieout(tmp_path, "workflows", "check", broken).status == NEEDS_A_PERSON


def test_journals_are_a_list_of_their_own(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert tieout(tmp_path, "runs").status == 0
    books = open_file(tmp_path / "books.sqlite", book_tables)
    moment = {"connection": "stripe", "livemode": False, "reason": "", "received_at": 1.0, "state": "parked"}
    with books.transaction() as db:
        for number, kind in enumerate(("charge.succeeded", "tieout.journal_due"), 1):
            db.execute(events.insert().values(seq=number, event_id=f"evt_{number}", type=kind, lane="x", **moment))
    assert [line["event_id"] for line in json.loads(tieout(tmp_path, "runs", "--json").out)] == ["evt_1"]
    assert [line["event_id"] for line in json.loads(tieout(tmp_path, "runs", "--journals", "--json").out)] == ["evt_2"]
    assert json.loads(tieout(tmp_path, "runs", "--json").out)[0]["received_at"] == "1970-01-01T00:00:01Z"
