"""The two databases: the inbox, and the books with everything else."""

from __future__ import annotations

import sqlalchemy as sa

inbox_tables = sa.MetaData(info={"database": "inbox"})
book_tables = sa.MetaData(info={"database": "books"})


def add_only(table: sa.Table, words: str, *, columns: str = "") -> None:
    """Let the database refuse a change of a row of that table (of these columns, or of all) and its removal."""
    of = f" OF {columns}" if columns else ""
    for verb, only in (("UPDATE", of), ("DELETE", "")):
        trigger = sa.DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb}{only} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )
        sa.event.listen(table, "after_create", trigger.execute_if(dialect="sqlite"))
