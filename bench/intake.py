"""Durable acknowledgements per second beside the same server that only verifies and answers, in one run.

python -m bench.intake [--events 20000] [--connections 64] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import uvicorn

from bench._load import run, signed_requests
from tieout.api.webhooks import Receiver, webhook_app
from tieout.app.serving import config_of
from tieout.processes.intake import Intake, NotKept
from tieout.store.database import open_file
from tieout.store.inbox import Kept
from tieout.store.tables import inbox_tables

SECRET = "whsec_" + "b" * 32


class _NothingKept(Intake):
    """Answers without keeping: what the server can do when it only verifies."""

    def __init__(self) -> None:
        """Start no writer."""

    async def keep(self, kept: Kept) -> None:
        """Keep nothing."""
        if not kept.event_id:
            raise NotKept("an event has an id")


def _serve(durable: bool, folder: str, pipe: Connection) -> None:
    intake = Intake(open_file(Path(folder) / "inbox.sqlite", inbox_tables)) if durable else _NothingKept()
    receivers = {"stripe": Receiver("stripe", (SECRET,), False, "")}
    app = webhook_app(intake, lambda: receivers, time.time)
    server = uvicorn.Server(config_of(app, "127.0.0.1", 0))

    async def serve() -> None:
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        pipe.send(server.servers[0].sockets[0].getsockname()[1])
        await asyncio.to_thread(pipe.recv)
        server.should_exit = True
        await serving

    asyncio.run(serve())
    used = resource.getrusage(resource.RUSAGE_SELF)
    pipe.send(used.ru_utime + used.ru_stime)


def measure(durable: bool, events: int, connections: int) -> tuple[float, float, float]:
    """Events a second, CPU microseconds of the server per event, 99th percentile of the answer in milliseconds."""
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(durable, folder, there))
        process.start()
        url = f"http://127.0.0.1:{here.recv()}/webhooks/stripe/stripe"
        asyncio.run(run(url, signed_requests(url, SECRET, 500, "warm"), connections))
        requests = signed_requests(url, SECRET, events, "e")
        seconds, latencies = asyncio.run(run(url, requests, connections))
        here.send("stop")
        cpu = here.recv()
        process.join()
    return events / seconds, cpu / (events + 500) * 1e6, statistics.quantiles(latencies, n=100)[98] * 1e3


def main() -> None:
    """Measure both in turn, several rounds, and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    rows = {"durable": list[tuple[float, float, float]](), "verify only": list[tuple[float, float, float]]()}
    for _ in range(chosen.rounds):
        for name, found in rows.items():
            found.append(measure(name == "durable", chosen.events, chosen.connections))
    medians = {name: [statistics.median(column) for column in zip(*found, strict=True)] for name, found in rows.items()}
    for name, (rate, cpu, p99) in medians.items():
        print(f"{name:12} {rate:8.0f} events/s  {cpu:6.0f} us CPU/event  p99 {p99:6.1f} ms")
    share = medians["durable"][0] / medians["verify only"][0]
    print(f"durable acknowledgements are {share:.0%} of verify only (SQLite, rollback journal, full fsync)")


if __name__ == "__main__":
    main()
