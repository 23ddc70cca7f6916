"""The two databases: the inbox, and the books with everything else."""

from __future__ import annotations

import sqlalchemy as sa

inbox_tables = sa.MetaData(info={"database": "inbox"})
book_tables = sa.MetaData(info={"database": "books"})
