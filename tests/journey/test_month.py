"""A month of money is closed: every row posted once, every payout tied out or broken for a reason that has a name."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

LAST = re.compile(r"payouts (\d+), tied out (\d+), breaks (\d+) explained, off by (-?\d+)")
SECONDS_MAX = 800


def played(*words: str, seed: int = 1) -> tuple[int, list[str]]:
    """The exit status and the lines of a month with few charges."""
    command = [
        sys.executable,
        "-m",
        "simulators.trial.day",
        "--scenario",
        "month",
        "--once",
        "--seed",
        str(seed),
        *words,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(SECONDS_MAX + 30)
def test_a_month_of_everything_ties_out_but_for_what_is_named() -> None:
    status, lines = played("--charges", "60")
    said = "\n".join(lines)
    found = LAST.fullmatch(lines[-1])
    assert found, said
    payouts, tied_out, breaks, off = (int(figure) for figure in found.groups())
    assert (status, off) == (0, 0), said
    assert "WRONG" not in said
    assert payouts > 30 and 0.8 * payouts < tied_out < payouts
    assert breaks >= payouts - tied_out, "what does not tie out has a break that says why"
    for told in ("goodwill_gift", "is parked; fix and replay it", "Ask the bank for its fee"):
        assert told in said
    assert currencies(lines) == dict.fromkeys(("EUR", "JPY", "KWD", "USD"), "ties out")


def currencies(lines: list[str]) -> Mapping[str, str]:
    """The proof that was typed first: by currency, what it says at its end."""
    start = next(place for place, line in enumerate(lines) if line.startswith("$ tieout ledger prove"))
    rows = (line.split() for line in lines[start + 3 : start + 7])
    return {row[0]: " ".join(row[-2:]) for row in rows}
