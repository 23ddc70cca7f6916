"""``tieout simulate``: starts a pretend Stripe, Prophet 21 or web store on a port."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli._shared import say
from tieout.kernel.failures import Failed, Fix

app = typer.Typer(
    help="Pretend systems for trials and tests; docs/how-to/pretend-systems.md says how to use them.",
    no_args_is_help=True,
)
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on (0: any free one).")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same world.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", "-o", help="name=value; a name that it does not know is answered with those it does."),
]


@app.command()
def stripe(port: Port = 8480, seed: Seed = 1, option: Options = None) -> None:
    """A Stripe account: objects, events, signed delivery, faults."""
    _serve("stripe", port, seed, option)


@app.command()
def p21(port: Port = 8481, seed: Seed = 1, option: Options = None) -> None:
    """A Prophet 21 in both dialects over one state."""
    _serve("p21", port, seed, option)


@app.command()
def webstore(port: Port = 8482, seed: Seed = 1, option: Options = None) -> None:
    """A WooCommerce store."""
    _serve("webstore", port, seed, option)


def _serve(kind: str, port: int, seed: int, option: list[str] | None) -> None:
    from simulators.__main__ import serve

    if unfit := [pair for pair in option or [] if "=" not in pair]:
        raise Failed(Fix("cli.option", f"--option takes name=value, got {unfit[0]!r}.", field="--option"))
    try:
        serve(kind, port, seed, dict(pair.split("=", 1) for pair in option or []), say)
    except ValueError as error:
        raise Failed(
            Fix("cli.simulate", f"The {kind} simulator does not start: {error}. Correct the option.")
        ) from None
    except OSError as error:
        sentence = f"The {kind} simulator cannot listen on port {port} ({error.strerror}). Choose another: --port"
        raise Failed(Fix("cli.simulate", sentence)) from None
