"""The hands that reach other systems: one folder each, one wire, no use case."""
