"""Whether the books are as the product wrote them: the keyed chain, and what it covers (security S50)."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.store import chain
from tieout.store.chain import Head, Keys
from tieout.store.chain_check import Sealed, check_chain
from tieout.store.database import Database


def books_sealed(books: Database, keys: Keys, heads: Sequence[Head] = ()) -> Sealed:
    """Read the whole chain and all rows under it; ``heads`` were kept elsewhere."""
    with books.reading() as db:
        return check_chain(db, keys, heads)


def chain_head(books: Database) -> Head | None:
    """Where the chain stands now."""
    with books.reading() as db:
        return chain.head(db)
