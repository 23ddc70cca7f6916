"""A month of money against a real Tieout, and what a controller does with it: ``./run --scenario month``."""

from __future__ import annotations

import fcntl
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from simulators.trial.month_audit import Figures, figures_of
from simulators.trial.month_calendar import PastClock
from simulators.trial.month_files import Rates, accounts_file, day_of, statement_file
from simulators.trial.month_play import play
from simulators.trial.month_sales import CURRENCY_IDS, SETTLEMENTS, Month
from simulators.trial.pretend import PretendSystems, connect
from simulators.trial.processes import START_SECONDS_MAX, Tieout, get_json

SHIPS = {"ships_at_once": True}  # goods that come back have left before
SETTLE_SECONDS = 3.0
WORKFLOWS = ("journal", "stripe_invoice", "credit_note")
REST_SECONDS_MAX, QUIET_SECONDS, TELL_SECONDS = 1_200.0, 2.0, 5.0
BOOKS_LOCK, STARTED = "books.lock", '"worker started"'
SHOWN_LINES = 60
TYPED_AT_ONCE = 2


def run_month(folder: Path, seed: int, charges: int, *, once: bool) -> int:
    """Play it; the exit status is 0 when every cent is where it belongs."""
    print("The pretend Stripe account plays a month ...", flush=True)
    clock = PastClock()
    traits: dict[str, Any] = {"settlements": SETTLEMENTS, "payout_schedule": "daily", "noise": False}
    systems = PretendSystems(seed, settle_seconds=SETTLE_SECONDS, stripe_clock=clock, p21_options=SHIPS, **traits)
    tieout = Tieout(folder)
    try:
        month = play(systems, clock, seed, charges)
        _tell_of(month)
        _write_documents(tieout, month)
        rates = Rates.of(clock.begins, time.time())
        _keep_books(tieout, month, rates)
        figures = _closing(tieout, month, rates)
        if not once:
            _start_worker(tieout)
            print(
                f"\nThe books are kept in {folder} until you press Ctrl-C; the list of events is a page: {tieout.page}/\n"
                f"In another terminal: export TIEOUT_FOLDER={folder}, then .venv/bin/tieout payouts and all else.\n"
            )
            print(figures.line(), flush=True)
            _stay()
        print(figures.line(), flush=True)
        return 0 if figures.clean else 1
    finally:
        tieout.stop()
        systems.close()


def _tell_of(month: Month) -> None:
    rows = list(month.account.books()["objects"].values())
    kinds = Counter(row["object"] for row in rows)
    told = ", ".join(
        f"{kinds[kind]:,} {kind.replace('_', ' ')}s" for kind in ("charge", "refund", "dispute", "invoice", "payout")
    )
    print(f"{told}; {kinds['balance_transaction']:,} rows in the balance, {len(month.account.events()):,} events.\n")


def _write_documents(tieout: Tieout, month: Month) -> None:
    """Connect, deliver what Stripe has to tell, and wait until P21 has its documents."""
    connect(tieout, month.systems, {f"currencies.{code}": str(number) for code, number in CURRENCY_IDS.items()})
    files = tieout.run("workflows", "templates").split()
    for name in WORKFLOWS:
        tieout.run("workflows", "publish", next(word for word in files if word.endswith(f"{name}.toml")))
    tieout.start("serve")
    tieout.start("work")
    tieout.wait_until_serving()
    print("Stripe delivers what happened; orders, receipts and credit memos are written to Prophet 21 ...", flush=True)
    month.systems.deliver_to(tieout.webhook("stripe"))
    _rest(tieout, month)


def _keep_books(tieout: Tieout, month: Month, rates: Rates) -> None:
    """Keep a ledger from the first day of the month, post every row, bring the bank's statement, prove it all."""
    begins = month.diary.clock.begins
    papers = {"rates.csv": rates.file(), "accounts.toml": accounts_file(tieout.run("ledger", "accounts", "--template")),
              "statement.xml": statement_file(month.account.bank_deposits(), "month")}  # fmt: skip
    for name, content in papers.items():
        (tieout.folder / name).write_bytes(content)
    for commands in (
        (
            ("ledger", "keep", "stripe", "--currency", "usd", "--p21", "p21", "--starts", day_of(begins)),
            ("ledger", "accounts", "stripe", str(tieout.folder / "accounts.toml")),
            ("ledger", "rates", str(tieout.folder / "rates.csv")),
            ("ledger", "import"),
            ("ledger", "post"),
        ),
        (("bank", "import", str(tieout.folder / "statement.xml")), ("ledger", "post")),
    ):
        tieout.stop_part("work")
        for command in commands:
            _typed(tieout, *command)
        print("\nThe worker writes the journals, and keeps the books by its schedule ...", flush=True)
        _start_worker(tieout)
        _rest(tieout, month)
    tieout.stop_part("work")


def _closing(tieout: Tieout, month: Month, rates: Rates) -> Figures:
    """Print what a controller looks at when the month is to be closed, then look at it from the other side."""
    pack = ("close", "pack", "--period", _period(month), "--out", str(tieout.folder / "pack"))
    looks = (("ledger", "prove"), ("payouts",), ("exceptions",), pack)
    with ThreadPoolExecutor(TYPED_AT_ONCE) as both:
        for words, said in zip(looks, both.map(lambda words: tieout.run(*words), looks), strict=True):
            _show(tieout, words, said)
    figures = figures_of(tieout, month, rates)
    print()
    for text in figures.wrongs:
        print(f"  WRONG: {text}")
    return figures


def _period(month: Month) -> str:
    """The month that was played."""
    return day_of(month.diary.clock.begins)[:7]


def _typed(tieout: Tieout, *words: str) -> None:
    """Type a command as a controller does, and show what it says."""
    _show(tieout, words, tieout.run(*words))


def _show(tieout: Tieout, words: Sequence[str], said: str) -> None:
    shown = [Path(word).name if word.startswith(str(tieout.folder)) else word for word in words]
    lines = said.rstrip().splitlines()
    print(f"\n$ tieout {' '.join(shown)}", *lines[:SHOWN_LINES], sep="\n")
    if len(lines) > SHOWN_LINES:
        print(f"... and {len(lines) - SHOWN_LINES:,} more lines")
    sys.stdout.flush()


def _rest(tieout: Tieout, month: Month) -> None:
    """Wait until every event has its end, the books have been kept, and nothing has moved for a while."""
    until, told_at, quiet_since = time.monotonic() + REST_SECONDS_MAX, time.monotonic(), time.monotonic()
    while time.monotonic() < until:
        time.sleep(0.5)
        tieout.require_alive()
        if _at_work(tieout, month):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET_SECONDS:
            return
        if time.monotonic() - told_at > TELL_SECONDS:
            told_at = time.monotonic()
            counts = get_json(f"{tieout.page}/api/counts", 30)
            print(f"  {counts['acked']:,} events taken, {counts['open']:,} still open", flush=True)
    raise TimeoutError(f"Tieout did not come to rest in {REST_SECONDS_MAX:.0f} seconds; see {tieout.folder}/tieout.log")


def _at_work(tieout: Tieout, month: Month) -> bool:
    """Whether something Stripe told has no end yet, or the books are being kept; midnight's payouts are no such thing."""
    counts = get_json(f"{tieout.page}/api/counts", 30)
    told = month.account.events()
    return (
        counts["open"] > 0
        or counts["acked"] < len(told)
        or not all(event["acknowledged"] for event in told)
        or _is_locked(tieout.folder / BOOKS_LOCK)
    )


def _start_worker(tieout: Tieout) -> None:
    """Start it, and wait until it says that it has."""
    log, until = tieout.folder / "tieout.log", time.monotonic() + START_SECONDS_MAX
    before = log.read_text().count(STARTED)
    tieout.start("work")
    while log.read_text().count(STARTED) == before:
        tieout.require_alive()
        if time.monotonic() > until:
            raise TimeoutError(f"The worker did not start in {START_SECONDS_MAX:.0f} seconds; see {log}")
        time.sleep(0.2)


def _is_locked(path: Path) -> bool:
    """Whether a process holds the lock on a file: the worker does while it keeps the books."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _stay() -> None:
    while True:
        time.sleep(3600)
