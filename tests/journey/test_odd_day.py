"""What a controller sees on a day of odd cases: each is right, or asks the one question that a person must answer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAST = re.compile(r"stories (\d+), right (\d+), asked (\d+) \(all expected\), wrong 0, silent 0")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_day_of_odd_cases_ends_with_nothing_wrong_and_nothing_silent() -> None:
    words = [sys.executable, "-m", "simulators.trial.day", "--scenario", "odd", "--once"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    last = LAST.fullmatch(done.stdout.rstrip().splitlines()[-1])
    assert done.returncode == 0 and last, done.stdout + done.stderr
    stories, right, asked = map(int, last.groups())
    assert stories == right + asked
