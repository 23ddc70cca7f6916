"""One verb a file, one database transaction each; no network."""
