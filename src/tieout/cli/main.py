"""The command line: its options, and how it ends."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli import (
    alerts,
    audit,
    bank,
    close,
    connect,
    exceptions,
    explain,
    ledger,
    orders,
    payouts,
    runs,
    simulate,
    workflows,
)
from tieout.cli._commands import Commands
from tieout.cli._printing import ended
from tieout.cli._shared import Folder, ended, err, house_of, start_logging
from tieout.kernel.failures import Failed

VERSION = "0.1.0"  # as in pyproject.toml

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"tieout {VERSION}")
        raise typer.Exit


@app.callback()
def tieout(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Tieout connects Stripe and Prophet 21: every paid order written once, every write provable."""


@app.command()
def serve(folder: Folder = None) -> None:
    """Serve the webhook door and the page (ports: TIEOUT_WEBHOOK_PORT, TIEOUT_PAGE_PORT)."""
    from tieout.app.server import serve as serve_house

    with house_of(folder, new=True) as house:
        settings = house.settings
        start_logging(settings.log_level)
        err.print(f"Webhooks: http://{settings.host}:{settings.webhook_port}/webhooks/stripe/<connection>")
        err.print(f"Page:     http://{settings.page_host}:{settings.page_port}/")
        serve_house(house)


@app.command()
def work(
    folder: Folder = None,
    worker: Annotated[str, typer.Option(help="Name of this worker; no two at once may have the same.")] = "",
) -> None:
    """Work: take up events and write what they ask for, until stopped."""
    from tieout.app.worker import work as work_house

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with house_of(folder, new=True) as house:
        start_logging(house.settings.log_level)
        named = read_settings(**house.settings.model_dump() | ({"worker": worker} if worker else {}))
        work_house(replace(house, settings=named), stop)


app.command("runs")(runs.runs)
app.command("show")(runs.show)
app.command("replay")(runs.replay)
app.command("orders")(orders.orders)
app.command("alerts")(alerts.alerts)
app.command("payouts")(payouts.payouts)
app.command("payout")(payouts.payout)
app.command("explain")(explain.explain)
app.command("exceptions")(exceptions.exceptions)
app.command("resolve")(exceptions.resolve)
app.command("probe")(connect.probe)
app.add_typer(connect.app, name="connect")
app.add_typer(ledger.app, name="ledger")
app.add_typer(bank.app, name="bank")
app.add_typer(close.app, name="close")
app.add_typer(audit.app, name="audit")
app.add_typer(workflows.app, name="workflows")
app.add_typer(simulate.app, name="simulate")


def main() -> None:
    """Run the command line; a failure is a sentence, never a traceback."""
    try:
        app(prog_name="tieout")
    except Failed as error:
        raise SystemExit(ended(error).exit_code) from None
