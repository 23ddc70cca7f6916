"""Field maps and the expression language they are written in: text in, values out, nothing else reachable."""
