"""What a record stands for is kept with its intent: two kinds of record for one sale are seen before the second is written."""

DATABASE = "books"
STATEMENTS = (
    "ALTER TABLE intents ADD COLUMN subject TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX intents_subject ON intents (subject)",
)
