"""A month of money against a real Tieout, and what a controller does with it: ``./run --scenario month``."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

from simulators.trial.month_audit import Figures, figures_of
from simulators.trial.month_calendar import PastClock
from simulators.trial.month_files import Rates, accounts_file, day_of, statement_file
from simulators.trial.month_play import play
from simulators.trial.month_sales import CURRENCY_IDS, SETTLEMENTS, Month
from simulators.trial.pretend import PretendSystems, connect
from simulators.trial.processes import Tieout, get_json

SETTLE_SECONDS = 3.0
WORKFLOWS = ("journal", "stripe_invoice", "credit_note")
REST_SECONDS_MAX, QUIET_SECONDS, TELL_SECONDS = 1_200.0, 4.0, 5.0
SHOWN_LINES = 60


def run_month(folder: Path, seed: int, charges: int, *, once: bool) -> int:
    """Play it; the exit status is 0 when every cent is where it belongs."""
    print("The pretend Stripe account plays a month ...", flush=True)
    clock = PastClock()
    traits: dict[str, Any] = {"settlements": SETTLEMENTS, "payout_schedule": "daily", "noise": False}
    systems = PretendSystems(seed, settle_seconds=SETTLE_SECONDS, stripe_clock=clock, **traits)
    tieout = Tieout(folder)
    try:
        month = play(systems, clock, seed, charges)
        _tell_of(month)
        _write_documents(tieout, month)
        rates = Rates.of(clock.begins, time.time())
        _keep_books(tieout, month, rates)
        figures = _closing(tieout, month, rates)
        if not once:
            print(f"\nThe books are in {folder}; the list of events is a page: {tieout.page}/\nPress Ctrl-C to stop.\n")
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
    papers = {"rates.csv": rates.file(), "accounts.toml": accounts_file(),
              "statement.xml": statement_file(month.account.bank_deposits(), "month")}  # fmt: skip
    for name, content in papers.items():
        (tieout.folder / name).write_bytes(content)
    tieout.stop_part("work")
    tell = ("ledger", "keep", "stripe", "--currency", "usd", "--p21", "p21", "--refund-cash", "refund_payment")
    for command in (
        (*tell, "--starts", day_of(begins)),
        ("ledger", "accounts", "stripe", str(tieout.folder / "accounts.toml")),
        ("ledger", "rates", str(tieout.folder / "rates.csv")),
        ("ledger", "import"),
    ):
        _typed(tieout, *command)
    tieout.start("work")
    _rest(tieout, month)
    for command in (("ledger", "post"), ("bank", "import", str(tieout.folder / "statement.xml")), ("ledger", "post")):
        _typed(tieout, *command)
        _rest(tieout, month)


def _closing(tieout: Tieout, month: Month, rates: Rates) -> Figures:
    """Print what a controller looks at when the month is to be closed, then look at it from the other side."""
    for words in (("ledger", "prove"), ("payouts",), ("exceptions",)):
        _typed(tieout, *words)
    figures = figures_of(tieout, month, rates)
    print()
    for text in figures.wrongs:
        print(f"  WRONG: {text}")
    return figures


def _typed(tieout: Tieout, *words: str) -> None:
    """Type a command as a controller does, and show what it says."""
    shown = [Path(word).name if word.startswith(str(tieout.folder)) else word for word in words]
    print(f"\n$ tieout {' '.join(shown)}", flush=True)
    said = tieout.run(*words).rstrip().splitlines()
    print("\n".join(said[:SHOWN_LINES]))
    if len(said) > SHOWN_LINES:
        print(f"... and {len(said) - SHOWN_LINES:,} more lines", flush=True)


def _rest(tieout: Tieout, month: Month) -> None:
    """Wait until every event has its end and the log has been silent for a while."""
    until, told_at, log = time.monotonic() + REST_SECONDS_MAX, time.monotonic(), tieout.folder / "tieout.log"
    silent_since, size = time.monotonic(), -1
    while time.monotonic() < until:
        time.sleep(0.5)
        grown = log.stat().st_size != size
        if grown or not _all_ended(tieout, month):
            silent_since, size = time.monotonic(), log.stat().st_size
        elif time.monotonic() - silent_since > QUIET_SECONDS:
            return
        if time.monotonic() - told_at > TELL_SECONDS:
            told_at = time.monotonic()
            counts = get_json(f"{tieout.page}/api/counts", 30)
            print(f"  {counts['acked']:,} events taken, {counts['open']:,} still open", flush=True)
    raise TimeoutError(f"Tieout did not come to rest in {REST_SECONDS_MAX:.0f} seconds; see {log}")


def _all_ended(tieout: Tieout, month: Month) -> bool:
    """Whether all that Stripe told is taken and has its end; what the account does at midnight is still to come."""
    counts = get_json(f"{tieout.page}/api/counts", 30)
    told = month.account.events()
    return not counts["open"] and all(event["acknowledged"] for event in told) and counts["acked"] >= len(told)


def _stay() -> None:
    while True:
        time.sleep(3600)
