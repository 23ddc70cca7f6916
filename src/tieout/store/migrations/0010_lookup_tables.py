"""Look-up tables stand apart from workflows, with versions of their own."""

DATABASE = "books"
STATEMENTS = (
    """CREATE TABLE lookup_rows ( name TEXT NOT NULL, "key" TEXT NOT NULL, value TEXT NOT NULL, unit TEXT NOT NULL,
       PRIMARY KEY (name, "key") )""",
    """CREATE TABLE lookup_versions ( name TEXT NOT NULL, version INTEGER NOT NULL, changes TEXT NOT NULL,
       at FLOAT NOT NULL, user TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (name, version) )""",
)
