"""./crash --cycles N: a long run of the kill loop; the last line is the verdict."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.crash.harness import DIALECTS, random_cycles


def main() -> None:
    """Run the cycles and print the verdict."""
    parser = argparse.ArgumentParser(prog="./crash", description=__doc__)
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dialect", choices=tuple(DIALECTS), default="middleware", help="how P21 is spoken to")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tieout-crash-") as folder:
        found = random_cycles(
            Path(folder),
            chosen.cycles,
            chosen.seed,
            dialect=chosen.dialect,
            say=lambda text: print(text, flush=True),
        )
    for text in found.faults:
        print(f"WRONG: {text}")
    print(
        f"cycles {chosen.cycles}, acked {found.acked}, lost {len(found.lost)}, doubled {len(found.doubled)}, "
        f"unbalanced {len(found.unbalanced)}, wrong {len(found.wrong)}"
    )
    sys.exit(0 if found.clean else 1)


if __name__ == "__main__":
    main()
