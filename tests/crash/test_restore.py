"""The drill: a backup while money moves, everything destroyed, the backup put back: nothing lost, nothing doubled (case T3)."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.trial.auditor import Audit
from simulators.trial.pretend import PretendSystems, connect
from simulators.trial.processes import Tieout
from simulators.trial.workload import Sale, stories
from tests.crash.harness import LATE_SECONDS_MAX, REST_SECONDS_MAX, SETTLE_SECONDS, WRITES, unkind
from tieout.app.installation import BOOKS, ENGINE, INBOX, KEY, MANIFEST
from tieout.connectors.stripe.events import catalogue

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PARTS = ("serve", "work")
EVERYTHING = (BOOKS, INBOX, ENGINE, KEY, MANIFEST)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_backup_under_load_destroyed_and_put_back_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    found = drill(tmp_path, seed, EVERYTHING, put_back="restore")
    assert found.doubled == ()
    assert found.lost == ()


@pytest.mark.parametrize(("seed", "older"), [(3, (BOOKS,)), (4, (INBOX,))])
def test_one_older_file_put_back_by_hand_loses_and_doubles_nothing(
    tmp_path: Path, seed: int, older: Sequence[str]
) -> None:
    found = drill(tmp_path, seed, older, put_back="by hand")
    assert found.doubled == ()
    assert found.lost == ()


def drill(tmp_path: Path, seed: int, lost: Sequence[str], *, put_back: str) -> Audit:
    """Sell, back up in the middle of it, sell more, kill -9 in the middle of that, lose files, put them back, come to rest."""
    folder, made = tmp_path / "house", tmp_path / "backup"
    folder.mkdir(mode=0o700)
    dice = random.Random(f"drill {seed}")
    systems = PretendSystems(seed, settle_seconds=1.0, retry_first_seconds=1.0)
    variables = {"TIEOUT_RETRY_FIRST_SECONDS": "0.5", "TIEOUT_BOOKKEEPING_PACE": "0.002"}
    tieout = Tieout(folder, variables=variables)
    waiting, sales = stories(dice, 1_000_000), list[Sale]()
    try:
        connect(tieout, systems, {"read_seconds": "4"}, settle_seconds=SETTLE_SECONDS)
        systems.p21_tenant.faults.plan(*unkind(dice, WRITES["middleware"]))
        systems.deliver_to(tieout.webhook("stripe"))
        start(tieout)
        sales += [next(waiting)(systems) for _ in range(4)]
        time.sleep(dice.uniform(1.0, 3.0))
        sales += [next(waiting)(systems) for _ in range(2)]
        tieout.run("backup", str(made))
        sales += [next(waiting)(systems) for _ in range(4)]
        time.sleep(dice.uniform(2.0, LATE_SECONDS_MAX))
        sales.append(next(waiting)(systems))
        time.sleep(dice.uniform(0.2, 1.0))
        for part in PARTS:
            tieout.kill(part)
        for name in lost:
            (folder / name).unlink()
            (folder / f"{name}-journal").unlink(missing_ok=True)
            if put_back == "by hand":
                (folder / name).write_bytes((made / name).read_bytes())
                (folder / name).chmod(0o600)
        if put_back == "restore":
            tieout.run("restore", str(made))
        start(tieout)
        rest(tieout, systems)
        return without_ruleless(systems.verdict(tieout, sales), systems)
    finally:
        tieout.stop()
        systems.close()


def start(tieout: Tieout) -> None:
    for part in PARTS:
        tieout.start(part)
    tieout.wait_until_serving()


def rest(tieout: Tieout, systems: PretendSystems) -> None:
    """Until every event that was acknowledged has its end: the last of them are listed a minute after they were made."""
    until, listed_from = time.monotonic() + REST_SECONDS_MAX, time.monotonic() + 90.0
    while time.monotonic() < until:
        if systems.all_ended(tieout) and time.monotonic() > listed_from:
            return
        time.sleep(0.5)


def without_ruleless(found: Audit, systems: PretendSystems) -> Audit:
    """Nothing follows from an event of a type without a rule; one that was never sent before the backup is not caught up."""
    ruleless = {str(event["id"]) for event in systems.stripe_account.events() if event["type"] not in catalogue()}
    return replace(found, lost=tuple(words for words in found.lost if not any(one in words for one in ruleless)))
