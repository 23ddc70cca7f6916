"""Real kill -9 of real processes, and proof that the harness can see what it must never find."""
