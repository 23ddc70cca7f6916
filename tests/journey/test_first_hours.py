"""The first hours: ``./run`` on every Python that is there, and what it says when a part of Tieout dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDEST = (3, 11)
PYENV = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))) / "versions"
DAY = ("-m", "simulators.trial.day", "--once")


def other_pythons() -> list[str]:
    """One interpreter of each further version that Tieout claims to work on and this machine offers."""
    names = [found for minor in range(OLDEST[1], 30) if (found := shutil.which(f"python3.{minor}"))]
    by_version = {
        version: name
        for name in [*names, *map(str, sorted(PYENV.glob("3.*/bin/python3")))]
        if (version := version_of(name)) and version >= OLDEST and version != sys.version_info[:2]
    }
    return [by_version[version] for version in sorted(by_version)]


def version_of(python: str) -> tuple[int, ...] | None:
    """Major and minor; None where the name leads to no interpreter that can make an environment."""
    asked = "import sys, ensurepip, venv, sqlite3, ssl; print(*sys.version_info[:2])"
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False, timeout=60)
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else None


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(900)
@pytest.mark.parametrize("python", other_pythons())
def test_a_newcomer_may_have_any_python_from_3_11_on(python: str, tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path / "checkout")
    environment = {**os.environ, "PYTHON": python}
    done = subprocess.run(
        ["./run", "--once", "--orders", "4"], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0, doubled 0" in done.stdout.splitlines()[-1]


def copy_of_the_checkout(folder: Path) -> Path:
    """What a clone would hold, in a folder of its own: the environment is made in there."""
    for name in ("ensure", "run", "requirements-run.lock", "requirements-test.lock", "requirements-uv.lock"):
        folder.mkdir(exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("part", ["work", "serve"])
def test_when_a_part_dies_its_last_words_are_told_and_no_payment_is_called_lost(part: str) -> None:
    day = subprocess.Popen(
        [sys.executable, *DAY, "--orders", "60"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: list[str] = []
    assert day.stdout is not None
    reader = threading.Thread(target=lines.extend, args=(iter(day.stdout.readline, ""),))
    reader.start()
    os.kill(child_of(day.pid, part), signal.SIGKILL)
    status = day.wait(120)
    reader.join()
    said = "".join(lines)
    assert status == 1
    assert f"tieout {part} ended with status -9. It said last:" in said
    assert "lost" not in said


def child_of(parent: int, part: str) -> int:
    """The process of one part, once it runs and has said that it has begun."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
            if part.encode() in words:
                return int(number)
        time.sleep(0.05)
    raise AssertionError(f"no child of {parent} is called {part}")
