"""``tieout connect`` and ``tieout probe``: add a connection, and say what works and what is off."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from tieout.app.house import House
from tieout.cli._printing import NEEDS_A_PERSON
from tieout.cli._shared import (
    ActorName,
    AsJson,
    Folder,
    Reason,
    acting,
    house_of,
    print_json,
    print_table,
    say,
    secrets_of,
    text_of,
)
from tieout.connectors._connector import Finding, Probe, Secret
from tieout.connectors.p21 import CONNECTOR as P21
from tieout.connectors.p21 import open_p21
from tieout.connectors.p21.settings import parse_settings as parse_p21
from tieout.connectors.stripe.client import Stripe
from tieout.connectors.stripe.events import event_types
from tieout.connectors.stripe.settings import KEYS, SIGNING, checked_signing
from tieout.connectors.stripe.settings import parse_settings as parse_stripe
from tieout.connectors.webstore import open_store, store_of
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.names import checked_name
from tieout.operations.keep_connection import keep_connection
from tieout.processes.check_accounts import check_kept_accounts
from tieout.queries.status import connection_states
from tieout.store import connections, ledgers

WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})")

app = typer.Typer(
    help="Connect a Stripe account, a Prophet 21 or a web store; list what is connected.", no_args_is_help=True
)
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        exists=True,
        dir_okay=False,
        help="A TOML file with the settings, as docs/tutorial/connect.md shows.",
    ),
]
Set = Annotated[list[str] | None, typer.Option("--set", help="One setting as name=value; wins over the file.")]
Name = Annotated[str, typer.Option(help="The name that workflows and the webhook address use.")]


@app.command("list")
def list_connections(folder: Folder = None, as_json: AsJson = False) -> None:
    """List what is connected, and what is paused."""
    with house_of(folder) as house:
        found = connection_states(house.books, house.ports.clock())
    if as_json:
        print_json(found)
    else:
        print_table(("name", "kind", "paused"), [(one.name, one.connector, one.why or "no") for one in found])


@app.command("stripe")
def connect_stripe(
    name: Name = "stripe",
    settings: SettingsFile = None,
    set_: Set = None,
    webhook_url: Annotated[str, typer.Option(help="Public address of the webhook door; the endpoint is created.")] = "",
    actor: ActorName = "",
    reason: Reason = "",
    folder: Folder = None,
) -> None:
    """Connect a Stripe account by a restricted key (asked for, or TIEOUT_STRIPE_KEY)."""
    checked_name(name, "a connection", "--name")
    with house_of(folder, new=True) as house:
        chosen = _settings(settings, set_)
        parsed = parse_stripe(chosen)
        secrets, signing = _stripe_secrets(webhook_url)
        stripe = Stripe(parsed, secrets, clock=house.ports.clock)
        probe = stripe.probe()
        _print_probe(name, probe)
        _stop_unless(probe)
        chosen["account_id"] = stripe.account().id
        chosen["webhook_url"] = webhook_url or chosen.get("webhook_url", "")
        kept = {**secrets, SIGNING.name: signing or checked_signing(_created(house, chosen, secrets, webhook_url))}
        keep_connection(
            house.books, house.vault, name, "stripe", chosen, kept, house.ports.clock(), acting(actor), reason
        )
        if chosen["webhook_url"]:
            _print_probe(name, Probe(stripe.check_endpoint(chosen["webhook_url"])))
        say(f"Connected. Events are accepted at /webhooks/stripe/{name}.")


@app.command("p21")
def connect_p21(
    name: Name = "p21",
    settings: SettingsFile = None,
    set_: Set = None,
    actor: ActorName = "",
    reason: Reason = "",
    folder: Folder = None,
) -> None:
    """Connect a Prophet 21 company; the password, consumer key or gateway key is asked for, or TIEOUT_P21_SECRET."""
    checked_name(name, "a connection", "--name")
    with house_of(folder, new=True) as house:
        chosen = _settings(settings, set_)
        parsed = parse_p21(chosen)
        secrets = _asked(P21.secrets(parsed))
        probe = open_p21(parsed, secrets, clock=house.ports.clock).probe()
        _print_probe(name, probe)
        _stop_unless(probe)
        keep_connection(
            house.books, house.vault, name, "p21", chosen, secrets, house.ports.clock(), acting(actor), reason
        )
        off = any(not one.on for one in probe.capabilities)
        say("Connected. What is off parks its documents, with the reason above." if off else "Connected.")


@app.command("webstore")
def connect_webstore(
    kind: Annotated[str, typer.Argument(help="woocommerce or generic")],
    name: Name = "webstore",
    settings: SettingsFile = None,
    set_: Set = None,
    actor: ActorName = "",
    reason: Reason = "",
    folder: Folder = None,
) -> None:
    """Connect a web store; what it needs is asked for, or TIEOUT_STORE_KEY, _SECRET, _USER and _PASSWORD."""
    checked_name(name, "a connection", "--name")
    with house_of(folder, new=True) as house:
        store = store_of(kind)
        chosen = _settings(settings, set_)
        secrets = _asked(store.needed_secrets(chosen))
        probe = open_store({"kind": kind, **chosen}, secrets, clock=house.ports.clock).probe()
        _print_probe(name, probe)
        _stop_unless(probe)
        keep_connection(
            house.books, house.vault, name, kind, chosen, secrets, house.ports.clock(), acting(actor), reason
        )
        say("Connected.")


def probe(
    name: Annotated[str, typer.Argument(help="A connection (empty: all).")] = "",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Make harmless calls and say what works, what was found and what is off."""
    with house_of(folder) as house:
        probes = {row.name: _probe(house, row) for row in _rows(house, name)}
    if as_json:
        print_json(probes)
    for found, result in probes.items() if not as_json else ():
        _print_probe(found, result)
    raise typer.Exit(0 if all(result.works for result in probes.values()) else NEEDS_A_PERSON)


def _rows(house: House, name: str) -> list[connections.ConnectionRow]:
    with house.books.reading() as db:
        every = connections.every(db)
    rows = [row for row in every if name in ("", row.name)]
    if not rows:
        called = f" called {name!r}" if name else ""
        there = f"There are: {', '.join(row.name for row in every)}. " if every else ""
        raise Failed(Fix("connection.missing", f"There is no connection{called}. {there}Add one with: tieout connect"))
    return rows


def _probe(house: House, row: connections.ConnectionRow) -> Probe:
    secrets = house.vault.open(row.name, row.connector, row.settings, row.sealed, row.version)
    if row.connector == "stripe":
        return _probe_stripe(Stripe(parse_stripe(row.settings), secrets, clock=house.ports.clock))
    if row.connector == "p21":
        found = open_p21(parse_p21(row.settings), secrets, clock=house.ports.clock).probe()
        return replace(found, findings=(*found.findings, *_maps(house, row.name))) if found.works else found
    return open_store({"kind": row.connector, **row.settings}, secrets, clock=house.ports.clock).probe()


def _maps(house: House, p21: str) -> list[Finding]:
    """Whether every account that the books post to is in this P21's chart: asked before the first posting needs it."""
    with house.books.reading() as db:
        kept = [row.connection for row in ledgers.every(db) if row.policy.p21 == p21]
    return [_map(house, name) for name in kept]


def _map(house: House, ledger: str) -> Finding:
    title, problems = f"Account map of {ledger}", check_kept_accounts(house.ports, ledger)
    if not problems:
        return Finding(title, "every account is in the chart")
    words = f"{problems[0].sentence} All of them: tieout ledger accounts {ledger} --check"
    fix = Fix("account.map", words, field=problems[0].account, value=problems[0].number)
    return Finding(title, f"{len(problems)} to correct", fix)


def _probe_stripe(stripe: Stripe) -> Probe:
    """The account, and the webhook endpoint if its address is known: a switched-off one sends nothing, silently."""
    probe, url = stripe.probe(), stripe.settings.webhook_url
    return replace(probe, findings=(*probe.findings, *stripe.check_endpoint(url))) if url and probe.works else probe


def _print_probe(name: str, probe: Probe) -> None:
    say(f"\n{name}", style="bold")
    rows = [
        ("ok" if finding.failure is None else "fix", finding.title, _found(finding.failure, finding.found))
        for finding in probe.findings
    ]
    rows += [("on" if one.on else "off", one.title, one.reason) for one in probe.capabilities]
    print_table(("", "what", "found"), rows, {"ok": "green", "on": "green", "fix": "bold red", "off": "yellow"})


def _found(failure: Any, found: str) -> str:
    return str(failure.sentence) if failure else found


def _stop_unless(probe: Probe) -> None:
    if not probe.works:
        raise Failed(Fix("connection.probe", "Nothing was kept. Correct what is marked fix above and connect again."))


def _settings(file: Path | None, pairs: list[str] | None) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if file:
        try:
            chosen = tomllib.loads(text_of(file))
        except (ValueError, RecursionError) as error:
            raise Failed(
                Fix("cli.settings", f"{file} is not TOML: {error}. Correct it there.", field=str(file))
            ) from None
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Failed(
                Fix(
                    "cli.set",
                    f"--set takes name=value, such as --set company_id=ACME; got {pair!r}.",
                    field="--set",
                    value=pair,
                )
            )
        _put(chosen, name.split("."), value)
    return chosen


def _put(chosen: dict[str, Any], path: list[str], value: str) -> None:
    inner = chosen
    for step in path[:-1]:
        inner = inner.setdefault(step, {})
        if not isinstance(inner, dict):
            sentence = f"--set {'.'.join(path)}: {step} is already one value. Give either {step} or what is inside it."
            raise Failed(Fix("cli.set", sentence, field="--set", value=value[:80]))
    words: Mapping[str, bool] = {"true": True, "false": False}
    inner[path[-1]] = words[value] if value in words else int(value) if WHOLE_NUMBER.fullmatch(value) else value


def _stripe_secrets(url: str) -> tuple[dict[str, str], str]:
    """All that a person must give, asked for before any call; no signing secret where the endpoint is created for ``url``."""
    is_given = bool(os.environ.get(SIGNING.variable)) or not url
    found = _asked((*KEYS, SIGNING) if is_given else KEYS)
    signing = found.pop(SIGNING.name, "")
    return found, checked_signing(signing) if is_given else ""


def _created(house: House, chosen: dict[str, Any], secrets: Mapping[str, str], url: str) -> str:
    """The signing secret of an endpoint that is created for the address."""
    keys = {"restricted_key": os.environ.get("TIEOUT_STRIPE_SETUP_KEY") or secrets["restricted_key"]}
    endpoint, signing = Stripe(parse_stripe(chosen), keys, clock=house.ports.clock).create_endpoint(url, event_types())
    say(f"Created webhook endpoint {endpoint} for {url}.")
    return signing


def _asked(needed: Iterable[Secret]) -> dict[str, str]:
    """The secrets by name, from the environment or a person; one that is not required may be left out."""
    every = tuple(needed)
    given = secrets_of([(one.title, one.variable) for one in every if one.required])
    found = {one.name: given.get(one.variable) or os.environ.get(one.variable, "") for one in every}
    return {name: value for name, value in found.items() if value}
