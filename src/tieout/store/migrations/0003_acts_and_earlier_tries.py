"""Acts of people are kept, and how a run had ended before it was replayed."""

DATABASE = "books"
STATEMENTS = (
    """CREATE TABLE earlier_tries ( run TEXT NOT NULL, number INTEGER NOT NULL, version INTEGER NOT NULL,
       node TEXT NOT NULL, code TEXT NOT NULL, sentence TEXT NOT NULL, detail TEXT NOT NULL, ended_at
       FLOAT, replayed_at FLOAT NOT NULL, PRIMARY KEY (run, number) )""",
    """CREATE TABLE earlier_steps ( run TEXT NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL, place
       INTEGER NOT NULL, type TEXT NOT NULL, wrote BOOLEAN NOT NULL, outcome TEXT NOT NULL, at FLOAT NOT
       NULL, PRIMARY KEY (run, number, path) )""",
    """CREATE TABLE acts ( seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at FLOAT NOT NULL, user TEXT NOT
       NULL, name TEXT NOT NULL, approver TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL, "before"
       TEXT NOT NULL, "after" TEXT NOT NULL, reason TEXT NOT NULL )""",
    "CREATE INDEX acts_about ON acts (about)",
    """CREATE TRIGGER acts_no_update BEFORE UPDATE OF seq, at, "user", what ON acts BEGIN SELECT
       RAISE(ABORT, 'an act is never changed or deleted'); END""",
    """CREATE TRIGGER acts_no_delete BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'an act is never
       changed or deleted'); END""",
)
