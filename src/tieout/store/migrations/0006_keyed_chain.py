"""The keyed chain of the books, and its keys from before a rotation."""

DATABASE = "books"
STATEMENTS = (
    """CREATE TABLE chain ( seq INTEGER NOT NULL, at FLOAT NOT NULL, kind TEXT NOT NULL, "key" TEXT NOT
       NULL, covers TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (seq) )""",
    "CREATE INDEX chain_begins ON chain (seq) WHERE kind = 'begin'",
    """CREATE TRIGGER chain_no_update BEFORE UPDATE ON chain BEGIN SELECT RAISE(ABORT, 'the chain is never
       changed or cut'); END""",
    """CREATE TRIGGER chain_no_delete BEFORE DELETE ON chain BEGIN SELECT RAISE(ABORT, 'the chain is never
       changed or cut'); END""",
    "CREATE TABLE chain_keys ( name TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (name) )",
)
