"""The one retry policy: exponential back-off with full jitter, and a budget that an outage does not use up."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.kernel.failures import Retry


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Delays grow from ``first_seconds`` by doubling up to ``delay_seconds_max``; at most ``attempts_max`` tries.

    While a system is away the delay stays under ``outage_seconds_max``, so that work resumes soon after it is back.
    """

    first_seconds: float = 1.0
    delay_seconds_max: float = 300.0
    outage_seconds_max: float = 30.0
    attempts_max: int = 14

    def exhausted(self, attempts: int) -> bool:
        """Whether that many failed tries are enough."""
        return attempts >= self.attempts_max

    def delay_seconds(self, attempts: int, dice: float, failure: Retry | None = None) -> float:
        """How long to wait after ``attempts`` failed tries (1 or more).

        ``dice`` is a number in [0, 1): full jitter, so that many runs that failed together do not return together.
        The other side's own wish is a lower bound.
        """
        longest = self.outage_seconds_max if failure and failure.outage else self.delay_seconds_max
        ceiling = min(longest, self.first_seconds * 2.0 ** min(attempts - 1, 30))
        wish = failure.after_seconds or 0.0 if failure else 0.0
        return max(wish, dice * ceiling)


def attempts_after(attempts: int, failure: Retry) -> int:
    """The count of tries that ends a run: a system that is away does not count against it (reliability C18)."""
    return attempts if failure.outage else attempts + 1
