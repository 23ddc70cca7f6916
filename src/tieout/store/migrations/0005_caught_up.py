"""Until when the list of a connection's past events was read: after an outage or a restore it is read from there on."""

DATABASE = "books"
STATEMENTS = ("CREATE TABLE caught_up (connection TEXT NOT NULL, until FLOAT NOT NULL, PRIMARY KEY (connection))",)
