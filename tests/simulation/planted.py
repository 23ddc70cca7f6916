"""Looks at a world in which twelve kinds of things are wrong: each is found, nothing else is said (accounting C3)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from bench._books_of import Books, books_of
from bench._planting import plant
from bench._statement_world import StatementWorld
from tieout.domain.reconciliation.verdict import BROKEN, TIED_OUT
from tieout.store.journal import Misfit, verify_chain

BREAKS_A_PAYOUT = (
    "row doubled", "wrong amount", "wrong currency", "wrong sign", "payout short", "P21 document voided or edited",
    "bank short", "FX off by one unit",
)  # fmt: skip


MEMORY = Path("/dev/shm")  # what is tested is not whether the disk keeps its word


def find_what_is_planted(world: StatementWorld, seed: int, each: int) -> None:
    """Plant, look with the product's own processes, and compare: every defect, and no other."""
    planted = world.planted = plant(world, seed, each)
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder, books_of(world, Path(folder)) as books:
        books.take_in()
        books.link_documents()
        books.edit_behind_our_back()
        assert broken(books), "the chain of hashes shows that somebody was there"
        world.settled = True
        seen = books.look()
        verdicts = books.verdicts()
    missed = [one for one in planted.defects if one.wanted not in seen]
    assert not missed
    assert seen - {one.wanted for one in planted.defects}.union(*(one.also for one in planted.defects)) == set()
    assert set(Counter(one.kind for one in planted.defects).values()) == {each}
    wrong = sum(one.kind in BREAKS_A_PAYOUT for one in planted.defects)
    assert verdicts == {BROKEN: wrong, TIED_OUT: world.payouts_count - wrong}


def broken(books: Books) -> Misfit | None:
    """The first entry that is not what was posted."""
    with books.ports.books.reading() as db:
        return verify_chain(db)
