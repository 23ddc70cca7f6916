"""What the check of the books proves, in words: no more than was proven."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tieout.app.house import House
from tieout.cli._figures import so_many
from tieout.cli._shared import say
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.processes.keep_heads import kept_heads
from tieout.queries.ledger import books_verified
from tieout.queries.seals import books_sealed
from tieout.store.chain import Head
from tieout.store.chain_check import Sealed


def check_books(house: House, against: Sequence[Path]) -> None:
    """Check journal and chain, and say what is proven. Failed(Fix) names what is wrong."""
    heads = [head for place in against for head in kept_heads(place)]
    count, wrong = books_verified(house.books)
    assert house.ports.keys is not None, "an installation has keys"
    sealed = books_sealed(house.books, house.ports.keys, heads)
    if found := [*([wrong] if wrong else []), *sealed.wrong]:
        more = f" And {so_many(len(found) - 1, 'more', 'more')}: {'; '.join(found[1:5])}." if found[1:] else ""
        raise Failed(Fix("ledger.tampered", f"The books are not as they were written: {found[0]}.{more}"))
    entries = so_many(count, "entry", "entries")
    say(f"{entries}: every hash follows from the one before, every sum is the sum of its lines.", "green")
    _say_sealed(sealed)
    _say_end(heads)


def _say_sealed(sealed: Sealed) -> None:
    begun = iso(sealed.begun[-1][1]) if sealed.begun else "never"
    rows = so_many(sealed.rows, "row of the keyed chain", "rows of the keyed chain")
    under = so_many(sealed.compared, "row", "rows")
    say(
        f"{rows}: every mark follows from the one before. {under} of workflows, runs, signatures, acts and the other tables "
        f"under it are what was last sealed since {begun}; what stood there before then is proven as it was then.",
        "green",
    )
    for one in sealed.unproven:
        say(f"Not proven: {one}.", "yellow")


def _say_end(heads: Sequence[Head]) -> None:
    if heads:
        last = max(heads, key=lambda head: head.seq)
        told = "head that was kept elsewhere is" if len(heads) == 1 else "heads that were kept elsewhere are"
        say(f"{len(heads):,} {told} still in it: nothing was cut off or made anew up to {iso(last.at)}.", "green")
    else:
        say(
            "Not proven: that nothing was cut off at the end. Keep a head elsewhere (tieout ledger head FILE), and compare "
            "with it, or with a signed pack: --against FILE",
            "yellow",
        )
