"""Workflows as a person draws them: definitions, edits, checks and the plan of the next step."""
