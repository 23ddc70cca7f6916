"""Which installation the books belong to, and what must be known of it before anything is written."""

DATABASE = "books"
STATEMENTS = (
    """CREATE TABLE installation (id TEXT NOT NULL, generation INTEGER NOT NULL,
       seen_at FLOAT NOT NULL, settles_anew BOOLEAN NOT NULL, PRIMARY KEY (id))""",
)
