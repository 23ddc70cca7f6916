"""A process with a durable engine, for tests: python engine_process.py FOLDER WORKER PIECES SECONDS_PER_LEG [DEAD_WORKER]."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tieout.engine import Rest, Work
from tieout.engine.durable_engine import DurableEngine


def main() -> None:
    """Submit the pieces (the same ids each time), work until the journal has them all, then say done."""
    folder, worker, pieces, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    journal = folder / "journal"

    def leg(argument: str) -> Rest:
        with journal.open("a") as file:
            file.write(f"begin {argument} {worker}\n")
        time.sleep(seconds)
        with journal.open("a") as file:
            file.write(f"end {argument} {worker}\n")
        return Rest()

    engine = DurableEngine(folder / "engine.sqlite", worker, leg)
    engine.launch()
    for number in range(pieces):
        engine.submit(Work(f"{number:012d}", f"lane{number % 3}", str(number)))
    engine.take_over(sys.argv[5:6])
    print("started", flush=True)
    while len({line for line in journal.read_text().splitlines() if line.startswith("end")}) < pieces:
        time.sleep(0.05)
    print("done", flush=True)
    if sys.argv[6:] == ["forget"]:
        print(_forgotten(engine, pieces), flush=True)
    engine.close()


def _forgotten(engine: DurableEngine, pieces: int) -> str:
    """What is asked about ended work before and after it is forgotten."""
    ids = [f"{number:012d}" for number in range(pieces)]
    while engine.keeps(ids):  # a leg that has written its last line still has its end to record
        time.sleep(0.05)
    early = engine.forget_ended(time.time() - 3600)
    return f"early {early} late {engine.forget_ended(time.time() + 60)} again {engine.forget_ended(time.time() + 60)}"


if __name__ == "__main__":
    main()
