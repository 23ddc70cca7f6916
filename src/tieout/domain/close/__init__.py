"""The close of a period: what must be proven, who signs, and what the evidence is (accounting C9)."""
