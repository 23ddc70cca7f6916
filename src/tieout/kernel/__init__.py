"""The words everything is said in: money, failures, references, time. No I/O, nothing of ours below."""
