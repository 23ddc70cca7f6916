"""Which installation the inbox belongs to: an inbox of another one is refused."""

DATABASE = "inbox"
STATEMENTS = (
    """CREATE TABLE installation (id TEXT NOT NULL, generation INTEGER NOT NULL,
       seen_at FLOAT NOT NULL, settles_anew BOOLEAN NOT NULL, PRIMARY KEY (id))""",
)
