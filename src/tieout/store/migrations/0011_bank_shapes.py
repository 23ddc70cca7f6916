"""What the columns of each bank account's files are, as a person confirmed it."""

DATABASE = "books"
STATEMENTS = (
    """CREATE TABLE bank_shapes ( account TEXT NOT NULL, shape TEXT NOT NULL, columns TEXT NOT NULL,
       confirmed_by TEXT NOT NULL, confirmed_at FLOAT NOT NULL, PRIMARY KEY (account, shape) )""",
)
