"""A shop beside a running Tieout, and what a person sees of it: the list, one run, the page and the log."""

from __future__ import annotations

import html
import json
import random
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulators.stripe import CURRENT
from simulators.trial.auditor import Audit
from simulators.trial.pretend import SIGNING_SECRET, STORE_KEY, STORE_SECRET, STRIPE_KEY, PretendSystems, connect
from simulators.trial.processes import Tieout, get_json
from simulators.trial.workload import Sale
from tests.command_line import tieout

REST_SECONDS_MAX = 150.0
SECRETS = (STRIPE_KEY, SIGNING_SECRET, STORE_KEY, STORE_SECRET)


class Shop:
    """A shop whose orders go through a running Tieout."""

    def __init__(self, tieout: Tieout, systems: PretendSystems) -> None:
        self.tieout, self.systems, self.sales = tieout, systems, list[Sale]()
        self._dice = random.Random("journey")

    def sell(self, story: Callable[[PretendSystems, random.Random], Sale]) -> Sale:
        """Let one order be paid."""
        self.sales.append(story(self.systems, self._dice))
        return self.sales[-1]

    def pay(self, story: str = "", **given: Any) -> Sale:
        """Let something be paid, as ``StripeAccount.pay`` takes it."""
        self.sales.append(Sale(story, "", self.systems.stripe_account.pay(**given)))
        return self.sales[-1]

    def expect(self, end: str, *sales: Sale, reason: str = "") -> None:
        """From now on these sales should end so: somebody mended them, or this site cannot write them."""
        payments = {sale.payment for sale in sales}
        self.sales = [
            replace(one, expected=end, reason=reason) if one.payment in payments else one for one in self.sales
        ]

    def rest(self) -> Audit:
        """Wait until every event has its end."""
        self.until("every event has its end", lambda: self.systems.all_ended(self.tieout))
        return self.systems.verdict(self.tieout, self.sales)

    def until(self, what: str, seen: Callable[[], object]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + REST_SECONDS_MAX
        while time.monotonic() < until:
            if seen():
                return
            time.sleep(0.1)
        raise AssertionError(f"waited in vain until {what}: {self.events()}")

    def events(self) -> list[dict[str, Any]]:
        """Tieout's list."""
        found: list[dict[str, Any]] = get_json(f"{self.tieout.page}/api/events")
        return found

    def line(self, sale: Sale) -> dict[str, Any]:
        """What became of one sale: the line of the event that has a run."""
        (found,) = [one for one in self.events() if one["subject"] == sale.payment and one["run"]]
        return found

    def shown(self, sale: Sale) -> dict[str, Any]:
        """One sale's run as ``tieout show --json`` tells it."""
        found: dict[str, Any] = json.loads(self.command("show", sale.payment, "--json"))
        return found

    def command(self, *words: str, **variables: str) -> str:
        """What a command says that succeeds."""
        ran = tieout(self.tieout.folder, *words, **variables)
        assert ran.status == 0, ran
        return ran.out

    def text(self, path: str) -> str:
        """A page as it is sent."""
        with urllib.request.urlopen(self.tieout.page + path, timeout=10) as response:
            found: str = response.read().decode()
        return found

    def log(self) -> str:
        """What both processes have logged."""
        return (self.tieout.folder / "tieout.log").read_text()

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    def told(self, sale: Sale) -> str:
        """The sentence of a sale's run, after a look that command line, page, API and log all say it."""
        sentence: str = self.line(sale)["sentence"]
        run = self.line(sale)["run"]
        assert sentence, self.line(sale)
        assert sentence in self.command("show", sale.payment), "the command line says it"
        assert self.shown(sale)["line"]["sentence"] == sentence, "and says it to machines"
        assert sentence in html.unescape(self.text("/")), "the page says it"
        assert sentence in html.unescape(self.text(f"/runs/{run}")), "and so does the run's own page"
        assert sentence in {one.get("sentence") for one in self.logged()}, "the log says it"
        return sentence

    def everything_kept_or_shown(self, *more: str) -> bytes:
        """Every byte that Tieout keeps, logs or shows (without the sealed secrets' key)."""
        kept = [path.read_bytes() for path in sorted(self.tieout.folder.iterdir()) if path.name != "vault.key"]
        pages = [self.text(path).encode() for path in ("/", "/api/events?limit=5000", "/api/counts", *more)]
        return b"\n".join([*kept, *pages])

    def metadata(self, object_id: str) -> dict[str, str]:
        """The metadata of a Stripe object, as Stripe has it."""
        found: dict[str, str] = self.systems.stripe_account.books()["metadata"].get(object_id, {})
        return found


@contextmanager
def open_shop(
    folder: Path,
    *,
    version: str = CURRENT,
    p21: Mapping[str, str] | None = None,
    settle_seconds: int = 10,
    variables: Mapping[str, str] | None = None,
    p21_options: Mapping[str, Any] | None = None,
) -> Iterator[Shop]:
    """A connected, running Tieout; ``variables`` are more TIEOUT_… settings of its processes, ``p21_options`` of P21."""
    systems = PretendSystems(5, settle_seconds=0.2, api_version=version, p21_options=p21_options)
    tieout = Tieout(folder, variables=variables or {})
    try:
        connect(tieout, systems, p21, settle_seconds=settle_seconds)
        tieout.start("serve")
        tieout.start("work")
        tieout.wait_until_serving()
        systems.deliver_to(tieout.webhook("stripe"))
        yield Shop(tieout, systems)
    finally:
        tieout.stop()
        systems.close()
