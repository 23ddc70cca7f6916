"""A day that contains every ordinary odd case, against a real Tieout: ``./run --scenario odd``."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.trial.mirror import Kept, differences
from simulators.trial.odd_stories import Odd, odd_stories
from simulators.trial.pretend import GOD, PretendSystems, all_events, connect
from simulators.trial.processes import Tieout, get_json
from simulators.trial.workload import Sale

WORKFLOWS = ("stripe_invoice", "credit_note")
REST_SECONDS_MAX = 240.0
RIGHT, ASKED, WRONG, SILENT = "right", "asked", "wrong", "silent"


@dataclass(frozen=True, slots=True)
class Told:
    """One story that was told, and the ids by which Tieout may speak of it."""

    odd: Odd
    made: Sale | str
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What both sides show at the end of the day."""

    lines: list[dict[str, Any]]
    alerts: list[dict[str, Any]]
    p21: Mapping[str, Any]

    def about(self, ids: frozenset[str]) -> list[dict[str, Any]]:
        """Tieout's lines about these ids."""
        return [line for line in self.lines if str(line["subject"]).partition(":")[0] in ids]

    def sentences(self, ids: frozenset[str]) -> Iterator[str]:
        """Every sentence that Tieout said about these ids."""
        lines = self.about(ids)
        runs = {str(line["run"]) for line in lines} | {str(line["event_id"]) for line in lines} | ids
        yield from (str(line["sentence"]) for line in lines if line["state"] == "parked")
        for alert in self.alerts:
            if runs.intersection(str(alert["about"]).split()) or any(one in alert["sentence"] for one in ids):
                yield str(alert["sentence"])


def run_odd(folder: Path, seed: int, *, once: bool) -> int:
    """Play the day; the exit status is 0 when nothing is wrong and nothing is silent."""
    print("Starting pretend Stripe, Prophet 21 and web store, and a Tieout beside them ...", flush=True)
    systems, tieout = PretendSystems(seed), Tieout(folder)
    try:
        _start(tieout, systems)
        told = _play(tieout, systems, random.Random(f"odd {seed}"))
        line, clean = _closing(tieout, systems, told)
        if not once:
            print(f"\nThe same list as a page: {tieout.page}/\nPress Ctrl-C to stop.\n\n{line}", flush=True)
            while True:
                time.sleep(3600)
        print(line, flush=True)
        return 0 if clean else 1
    finally:
        tieout.stop()
        systems.close()


def _start(tieout: Tieout, systems: PretendSystems) -> None:
    connect(tieout, systems)
    files = tieout.run("workflows", "templates").split()
    for name in WORKFLOWS:
        tieout.run("workflows", "publish", next(word for word in files if word.endswith(f"{name}.toml")))
    tieout.start("serve")
    tieout.start("work")
    tieout.wait_until_serving()
    systems.deliver_to(tieout.webhook("stripe"))
    print(f"Tieout is serving: {tieout.page}/\n", flush=True)


def _play(tieout: Tieout, systems: PretendSystems, dice: random.Random) -> list[Told]:
    """Begin every story, let all rest, then let happen what comes later."""
    begun = [(odd, odd.begin(systems, dice)) for odd in odd_stories()]
    _rest(tieout, systems)
    told = []
    for odd, made in begun:
        ids = {made} if isinstance(made, str) else {made.payment, str(made.paid.charge), str(made.paid.session)}
        if odd.then:
            ids.add(odd.then(systems, made))
        told.append(Told(odd, made, frozenset(ids - {"", "None"})))
    _rest(tieout, systems)
    return told


def _rest(tieout: Tieout, systems: PretendSystems) -> None:
    until = time.monotonic() + REST_SECONDS_MAX
    while time.monotonic() < until:
        tieout.require_alive()
        if systems.all_ended(tieout):
            return
        time.sleep(0.5)


def _closing(tieout: Tieout, systems: PretendSystems, told: list[Told]) -> tuple[str, bool]:
    god = json.loads(systems.p21_tenant.respond(GOD).body)
    seen = Seen(all_events(tieout), get_json(f"{tieout.page}/api/alerts?limit=5000", 30), god["books"])
    verdicts: Counter[str] = Counter()
    for story in told:
        verdict, words = judged(story, seen)
        verdicts[verdict] += 1
        print(f"{story.odd.case:4} {story.odd.words}\n     {verdict.upper():6} {words}", flush=True)
    asked = verdicts[ASKED]
    line = (
        f"stories {len(told)}, right {verdicts[RIGHT]}, asked {asked} (all expected), "
        f"wrong {verdicts[WRONG]}, silent {verdicts[SILENT]}"
    )
    return f"\n{line}", not verdicts[WRONG] and not verdicts[SILENT]


def judged(story: Told, seen: Seen) -> tuple[str, str]:
    """Whether a story is right, asks what it should, is wrong, or nobody was told; and the words that show it."""
    odd, lines = story.odd, seen.about(story.ids)
    sentences = list(seen.sentences(story.ids))
    if odd.asked:
        found = next((one for one in sentences if odd.asked.casefold() in one.casefold()), "")
        if found:
            return ASKED, found
        return (WRONG, " ".join(sentences)) if sentences else (SILENT, f"{odd.asked!r} should have been asked")
    if parked := [line for line in lines if line["state"] == "parked"]:
        return WRONG, f"asked, but nobody need be: {parked[0]['sentence']}"
    wrong = list(_missing(odd, seen)) if isinstance(story.made, str) else list(_unlike(story.made, lines, seen))
    if wrong:
        return (WRONG if lines else SILENT), "; ".join(wrong)
    return RIGHT, _in_p21(odd, lines)


def _unlike(sale: Sale, lines: list[dict[str, Any]], seen: Seen) -> Iterator[str]:
    applied = [line for line in lines if line["state"] == "applied" and line["order_no"]]
    if not applied:
        yield "it never became an order"
    elif sale.sold is not None:
        yield from differences(sale.sold, applied[0], Kept.of(seen.p21))
    else:
        orders = {str(row["key"]): str(row["amount"]) for row in seen.p21["orders"]}
        paid = f"{sale.paid.amount / 100:.2f}"
        if orders.get(str(applied[0]["order_no"])) != paid:
            yield f"{paid} was paid, and its order comes to {orders.get(str(applied[0]['order_no']))}"


def _missing(odd: Odd, seen: Seen) -> Iterator[str]:
    for kind, amounts in odd.records.items():
        there = Counter(str(row["amount"]) for row in seen.p21[kind] if row["reference"] and not row["voided"])
        yield from (f"P21 has {there[one]} {kind} of {one} instead of 1" for one in amounts if there[one] != 1)


def _in_p21(odd: Odd, lines: list[dict[str, Any]]) -> str:
    if odd.records:
        return ", ".join(f"{kind.replace('_', ' ')} of {', '.join(amounts)}" for kind, amounts in odd.records.items())
    line = next(line for line in lines if line["order_no"])
    return f"P21 order {line['order_no']}, receipt {line['receipt_no']}, as it was sold"
