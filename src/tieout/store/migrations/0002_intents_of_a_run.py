"""The intents of a run are found without reading every intent that was ever kept."""

DATABASE = "books"
STATEMENTS = ("CREATE INDEX intents_run ON intents (run)",)
