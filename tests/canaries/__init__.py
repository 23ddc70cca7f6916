"""Bugs planted on purpose, each with the harness that must find it."""
