"""Statement against books: what is one thing is matched, the rest is a break with a name (accounting C3)."""
