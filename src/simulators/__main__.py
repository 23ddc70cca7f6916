"""Starts one simulator on a port: ``python -m simulators p21 --port 8481 --seed 1 --option name=value``."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable

from simulators.server import Serving
from simulators.world import World

KINDS = ("stripe", "p21", "webstore")


def serve(kind: str, port: int, seed: int, options: dict[str, str], say: Callable[[str], object]) -> None:
    """Serve one simulator until interrupted."""
    simulator = importlib.import_module(f"simulators.{kind}").build(World(seed), options)
    with Serving(simulator, port) as serving:
        say(f"{kind} simulator: {serving.url}")
        try:
            serving.wait()
        except KeyboardInterrupt:
            return


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="simulators", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    if unfit := [pair for pair in arguments.option if "=" not in pair]:
        parser.error(f"--option takes name=value, got {unfit[0]!r}")
    options = dict(pair.split("=", 1) for pair in arguments.option)
    try:
        serve(arguments.kind, arguments.port, arguments.seed, options, lambda text: print(text, flush=True))
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
