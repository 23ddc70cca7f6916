"""The durable engine really killed: nothing is lost, lanes keep their order, another worker takes over (D1, D14, D15)."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("engine_process.py")


def start(folder: Path, worker: str, *more: str) -> subprocess.Popen[str]:
    (folder / "journal").touch()
    command = [sys.executable, str(PROGRAM), str(folder), worker, "30", "0.02", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def said(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().strip() == word


def wait_for_lines(folder: Path, least: int) -> list[str]:
    for _ in range(400):
        lines = (folder / "journal").read_text().splitlines()
        if len(lines) >= least:
            return lines
        time.sleep(0.02)
    raise AssertionError(f"only {len(lines)} lines in the journal")


@pytest.mark.alone
def test_a_killed_worker_goes_on_where_it_was_and_lanes_keep_their_order(tmp_path: Path) -> None:
    first = start(tmp_path, "worker-1")
    said(first, "started")
    wait_for_lines(tmp_path, 12)
    first.kill()
    first.wait()
    second = start(tmp_path, "worker-1")
    said(second, "started")
    said(second, "done")
    assert second.wait(20) == 0
    ends = [int(line.split()[1]) for line in (tmp_path / "journal").read_text().splitlines() if line.startswith("end")]
    for lane in range(3):
        order = list(dict.fromkeys(number for number in ends if number % 3 == lane))
        assert order == list(range(lane, 30, 3))


@pytest.mark.alone
def test_another_worker_takes_over_what_a_dead_one_was_doing(tmp_path: Path) -> None:
    dead = start(tmp_path, "worker-1")
    said(dead, "started")
    wait_for_lines(tmp_path, 8)
    dead.kill()
    dead.wait()
    alive = start(tmp_path, "worker-2", "worker-1")
    said(alive, "started")
    said(alive, "done")
    ends = {line.split()[1] for line in (tmp_path / "journal").read_text().splitlines() if line.startswith("end")}
    assert ends == {str(number) for number in range(30)}


@pytest.mark.alone
def test_ended_work_is_forgotten_after_a_while_and_not_before(tmp_path: Path) -> None:
    process = start(tmp_path, "worker-1", "", "forget")
    said(process, "started")
    said(process, "done")
    said(process, "early 0 late 30 again 0")
    assert process.wait(20) == 0
