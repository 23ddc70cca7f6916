"""Reads for people and for nodes; they write nothing."""
