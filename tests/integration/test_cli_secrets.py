"""Secrets come from the environment or from a person who is asked, never from the arguments, which ``ps`` shows."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulators.trial.pretend import SIGNING_SECRET, STRIPE_KEY, PretendSystems
from tests.command_line import tieout

SECRET = "hunter2-hunter2"
P21 = [f"--set={pair}" for pair in ("base_url=https://127.0.0.1:9", "company_id=1", "username=u", "location_id=1")]
TYPED_SECONDS_MAX = 60.0


@pytest.mark.parametrize(
    "words",
    [
        ("p21", *P21, "--password"),
        *(("stripe", option) for option in ("--key", "--write-key", "--setup-key", "--webhook-secret")),
        *(("webstore", "woocommerce", option) for option in ("--key", "--key-secret")),
    ],
    ids=lambda words: f"{words[0]} {words[-1]}",
)
def test_no_option_takes_a_secret(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = tieout(tmp_path, "connect", *words, SECRET)
    assert ran.status == 2
    assert "No such option" in ran.said
    assert SECRET not in ran.said


def terminal() -> tuple[int, int]:
    """Both ends of a terminal; a bare container has none, and nobody types there."""
    try:
        return pty.openpty()
    except OSError as error:
        pytest.skip(f"this machine has no terminals: {error}")


def test_a_person_is_asked_and_what_is_typed_is_not_shown(tmp_path: Path) -> None:
    ours, theirs = terminal()
    systems = PretendSystems(12, settle_seconds=0.2)
    words = ("connect", "stripe", "--set", f"api_base={systems.stripe_url}", "--set", "calls_per_second=100000")
    running = subprocess.Popen(
        [sys.executable, "-m", "tieout", *words],
        env={**os.environ, "TIEOUT_FOLDER": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    shown = answer(ours, "restricted key: ", STRIPE_KEY) + answer(ours, "whsec_…): ", SIGNING_SECRET)
    shown += read_until(ours, "Events are accepted")
    assert running.wait(TYPED_SECONDS_MAX) == 0
    systems.close()
    assert STRIPE_KEY not in shown
    assert SIGNING_SECRET not in shown


def answer(terminal: int, question: str, secret: str) -> str:
    """Wait for the question and type the secret; answers what was shown until then."""
    shown = read_until(terminal, question)
    time.sleep(0.2)
    os.write(terminal, f"{secret}\n".encode())
    return shown


def read_until(terminal: int, end: str) -> str:
    until, shown = time.monotonic() + TYPED_SECONDS_MAX, b""
    while time.monotonic() < until:
        shown += os.read(terminal, 4096)
        if end in shown.decode("utf-8", "replace"):
            return shown.decode("utf-8", "replace")
    raise AssertionError(shown)


@pytest.mark.parametrize("value", ["9" * 5_000, "--5", "007"])
def test_a_setting_that_is_no_ordinary_number_is_a_text(tmp_path: Path, value: str) -> None:
    ran = tieout(tmp_path, "connect", "p21", *P21, f"--set=company_id={value}x", TIEOUT_P21_SECRET=SECRET)
    assert ran.status == 1
    ran = tieout(tmp_path, "connect", "p21", *P21, f"--set=location_id={value}", TIEOUT_P21_SECRET=SECRET)
    assert ran.status == 1
    assert SECRET not in ran.said
